//! Words that must not stand in a source: paths of one machine, unfinished or switched-off places, `unsafe`
//! outside its one file, banners.

use crate::tidy::Finding;
use crate::tidy::files::File;
use crate::tidy::source;

/// The one file with hand-written `unsafe`.
const UNSAFE_FILE: &str = "wasm/raw/src/memory.rs";
/// First folders of absolute paths that exist on the writer's machine only. Without slashes, or this list
/// would find itself.
const MACHINE_FOLDERS: &[&str] = &["work", "root", "farm", "home"];
/// Macros and attributes of unfinished or switched-off places, as they stand in code.
const UNFINISHED: &[&str] = &["todo!(", "unimplemented!(", "#[ignore"];
/// The same in JavaScript tests: what follows the name of the test function.
const SWITCHED_OFF: &[&str] = &["skip(", "only(", "todo("];
/// Marks of a comment line.
const COMMENT_MARKS: &[&str] = &["//", "/*", "#"];
/// What banners are drawn with.
const BANNER: &[char] = &['=', '-', '*', '#', '~', '_', '/', '─', '═'];
/// Length of a banner's line; shorter runs are punctuation.
const BANNER_LENGTH_MIN: usize = 4;

/// Findings in a file of any kind.
pub(crate) fn anywhere(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_code = !file.is_data() && !matches!(file.extension(), "md" | "json" | "world");
    for (line, text) in (1..).zip(file.text.lines()) {
        if let Some(folder) = machine_folder(text) {
            let words = format!("path of one machine below `{folder}`; expected a path below the project");
            findings.push(Finding::new(file, line, words));
        }
        if is_code && is_banner(text) {
            findings.push(Finding::new(
                file,
                line,
                "banner comment; expected a file or module for the concept",
            ));
        }
        if matches!(file.extension(), "js" | "mjs")
            && let Some(word) = SWITCHED_OFF.iter().find(|word| text.contains(&format!(".{word}")))
        {
            findings.push(Finding::new(file, line, format!("`.{word}`; expected a test that runs")));
        }
    }
    findings
}

/// Findings in Rust code.
pub(crate) fn rust(file: &File, code: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for word in UNFINISHED {
        for (at, _) in code.match_indices(word) {
            let words = format!("`{word}`; expected finished code and tests that run");
            findings.push(Finding::new(file, source::line_of(code, at), words));
        }
    }
    if file.path != UNSAFE_FILE {
        for at in source::words(code, "unsafe").filter(|&at| !is_attribute(file, code, at)) {
            let words = format!("`unsafe`; expected only in {UNSAFE_FILE}");
            findings.push(Finding::new(file, source::line_of(code, at), words));
        }
    }
    findings
}

/// `#[unsafe(no_mangle)]` says that a name is exported; the C interface cannot do without.
fn is_attribute(file: &File, code: &str, at: usize) -> bool {
    file.path.starts_with("wasm/raw/") && code.get(..at).is_some_and(|before| before.ends_with("#["))
}

/// The folder of a path such as `/folder/...` that begins outside a longer path or address.
fn machine_folder(text: &str) -> Option<&'static str> {
    MACHINE_FOLDERS.iter().copied().find(|folder| {
        let path = format!("/{folder}/");
        text.match_indices(&path).any(|(at, _)| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            !before
                .is_some_and(|c| source::is_name(c) || matches!(c, '.' | '-' | '/' | '}' | '>' | '*' | ':'))
        })
    })
}

/// A comment line that is drawn, not written: its words begin or end with a line of one character.
fn is_banner(text: &str) -> bool {
    let text = text.trim();
    let Some(rest) = COMMENT_MARKS.iter().find_map(|mark| text.strip_prefix(mark)) else { return false };
    let rest = rest.trim_start_matches(['/', '!']).trim();
    let drawn = if rest.is_empty() { text } else { rest };
    let run = |chars: &mut dyn Iterator<Item = char>| {
        let Some(first) = chars.next().filter(|c| BANNER.contains(c)) else { return 0 };
        1 + chars.take_while(|&c| c == first).count()
    };
    run(&mut drawn.chars()) >= BANNER_LENGTH_MIN || run(&mut drawn.chars().rev()) >= BANNER_LENGTH_MIN
}

#[cfg(test)]
mod tests;
