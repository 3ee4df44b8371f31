use super::check;
use crate::tidy::files::File;

fn project(map: &str) -> Vec<File> {
    let text = "[package]\nname = \"cohort-core\"\n";
    [("README.md", ""), ("core/Cargo.toml", text), ("core/src/lib.rs", ""), ("docs/ARCHITECTURE.md", map)]
        .map(|(path, text)| File { path: path.to_owned(), text: text.to_owned() })
        .into()
}

#[track_caller]
fn findings(map: &str) -> Vec<String> {
    check(&project(map)).iter().map(ToString::to_string).collect()
}

#[test]
fn a_true_map_has_no_findings() {
    assert!(
        findings("| `core/` | `cohort-core` | ids |\n`core/src/` `target/x/` `{org}/` `a b/` `dist/`")
            .is_empty()
    );
}

#[test]
fn a_folder_that_is_gone_is_found() {
    assert_eq!(
        findings("`core/` `cohort-core`\n`kernel/`"),
        ["docs/ARCHITECTURE.md:2: folder `kernel/` does not exist; expected only folders of the project"]
    );
}

#[test]
fn a_crate_that_is_not_named_is_found() {
    assert_eq!(
        findings("`core/` only"),
        ["docs/ARCHITECTURE.md:1: `cohort-core` is not on the map; expected every crate, folder and package"]
    );
}

#[test]
fn missing_pages_are_found() {
    let paths: Vec<String> = check(&[]).into_iter().map(|finding| finding.path).collect();
    assert_eq!(paths, ["docs/ARCHITECTURE.md", "README.md"]);
}
