//! docs/ARCHITECTURE.md is a map: every crate is on it, and every folder on it exists.

use crate::tidy::Finding;
use crate::tidy::files::File;
use crate::tidy::manifest;

const MAP: &str = "docs/ARCHITECTURE.md";
const README: &str = "README.md";
/// Folders that commands make; the map may name them.
const MADE: &[&str] = &["target/", "dist/"];

/// Folders on the map that are not there, crates that are not on it, and the two pages if they are missing.
pub(crate) fn check(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in [MAP, README] {
        if !files.iter().any(|file| file.path == page) {
            let words = "not found; expected the page a newcomer opens first".to_owned();
            findings.push(Finding { path: page.to_owned(), line: 1, words });
        }
    }
    if let Some(map) = files.iter().find(|file| file.path == MAP) {
        findings.extend(lost_folders(map, files));
        findings.extend(lost_crates(map, files));
    }
    findings
}

fn lost_folders(map: &File, files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, text) in (1..).zip(map.text.lines()) {
        for folder in folders(text) {
            if !MADE.iter().any(|made| folder.starts_with(made))
                && !files.iter().any(|file| file.path.starts_with(folder))
            {
                let words = format!("folder `{folder}` does not exist; expected only folders of the project");
                findings.push(Finding::new(map, line, words));
            }
        }
    }
    findings
}

fn lost_crates(map: &File, files: &[File]) -> Vec<Finding> {
    files
        .iter()
        .filter(|file| manifest::is_member(file))
        .flat_map(|file| {
            [format!("{}/", manifest::folder(file)), manifest::package(file).unwrap_or_default().to_owned()]
        })
        .filter(|name| !map.text.contains(&format!("`{name}`")))
        .map(|name| {
            Finding::new(
                map,
                1,
                format!("`{name}` is not on the map; expected every crate, folder and package"),
            )
        })
        .collect()
}

/// The words in backticks that end in `/` and are plain paths.
fn folders(text: &str) -> impl Iterator<Item = &str> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.');
    text.split('`')
        .skip(1)
        .step_by(2)
        .filter(move |word| word.ends_with('/') && !word.starts_with('/') && word.chars().all(is_plain))
}

#[cfg(test)]
mod tests;
