use super::{anywhere, is_banner, machine_folder, rust};
use crate::tidy::files::File;
use crate::tidy::source::code_only;

#[track_caller]
fn found_in_rust(path: &str, text: &str) -> Vec<String> {
    let file = File { path: path.to_owned(), text: text.to_owned() };
    rust(&file, &code_only(text)).iter().map(ToString::to_string).collect()
}

/// Built at run time: as literals these paths would be findings themselves.
fn below(folder: &str) -> String {
    format!("/{folder}/project")
}

#[test]
fn paths_of_one_machine_are_found() {
    for folder in ["work", "root", "home"] {
        assert_eq!(machine_folder(&format!("see `{}`", below(folder))), Some(folder));
        assert_eq!(machine_folder(&below(folder)), Some(folder));
    }
}

#[test]
fn folders_of_the_same_name_elsewhere_are_not() {
    for text in
        ["tests/work/x", "https://example.com/work/x", "../root/x", "the /Users/ endpoint", "{base}/work/x"]
    {
        assert_eq!(machine_folder(text), None, "{text}");
    }
}

#[test]
fn a_path_is_found_with_its_line() {
    let file = File { path: "docs/a.md".to_owned(), text: format!("fine\n({})", below("work")) };
    let lines: Vec<usize> = anywhere(&file).iter().map(|finding| finding.line).collect();
    assert_eq!(lines, [2]);
}

#[test]
fn banners_are_found() {
    for text in
        ["// =====", "//////////", "/*******", "// ---- parsing ----", "# -----", "  // parsing ======="]
    {
        assert!(is_banner(text), "{text}");
    }
}

#[test]
fn comments_with_words_are_no_banners() {
    for text in [
        "// a -> b",
        "/// | --- | --- |",
        "//! core",
        "let x = a; // ----",
        "// x == y",
        "#!/usr/bin/env bash",
    ] {
        assert!(!is_banner(text), "{text}");
    }
}

#[test]
fn unfinished_places_are_found_in_code_only() {
    assert_eq!(
        found_in_rust("core/src/id.rs", "fn a() {\n    todo!()\n}"),
        ["core/src/id.rs:2: `todo!(`; expected finished code and tests that run"]
    );
    assert_eq!(found_in_rust("tests/it/main.rs", "#[ignore = \"slow\"]").len(), 1);
    assert!(found_in_rust("core/src/id.rs", "// todo!()\nlet x = \"#[ignore]\";").is_empty());
}

#[test]
fn switched_off_javascript_tests_are_found() {
    let text = format!("test.{}'x', () => {{}});\ntest('y', () => {{}});", "skip(");
    let file = File { path: "tests/js/a.test.mjs".to_owned(), text };
    assert_eq!(anywhere(&file).len(), 1);
}

#[test]
fn unsafe_lives_in_one_file() {
    let code = "unsafe { read(p) }";
    assert_eq!(found_in_rust("core/src/id.rs", code).len(), 1);
    assert!(found_in_rust("wasm/raw/src/memory.rs", code).is_empty());
    assert!(found_in_rust("wasm/raw/src/lib.rs", "#[unsafe(no_mangle)]").is_empty());
    assert_eq!(found_in_rust("wasm/raw/src/lib.rs", code).len(), 1);
    assert!(found_in_rust("core/src/lib.rs", "#![forbid(unsafe_code)] // unsafe").is_empty());
}
