//! Pages by cursor (RFC 9865): all of them once, and three of them again and again.

use std::collections::BTreeSet;

use serde_json::Value;

use super::fill::Filled;
use super::report::{Row, Rule};
use super::rows::Cost;
use super::{Place, said, text, told};
use crate::failure::Failure;

/// Users on a page.
const PAGE: usize = 100;
/// Pages of one sample.
const SAMPLE: usize = 50;

/// What pages cost at three places of a walk over all users; the walk is complete and gives each of them once.
///
/// # Errors
/// [`Failure::Program`] naming a user that came twice, or how many came.
pub(super) async fn measure(place: &Place, filled: &Filled) -> Result<(Vec<Row>, Rule), Failure> {
    let cursors = walk(place, filled).await?;
    let full: Vec<&String> = cursors.iter().take(filled.users.len() / PAGE).collect();
    let at = |index: usize| full.get(index).copied();
    let mut places = vec![("start", at(0))];
    if full.len() >= 3 {
        places.extend([("middle", at(full.len() / 2)), ("end", at(full.len() - 1))]);
    }
    let mut rows = Vec::new();
    for (part, cursor) in places {
        let Some(cursor) = cursor else { continue };
        let mut cost = Cost::new();
        while cost.is_rough() {
            let sample = async {
                for _ in 0..SAMPLE {
                    place.client.get(&path(cursor)).await?;
                }
                Ok(())
            };
            cost.add(&place.meter, SAMPLE, sample).await?;
        }
        rows.push(told(filled, cost.row(format!("page of {PAGE}, {part} of the walk"))));
    }
    let found = filled.users.len() + filled.newcomers.len();
    let rule = Rule {
        name: format!("a listing is complete with each id once, {} users", filled.users.len()),
        holds: true,
        figures: format!("{found} of {found} in {} pages", cursors.len()),
    };
    Ok((rows, rule))
}

fn path(cursor: &str) -> String {
    format!("/Users?count={PAGE}&cursor={cursor}")
}

/// The cursor of each page, the empty one of the first included.
async fn walk(place: &Place, filled: &Filled) -> Result<Vec<String>, Failure> {
    let expected: BTreeSet<&String> = filled.users.iter().chain(&filled.newcomers).collect();
    let mut found = BTreeSet::new();
    let mut cursors = vec![String::new()];
    while let Some(cursor) = cursors.last() {
        let page = place.client.get(&path(cursor)).await?;
        for user in page.get("Resources").and_then(Value::as_array).into_iter().flatten() {
            if !found.insert(text(user, "id").to_owned()) {
                return Err(said(format!("listed twice: {user}")));
            }
        }
        match text(&page, "nextCursor") {
            "" => break,
            next => cursors.push(next.to_owned()),
        }
    }
    if found.len() != expected.len() || !expected.iter().all(|id| found.contains(*id)) {
        return Err(said(format!("{} users listed; expected {}", found.len(), expected.len())));
    }
    Ok(cursors)
}
