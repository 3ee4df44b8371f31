use super::faults;
use crate::failure::Failure;
use crate::mutants::fault::Fault;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What was asked for is at least this many.
const FAULTS_MIN: usize = 25;

#[test]
fn each_fault_stands_once_in_the_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for fault in faults::all() {
        let source = fs::read_to_string(root.join(fault.file)).unwrap();
        let wrong = fault.applied(&source).unwrap_or_else(|failure| panic!("{failure}"));
        assert_ne!(wrong, source, "{}", fault.name);
    }
}

#[test]
fn names_are_words_and_each_is_there_once() {
    let mut names = BTreeSet::new();
    for fault in faults::all() {
        assert!(fault.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", fault.name);
        assert!(names.insert(fault.name), "{} twice", fault.name);
        assert!(fault.file.starts_with("core/") && !fault.file.contains("/tests"), "{}", fault.file);
        assert!(!fault.means.is_empty() && !fault.means.ends_with('.'), "{}", fault.means);
    }
    assert!(names.len() >= FAULTS_MIN, "{}", names.len());
}

#[track_caller]
fn check(source: &str, expected: Result<&str, usize>) {
    let fault = Fault { name: "n", file: "f", text: "a", replacement: "b", means: "m" };
    let outcome = fault.applied(source).map_err(|failure| match failure {
        Failure::FaultText { found, .. } => found,
        other => panic!("{other}"),
    });
    assert_eq!(outcome, expected.map(str::to_owned));
}

#[test]
fn a_text_that_is_not_there_once_is_refused() {
    check("x a y", Ok("x b y"));
    check("x y", Err(0));
    check("x a y a", Err(2));
}
