//! What a module imports and exports, compared with the list of it in `tests/data/modules/`.
//!
//! These lists are what hosts build on: a line that changes is a change for them.

use crate::dist::{Fault, module};
use crate::failure::Failure;
use crate::project::Project;
use std::fs;
use std::path::Path;

const FOLDER: &str = "tests/data/modules";

/// What becomes of the lists.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lists {
    /// They have to be those of the modules.
    Compare,
    /// They are written.
    Renew,
}

impl Lists {
    /// Compares or writes the list called `name` of the module in `bytes`, which lies at `path`.
    ///
    /// # Errors
    /// [`Fault::Module`], [`Fault::Border`] naming the first difference, or a file that cannot be read or written.
    pub(super) fn hold(
        self,
        project: &Project,
        name: &str,
        path: &Path,
        bytes: &[u8],
    ) -> Result<(), Failure> {
        let border = module::border(bytes);
        let found = border.map_err(|cause| Fault::Module { path: path.to_owned(), cause })?.to_string();
        let mut lines: Vec<String> = found.lines().map(|line| format!("{}\n", without_hash(line))).collect();
        // Of two names that are alike without their hash, neither comes first.
        lines.sort_by(|a, b| a.starts_with('e').cmp(&b.starts_with('e')).then_with(|| a.cmp(b)));
        self.hold_text(project, name, &lines.concat())
    }

    /// The same of a list that is text already.
    ///
    /// # Errors
    /// As [`Lists::hold`].
    pub(super) fn hold_text(self, project: &Project, name: &str, found: &str) -> Result<(), Failure> {
        let list = project.root().join(FOLDER).join(format!("{name}.txt"));
        if self == Self::Renew {
            return super::write(&list, found.as_bytes());
        }
        let expected = match fs::read_to_string(&list) {
            Ok(text) => text,
            Err(cause) => return Err(Failure::Read { path: list, cause }),
        };
        match difference(&expected, found) {
            None => Ok(()),
            Some(line) => Err(Fault::Border { list, line }.into()),
        }
    }
}

/// A line without the hash at the end of a name, which the glue generator adds: `__wbg_now_25c39b60c3c4ffef`.
fn without_hash(line: &str) -> String {
    let Some((name, what)) = line.split_once(": ") else { return line.to_owned() };
    let is_hash = |end: &str| end.len() == 16 && end.bytes().all(|byte| byte.is_ascii_hexdigit());
    match name.rsplit_once('_') {
        Some((name, end)) if is_hash(end) => format!("{name}: {what}"),
        _ => line.to_owned(),
    }
}

/// The first line that only one of the two has, `+` before what is new and `-` before what is gone.
fn difference(expected: &str, found: &str) -> Option<String> {
    let lost = expected.lines().find(|line| !found.lines().any(|one| one == *line));
    let new = found.lines().find(|line| !expected.lines().any(|one| one == *line));
    match (lost, new) {
        (Some(lost), _) => Some(format!("-{lost}")),
        (None, Some(new)) => Some(format!("+{new}")),
        (None, None) => (expected != found).then(|| "other order or number of lines".to_owned()),
    }
}

#[cfg(test)]
mod tests;
