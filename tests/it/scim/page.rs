//! `docs/scim.md` is whole and true: every requirement once, every named test there, nothing left open unsaid.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// How many requirements each family has; they are numbered from 1.
const FAMILIES: [(&str, usize); 23] = [
    ("T", 13),
    ("D", 16),
    ("C", 35),
    ("P", 7),
    ("G", 7),
    ("F", 16),
    ("S", 9),
    ("U", 14),
    ("A", 6),
    ("Q", 2),
    ("R", 7),
    ("X", 15),
    ("L", 5),
    ("B", 10),
    ("M", 2),
    ("E", 4),
    ("K", 5),
    ("N", 3),
    ("V", 1),
    ("H", 2),
    ("W", 9),
    ("GM", 2),
    ("RE", 1),
];

struct Row {
    id: String,
    level: String,
    proof: String,
}

/// The rows of the page, and the ids that stand under "Not met" with a reason.
fn page() -> (Vec<Row>, Vec<String>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/scim.md");
    let text = fs::read_to_string(path).unwrap();
    let (met, not_met) = text.split_once("## Not met").expect("a list of what is not met");
    let cells = |line: &str| -> Vec<String> {
        line.split(" | ").map(|cell| cell.trim_matches(['|', ' ']).to_owned()).collect()
    };
    let rows = met.lines().map(cells).filter(|cells| cells.len() == 5 && cells[0] != "id").map(|cells| Row {
        id: cells[0].clone(),
        level: cells[3].clone(),
        proof: cells[4].clone(),
    });
    let reasons = not_met.lines().map(cells).filter(|cells| cells.len() == 2 && cells[0] != "ids");
    let mut ids = Vec::new();
    for cells in reasons {
        assert!(cells[1].len() > 20, "a reason is a sentence: {}", cells[1]);
        ids.extend(cells[0].split(", ").map(str::to_owned));
    }
    (rows.collect(), ids)
}

fn tests_of(proof: &str) -> Vec<&str> {
    proof.split('`').skip(1).step_by(2).filter(|name| name.contains("::")).collect()
}

#[test]
fn every_requirement_stands_on_the_page_once() {
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for row in page().0 {
        *count.entry(row.id).or_default() += 1;
    }
    let expected: BTreeMap<String, usize> = FAMILIES
        .iter()
        .flat_map(|(family, last)| (1..=*last).map(move |number| (format!("{family}{number}"), 1)))
        .collect();
    assert_eq!(count, expected);
}

#[test]
fn every_test_that_the_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for row in page().0 {
        for name in tests_of(&row.proof) {
            let (file, function) = name.rsplit_once("::").unwrap();
            // A test beside its crate is named by its file, one of these by its module.
            let path = match file.strip_suffix(".rs") {
                Some(_) => root.join("..").join(file),
                None => root.join("it/scim").join(format!("{}.rs", file.replace("::", "/"))),
            };
            let text =
                fs::read_to_string(&path).unwrap_or_else(|_| panic!("{}: no file for `{name}`", row.id));
            let is_test = text.split("fn ").any(|rest| rest.starts_with(&format!("{function}()")));
            assert!(is_test, "{}: no test `{name}`", row.id);
        }
    }
}

#[test]
fn every_must_is_shown_or_given_up_with_a_reason() {
    let (rows, not_met) = page();
    for row in &rows {
        let is_given_up = not_met.contains(&row.id);
        let is_shown = !tests_of(&row.proof).is_empty();
        let is_chosen = row.proof.starts_with("choice: ") && !row.level.starts_with('M');
        let ways = [is_given_up, is_shown, is_chosen].into_iter().filter(|way| *way).count();
        assert_eq!(ways, 1, "{} ({}): {}", row.id, row.level, row.proof);
        assert_eq!(is_given_up, row.proof == "[not met](#not-met)", "{}", row.id);
    }
    assert!(not_met.iter().all(|id| rows.iter().any(|row| row.id == *id)), "{not_met:?}");
}
