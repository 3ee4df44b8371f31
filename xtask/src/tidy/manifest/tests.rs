use super::{check, package};
use crate::tidy::files::File;

const LINTS: &str = "\n[lints]\nworkspace = true\n";

#[track_caller]
fn findings(folder: &str, text: &str) -> Vec<String> {
    let file = File { path: format!("{folder}/Cargo.toml"), text: format!("{text}{LINTS}") };
    check(&[file]).iter().map(ToString::to_string).collect()
}

#[test]
fn a_dependency_outside_the_list_is_found() {
    assert!(findings("core", "[dependencies]\nserde = { workspace = true, optional = true }").is_empty());
    assert_eq!(
        findings("core", "[dependencies]\nserde.workspace = true\nrand = \"1\""),
        ["core/Cargo.toml:3: dependency `rand`; expected only serde"]
    );
}

#[test]
fn the_oracle_has_no_dependency() {
    assert!(findings("tests/oracle", "[dependencies]").is_empty());
    assert_eq!(
        findings("tests/oracle", "[dependencies]\ncohort-core.workspace = true"),
        ["tests/oracle/Cargo.toml:2: dependency `cohort-core`; expected none"]
    );
}

#[test]
fn every_spelling_of_a_dependency_is_read() {
    for text in [
        "[dependencies]\naxum = \"0.8\"",
        "[dependencies]\naxum.workspace = true",
        "[dependencies.axum]\nversion = \"0.8\"",
        "[dev-dependencies]\naxum = \"0.8\" # only in tests",
        "[target.'cfg(unix)'.dependencies]\naxum = \"0.8\"",
        "[dependencies]\nweb = { package = \"axum\", version = \"0.8\" }",
    ] {
        assert_eq!(findings("scim/directory", text).len(), 1, "{text}");
    }
}

#[test]
fn words_elsewhere_are_no_dependencies() {
    assert!(
        findings("scim/directory", "# axum = 1\n[features]\naxum = []\n[package]\ndescription = \"no axum\"")
            .is_empty()
    );
}

#[test]
fn product_crates_never_depend_on_tests() {
    for folder in ["core/verify", "wasm/js", "scim/server", "host-example"] {
        assert!(
            !findings(folder, "[dev-dependencies]\ncohort-tests.workspace = true").is_empty(),
            "{folder}"
        );
    }
    assert!(findings("tests", "[dependencies]\ncohort-oracle.workspace = true").is_empty());
}

#[test]
fn shared_lints_are_expected() {
    let file =
        File { path: "tests/Cargo.toml".to_owned(), text: "[package]\nname = \"cohort-tests\"\n".to_owned() };
    assert_eq!(
        check(std::slice::from_ref(&file)).iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["tests/Cargo.toml:1: no shared lints; expected `[lints]` with `workspace = true`"]
    );
    assert_eq!(package(&file), Some("cohort-tests"));
}
