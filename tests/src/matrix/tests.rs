use std::fs;

use super::{Matrix, YARDSTICK};
use crate::asks::Report;
use crate::program::Scratch;

fn report(asks: usize, cases: usize) -> Report {
    Report { worlds: 3, asks, cases, ..Report::default() }
}

/// Which of the cells are green, after the core has played 10 questions and 5 refusals.
#[track_caller]
fn check(cells: &[(&str, Option<String>, bool)]) -> String {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.path()).unwrap_or_default();
    let write = |name: &str, text: &str| {
        fs::write(scratch.path().join(format!("{name}.json")), text).unwrap_or_default();
    };
    write(YARDSTICK, &report(10, 5).to_result("native", "1", "core"));
    for (name, text, _) in cells {
        text.iter().for_each(|text| write(name, text));
    }
    let names: Vec<String> = cells.iter().map(|(name, ..)| (*name).to_owned()).collect();
    let matrix = Matrix::read(scratch.path(), &names);
    for (cell, (name, _, is_green)) in matrix.cells.iter().zip(cells) {
        assert_eq!(cell.is_green(), *is_green, "{name}: {:?}", cell.problems);
    }
    matrix.to_string()
}

#[test]
fn what_was_played_in_full_without_failure_is_green() {
    let mut partly = report(7, 5);
    partly.passed_over.insert("who", 3);
    partly.passed_over.insert("explain", 7);
    let table = check(&[
        ("node-npm", Some(report(10, 5).to_result("node", "20", "npm")), true),
        ("bun-npm", Some(report(10, 9).to_result("bun", "1", "npm")), true),
        ("wasmtime-raw", Some(partly.to_result("wasmtime", "48", "raw")), true),
    ]);
    assert!(table.contains("7 explain, 3 who") && !table.contains("RED"), "{table}");
}

#[test]
fn whatever_is_missing_or_wrong_is_red() {
    let mut wrong = report(10, 5);
    wrong.failures.push("small: ask ada doc:read = allow: found deny".to_owned());
    let mut explained = report(7, 5);
    explained.passed_over.insert("explain", 3);
    let table = check(&[
        ("deno-npm", None, false),
        ("bun-npm", Some("{}".to_owned()), false),
        ("node-npm", Some(wrong.to_result("node", "20", "npm")), false),
        ("workerd-npm", Some(report(9, 5).to_result("workerd", "1", "npm")), false),
        ("firefox-npm", Some(report(10, 5).to_result("chromium", "1", "npm")), false),
        ("envoy-proxy", Some(report(0, 15).to_result("envoy", "1", "proxy")), false),
        ("python-raw", Some(explained.to_result("python", "1", "raw")), false),
    ]);
    assert!(table.contains("node-npm: small: ask ada doc:read = allow: found deny"), "{table}");
}
