//! What a command of this program consists of, and the words typed after its name.

use crate::failure::Failure;
use crate::project::Project;
use std::collections::VecDeque;

/// One thing a person can ask for.
pub(crate) struct Command {
    /// The word that selects it.
    pub(crate) name: &'static str,
    /// Half a line for the overview; empty for a command that only other commands start.
    pub(crate) summary: &'static str,
    /// The whole answer to `--help`.
    pub(crate) help: &'static str,
    /// Does it.
    pub(crate) run: fn(&Project, Words) -> Result<(), Failure>,
}

/// The words after a command's name, taken one by one from the left.
pub(crate) struct Words {
    command: &'static str,
    rest: VecDeque<String>,
}

impl Words {
    pub(crate) fn new(command: &'static str, words: &[String]) -> Self {
        Self { command, rest: words.iter().cloned().collect() }
    }

    /// The next word, with `--name=value` cut into two.
    pub(crate) fn next(&mut self) -> Option<String> {
        let word = self.rest.pop_front()?;
        match word.split_once('=') {
            Some((name, value)) if name.starts_with("--") => {
                self.rest.push_front(value.to_owned());
                Some(name.to_owned())
            }
            _ => Some(word),
        }
    }

    /// The value that must follow `option`.
    pub(crate) fn value(&mut self, option: &str) -> Result<String, Failure> {
        self.rest
            .pop_front()
            .ok_or_else(|| Failure::MissingValue { option: option.to_owned(), command: self.command })
    }

    /// The refusal of a word this command does not know.
    pub(crate) fn unknown(&self, word: String) -> Failure {
        Failure::UnknownWord { word, command: self.command }
    }

    /// Whatever is left.
    pub(crate) fn rest(self) -> Vec<String> {
        self.rest.into()
    }

    /// Refuses whatever is left.
    pub(crate) fn end(mut self) -> Result<(), Failure> {
        match self.next() {
            None => Ok(()),
            Some(word) => Err(self.unknown(word)),
        }
    }
}
