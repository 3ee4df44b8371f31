//! From a world in which both sides differ to the least one.

use super::compare::Difference;
use super::pair::{Depth, Pair};
use super::question::{NOW, Question};

/// Drops statements, words of statements and parts of the question for as long as the case is `still` what it was,
/// and gives what is left.
#[must_use]
pub fn shrink(mut case: Case, still: impl Fn(&Case) -> bool) -> Case {
    loop {
        let before = case.clone();
        for at in (0..case.lines.len()).rev() {
            let mut less = case.clone();
            less.lines.remove(at);
            if still(&less) {
                case = less;
            }
        }
        if let Some(simple) = case.simpler_questions().into_iter().find(&still) {
            case = simple;
        }
        for at in 0..case.lines.len() {
            if let Some(plain) = case.plainer_lines(at).into_iter().find(&still) {
                case = plain;
            }
        }
        if case == before {
            return case;
        }
    }
}

/// A world, and what is asked at its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    /// The statements told.
    pub lines: Vec<String>,
    /// The states after the last line may differ without a question.
    pub question: Option<Question>,
}

impl Case {
    /// How both sides differ.
    #[must_use]
    pub fn difference(&self) -> Option<Difference> {
        let pair = match Pair::of(&self.lines) {
            Ok(pair) => pair,
            Err(difference) => return Some(difference),
        };
        pair.ask(self.question.as_ref()?, Depth::Explanation).err()
    }

    /// The case as a world file, with the answer of the oracle.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = self.lines.join("\n");
        if let (Some(question), Ok(pair)) = (&self.question, Pair::of(&self.lines)) {
            text.push('\n');
            text.push_str(&question.line(&pair.expected_words(question)));
        }
        text
    }

    /// The case with one part of the question less, each in turn.
    fn simpler_questions(&self) -> Vec<Self> {
        let Some(question) = &self.question else { return Vec::new() };
        let one = || question.clone();
        let mut all = vec![
            Question { within: None, ..one() },
            Question { conditions: Vec::new(), ..one() },
            Question { scope: "org".to_owned(), ..one() },
            Question { by_id: false, ..one() },
            Question { of_later_revision: false, ..one() },
            Question { at: NOW, ..one() },
        ];
        all.retain(|simpler| simpler != question);
        all.into_iter().map(|question| Self { question: Some(question), ..self.clone() }).collect()
    }

    /// The case with fewer words in one line, the shortest first; what a side refuses is not shorter, but gone.
    fn plainer_lines(&self, at: usize) -> Vec<Self> {
        let Some(line) = self.lines.get(at) else { return Vec::new() };
        let blanks = || line.match_indices(' ').map(|(at, _)| at);
        let mut all = Vec::new();
        for from in blanks() {
            let ends = blanks().filter(|at| *at > from).chain([line.len()]);
            let cut = |to: usize| Some(format!("{}{}", line.get(..from)?, line.get(to..)?));
            all.extend(ends.filter_map(cut));
        }
        all.sort_by_key(String::len);
        let with = |plain: String| {
            let mut lines = self.lines.clone();
            lines.splice(at..=at, [plain]);
            Self { lines, question: self.question.clone() }
        };
        all.into_iter().map(with).collect()
    }
}
