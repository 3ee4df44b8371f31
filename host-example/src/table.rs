//! Questions and answers side by side.

use core::fmt;

use crate::event::Moment;
use crate::watch::Watch;

/// All answers of a watch, as lines of a table: question, answer with its reason, how long it holds.
#[derive(Debug)]
pub struct Table<'a>(pub &'a Watch);

impl fmt::Display for Table<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<(String, &str, String)> = self
            .0
            .answers()
            .filter_map(|(ask, told)| {
                let told = told?;
                Some((ask.to_string(), told.text.as_str(), Moment(told.valid_until).to_string()))
            })
            .collect();
        let widest = |cells: &mut dyn Iterator<Item = &str>, title: &str| {
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0).max(title.len())
        };
        let asks = widest(&mut rows.iter().map(|(ask, ..)| ask.as_str()), "question");
        let texts = widest(&mut rows.iter().map(|(_, text, _)| *text), "answer");
        writeln!(out, "{:asks$}  {:texts$}  holds until", "question", "answer")?;
        for (ask, text, until) in &rows {
            writeln!(out, "{ask:asks$}  {text:texts$}  {until}")?;
        }
        Ok(())
    }
}
