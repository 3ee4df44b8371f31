//! What each crate may depend on, read from its Cargo.toml.

use crate::tidy::Finding;
use crate::tidy::files::File;

/// What a room allows.
enum Rule {
    /// Nothing but these; where some are named, tests may use others.
    Only(&'static [&'static str]),
    /// Anything but these.
    Never(&'static [&'static str]),
}

/// HTTP as libraries spell it.
const HTTP: &[&str] = &["axum", "hyper", "http", "tower", "tower-http", "reqwest", "cohort-server"];
const SQL: &[&str] = &["rusqlite", "tokio-postgres", "deadpool-postgres"];
const TESTS: &[&str] = &["cohort-tests", "cohort-oracle"];
const SERVER_SIDE: &[&str] = &["cohort-scim", "cohort-directory", "cohort-server"];

/// The rules by folder of the crate; a folder ending in `/` stands for all crates below it.
const RULES: &[(&str, Rule)] = &[
    ("core", Rule::Only(&["serde"])),
    ("core/verify", Rule::Only(&["cohort-core", "ed25519-dalek", "sha2"])),
    ("wasm/", Rule::Never(SERVER_SIDE)),
    ("wasm/", Rule::Never(&["cohort-raw", "cohort-wasm", "cohort-component", "cohort-proxy"])),
    ("scim/protocol", Rule::Never(&["tokio", "cohort-core", "cohort-directory"])),
    ("scim/protocol", Rule::Never(SQL)),
    ("scim/protocol", Rule::Never(HTTP)),
    ("scim/directory", Rule::Never(HTTP)),
    ("scim/server", Rule::Never(SQL)),
    ("host-example", Rule::Never(SERVER_SIDE)),
    ("tests/oracle", Rule::Only(&[])),
    ("core/", Rule::Never(TESTS)),
    ("wasm/", Rule::Never(TESTS)),
    ("scim/", Rule::Never(TESTS)),
    ("host-example", Rule::Never(TESTS)),
    ("xtask", Rule::Only(&["wasm-bindgen-cli-support", "wit-component", "brotli", "flate2"])),
];

/// Findings in the Cargo.toml of every member of the workspace.
pub(crate) fn check(files: &[File]) -> Vec<Finding> {
    files.iter().filter(|file| is_member(file)).flat_map(of_member).collect()
}

/// The manifests of the workspace's crates, not that of the workspace itself.
pub(crate) fn is_member(file: &File) -> bool {
    file.path.ends_with("/Cargo.toml") && !file.path.starts_with("fuzz/") && !file.is_data()
}

/// The folder of a manifest.
pub(crate) fn folder(file: &File) -> &str {
    file.path.strip_suffix("/Cargo.toml").unwrap_or_default()
}

/// The name in `[package]`.
pub(crate) fn package(file: &File) -> Option<&str> {
    entries(&file.text)
        .find(|entry| entry.section == "package" && entry.key == "name")
        .map(|entry| entry.value.trim_matches('"'))
}

fn of_member(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entry in entries(&file.text) {
        let Some(name) = entry.dependency() else { continue };
        for (_, rule) in RULES.iter().filter(|(room, _)| stands_for(room, folder(file))) {
            if let Some(expected) = rule.broken_by(name, entry.for_tests()) {
                findings.push(Finding::new(
                    file,
                    entry.line,
                    format!("dependency `{name}`; expected {expected}"),
                ));
            }
        }
    }
    if !entries(&file.text)
        .any(|entry| entry.section == "lints" && entry.key == "workspace" && entry.value == "true")
    {
        findings.push(Finding::new(file, 1, "no shared lints; expected `[lints]` with `workspace = true`"));
    }
    findings
}

fn stands_for(room: &str, folder: &str) -> bool {
    room.strip_suffix('/').map_or(room == folder, |above| folder == above || folder.starts_with(room))
}

impl Rule {
    fn broken_by(&self, name: &str, for_tests: bool) -> Option<String> {
        match self {
            Self::Only([]) => Some("none".to_owned()),
            Self::Only(names) => {
                (!for_tests && !names.contains(&name)).then(|| format!("only {}", names.join(", ")))
            }
            Self::Never(names) => names.contains(&name).then(|| format!("none of {}", names.join(", "))),
        }
    }
}

/// One `key = value`, or the head of a section that is a table of its own.
#[derive(Debug, PartialEq, Eq)]
struct Entry<'a> {
    line: usize,
    section: &'a str,
    key: &'a str,
    value: &'a str,
}

impl<'a> Entry<'a> {
    fn for_tests(&self) -> bool {
        self.section.split('.').any(|part| part == "dev-dependencies")
    }

    /// The crate that this entry depends on: `name = "1"`, `name.workspace = true`, `[dependencies.name]`, also
    /// for one target only, for building or for tests.
    fn dependency(&self) -> Option<&'a str> {
        const KINDS: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];
        let is_kind = |section: &str| KINDS.contains(&section.rsplit('.').next().unwrap_or_default());
        let name = if is_kind(self.section) {
            self.key.split('.').next()?
        } else {
            let (section, name) = self.section.rsplit_once('.')?;
            (self.key.is_empty() && is_kind(section)).then_some(name)?
        };
        // The package's own name stands in `package = "..."` where the key renames it.
        let renamed = self.value.split_once("package = \"").and_then(|(_, rest)| rest.split('"').next());
        Some(renamed.unwrap_or(name.trim_matches('"'))).filter(|name| !name.is_empty())
    }
}

/// The entries of a manifest. Values over several lines count by their first.
fn entries(text: &str) -> impl Iterator<Item = Entry<'_>> {
    let mut section = "";
    (1..).zip(text.lines()).filter_map(move |(line, text)| {
        let text = text.split(" #").next().unwrap_or_default().trim();
        if let Some(head) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            section = head.trim_matches(['[', ']']);
            return Some(Entry { line, section, key: "", value: "" });
        }
        let (key, value) = text.split_once('=').filter(|_| !text.starts_with('#'))?;
        Some(Entry { line, section, key: key.trim(), value: value.trim() })
    })
}

#[cfg(test)]
mod tests;
