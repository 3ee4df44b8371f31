//! No file and no function outgrows its room.

use crate::tidy::Finding;
use crate::tidy::files::File;
use crate::tidy::source;

/// Lines of a source file: more than this and it holds several concepts.
const FILE_LINES_MAX: usize = 600;
/// Lines of a function from `fn` to its closing brace: more than this and it fits on no screen.
const FUNCTION_LINES_MAX: usize = 70;
/// Lines of the README: what a newcomer reads in one sitting.
const README_LINES_MAX: usize = 150;
/// Files of code; documents and data may be longer.
const CODE: &[&str] = &["rs", "js", "mjs", "ts", "py", "sh", "sql", "run"];

/// A file that is too long.
pub(crate) fn file(file: &File) -> Vec<Finding> {
    let max = match file.path.as_str() {
        "README.md" => README_LINES_MAX,
        _ if CODE.contains(&file.extension()) && !file.is_data() => FILE_LINES_MAX,
        _ => return Vec::new(),
    };
    let lines = file.text.lines().count();
    if lines <= max {
        return Vec::new();
    }
    vec![Finding::new(file, max + 1, format!("{lines} lines; expected at most {max}"))]
}

/// The functions of a Rust file that are too long; a table of test cases may be as long as its cases.
pub(crate) fn functions(file: &File, code: &str) -> Vec<Finding> {
    if file.is_test() {
        return Vec::new();
    }
    source::words(code, "fn").filter_map(|at| function(file, code, at)).collect()
}

fn function(file: &File, code: &str, at: usize) -> Option<Finding> {
    let rest = code.get(at + "fn".len()..)?.trim_start();
    let name: String = rest.chars().take_while(|&c| source::is_name(c)).collect();
    // `fn(u8) -> u8` is a type.
    if name.is_empty() {
        return None;
    }
    let line = source::line_of(code, at);
    let lines = source::line_of(code, source::end_of_item(code, at)?) - line + 1;
    let words = format!("function `{name}` has {lines} lines; expected at most {FUNCTION_LINES_MAX}");
    (lines > FUNCTION_LINES_MAX).then(|| Finding::new(file, line, words))
}

#[cfg(test)]
mod tests;
