//! Inside a crate, files stand on floors and import only downwards.
//!
//! [`HOUSES`] is the table of docs/ARCHITECTURE.md as data. A module may name modules of lower floors and those
//! to its left on its own floor, so that no two modules can ever need each other. `lib.rs` and `main.rs` stand
//! on the roof. Tests may look anywhere. The first two floors of `core` are all that a wasm face links.

use crate::tidy::Finding;
use crate::tidy::files::File;
use crate::tidy::paths::{self, Path};
use crate::tidy::source;

/// One crate with floors.
struct House {
    /// Folder of its sources, ending in `/`.
    sources: &'static str,
    /// Lowest floor first; within a floor, what stands further left is deeper.
    floors: &'static [&'static [&'static str]],
}

const HOUSES: &[House] = &[
    House {
        sources: "core/src/",
        floors: &[
            &["limits", "say", "id"],
            &["view", "decide", "explain", "who_can"],
            &["times", "attribute"],
            &["rule"],
            &["model", "change"],
            &["graph"],
            &["encode"],
        ],
    },
    House {
        sources: "scim/protocol/src/",
        floors: &[
            &["limits", "error", "dialect"],
            &["schema", "body"],
            &["value", "filter", "path"],
            &["member", "patch"],
            &["projection", "resource", "list", "discovery", "bulk"],
        ],
    },
    House {
        sources: "scim/directory/src/",
        floors: &[
            &["limits", "tally", "ambient", "moment", "fold", "effort", "error", "turn"],
            &["audit", "store"],
            &["store::sqlite", "store::postgres"],
            &["cursor", "trails", "signing", "token", "caller", "doors"],
            &["profile", "slug", "lookup", "org"],
            &["work", "groups", "members", "access", "users", "connections", "provision"],
            &["readers", "folder", "publish", "writer", "journal", "directory"],
        ],
    },
    House {
        sources: "scim/server/src/",
        floors: &[
            &["config", "error", "stopping", "rate"],
            &["app", "journal", "auth"],
            &["request", "reply", "question"],
            &["http"],
            &["routes", "listen"],
            &["cli"],
        ],
    },
];

/// Modules of other crates that a crate must not name.
struct Wall {
    sources: &'static str,
    root: &'static str,
    never: &'static [&'static str],
    reason: &'static str,
}

const WALLS: &[Wall] = &[Wall {
    sources: "scim/server/src/",
    root: "cohort_core",
    never: &["graph", "Graph", "encode"],
    reason: "the use cases of cohort_directory",
}];

/// The imports of one Rust file that go up, and the modules that have no floor.
pub(crate) fn check(file: &File, code: &str) -> Vec<Finding> {
    if file.is_test() {
        return Vec::new();
    }
    let code = source::without_tests(code);
    let mut findings = walls(file, &code);
    if let Some(house) = HOUSES.iter().find(|house| file.path.starts_with(house.sources)) {
        findings.extend(house.check(file, &code));
    }
    findings
}

fn walls(file: &File, code: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for wall in WALLS.iter().filter(|wall| file.path.starts_with(wall.sources)) {
        for path in paths::below(code, wall.root) {
            let Some(first) = path.segments.first().filter(|first| wall.never.contains(&first.as_str()))
            else {
                continue;
            };
            let words = format!("`{}::{first}` in {}; expected {}", wall.root, wall.sources, wall.reason);
            findings.push(Finding::new(file, path.line, words));
        }
    }
    findings
}

/// A place in a house: the floor, and how far to the right on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    floor: usize,
    from_left: usize,
}

impl House {
    fn check(&self, file: &File, code: &str) -> Vec<Finding> {
        let module = module_of(file.path.strip_prefix(self.sources).unwrap_or_default());
        let Some(first) = module.first() else { return Vec::new() };
        let Some((name, place)) = self.room(&module) else {
            let words =
                format!("module `{first}` has no floor; expected a line for it in the table of floors");
            return vec![Finding::new(file, 1, words)];
        };
        let mut findings = Vec::new();
        for path in imports(code, &module) {
            // A path below the root that is no module is an item of lib.rs, such as a macro.
            let Some((other, below)) = self.room(&path.segments) else { continue };
            if other == name {
                continue;
            }
            if below >= place {
                let words = format!(
                    "`{name}` (floor {}) imports `{other}` (floor {}); expected only lower floors, or further left",
                    place.floor, below.floor
                );
                findings.push(Finding::new(file, path.line, words));
            }
        }
        findings
    }

    /// The entry of the table that a path belongs to: the longest one that begins it.
    fn room(&self, path: &[String]) -> Option<(&'static str, Place)> {
        let mut best: Option<(&'static str, Place)> = None;
        for (floor, modules) in self.floors.iter().enumerate() {
            for (from_left, &name) in modules.iter().enumerate() {
                let begins =
                    name.split("::").zip(path).filter(|(a, b)| a == b).count() == name.split("::").count();
                if begins && best.is_none_or(|(longest, _)| longest.len() < name.len()) {
                    best = Some((name, Place { floor, from_left }));
                }
            }
        }
        best
    }
}

/// `store/sqlite.rs` is the module `store::sqlite`; `lib.rs` and `main.rs` are the root, an empty path.
fn module_of(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if matches!(path, "lib" | "main") {
        return Vec::new();
    }
    path.split('/').map(str::to_owned).collect()
}

/// What a module names of its own crate, by `crate::` or by `super::`, as paths from the root.
fn imports(code: &str, module: &[String]) -> Vec<Path> {
    let mut found = paths::below(code, "crate");
    for mut path in paths::below(code, "super") {
        let ups = path.segments.iter().take_while(|segment| *segment == "super").count();
        let above = module.len().saturating_sub(1 + ups);
        let mut segments = module.get(..above).unwrap_or_default().to_vec();
        segments.extend(path.segments.drain(ups..));
        found.push(Path { line: path.line, segments });
    }
    found
}

#[cfg(test)]
mod tests;
