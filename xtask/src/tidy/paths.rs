//! The paths that a source names below a root such as `crate` or `cohort_core`.

use crate::tidy::source;

/// One path, without its root.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// Counted from 1.
    pub(crate) line: usize,
    pub(crate) segments: Vec<String>,
}

/// Nesting of `use` trees that is followed; deeper ones are not written by people.
const TREE_DEPTH_MAX: usize = 8;

/// All paths in `code` that begin with `root::`, the trees of `use` unfolded.
pub(crate) fn below(code: &str, root: &str) -> Vec<Path> {
    let mut paths = Vec::new();
    for at in source::words(code, root) {
        let line = source::line_of(code, at);
        let Some(mut rest) = code.get(at + root.len()..).and_then(after_colons) else { continue };
        let mut found = Vec::new();
        tree(&mut rest, &[], TREE_DEPTH_MAX, &mut found);
        paths.extend(found.into_iter().map(|segments| Path { line, segments }));
    }
    paths
}

/// Reads one tree such as `a::{b, c::d}` off the front of `rest`.
fn tree(rest: &mut &str, prefix: &[String], depth: usize, found: &mut Vec<Vec<String>>) {
    let mut path = prefix.to_vec();
    loop {
        *rest = rest.trim_start();
        if let Some(inner) = rest.strip_prefix('{') {
            *rest = inner;
            if depth > 0 {
                group(rest, &path, depth - 1, found);
            }
            return;
        }
        let length = rest.find(|c| !source::is_name(c)).unwrap_or(rest.len());
        let (name, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        if !name.is_empty() {
            path.push(name.to_owned());
        }
        *rest = behind;
        match after_colons(rest) {
            Some(next) if !name.is_empty() => *rest = next,
            _ => {
                found.push(path);
                return;
            }
        }
    }
}

fn group(rest: &mut &str, prefix: &[String], depth: usize, found: &mut Vec<Vec<String>>) {
    loop {
        *rest = rest.trim_start();
        if let Some(behind) = rest.strip_prefix('}') {
            *rest = behind;
            return;
        }
        if rest.is_empty() {
            return;
        }
        tree(rest, prefix, depth, found);
        // What follows a name, such as `as other` or `*`, is of no interest.
        let end = rest.find([',', '}']).unwrap_or(rest.len());
        let behind = rest.get(end..).unwrap_or_default();
        *rest = behind.strip_prefix(',').unwrap_or(behind);
    }
}

fn after_colons(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix("::").map(str::trim_start)
}

#[cfg(test)]
mod tests;
