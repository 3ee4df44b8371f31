//! The product against the oracle on random worlds: a short run; `cohort-differential` makes the long one.

use std::sync::Arc;

use cohort_host::module::Program;
use cohort_tests::program::Programs;
use cohort_tests::random::{Case, NOW, Question, Size, World, crowd, run, seed_or, shrink};

#[test]
fn product_and_oracle_agree_on_random_worlds() {
    let size = Size { answers: 20_000, explain_every: 16, program: None };
    let report = run(seed_or(1), &size, |_| {});
    println!("{report}");
    assert!(report.found.is_none(), "{report}");
    // A run this short does not gather the crowd that is in too many groups.
    assert_eq!(report.tally.unmet(), ["indeterminate: too large"], "{report}");
    let refused = report.tally.refused_by_oracle + report.tally.refused_by_product;
    assert!(refused * 20 < report.tally.taken, "{report}");
}

#[test]
fn the_module_agrees_with_both() {
    let program = Program::from_file(&Programs::built().module).unwrap();
    let size = Size { answers: 3_000, explain_every: 16, program: Some(Arc::new(program)) };
    let report = run(seed_or(2), &size, |_| {});
    println!("{report}");
    assert!(report.found.is_none(), "{report}");
}

#[test]
fn product_and_oracle_agree_on_a_crowd() {
    let tally = crowd(seed_or(1), 12).unwrap_or_else(|found| panic!("{found}"));
    assert!(!tally.unmet().contains(&"indeterminate: too large"), "{tally}");
}

#[test]
fn a_world_follows_from_its_seed_alone() {
    assert_eq!(World::new(7, 3).lines, World::new(7, 3).lines);
    assert_ne!(World::new(7, 3).lines, World::new(7, 4).lines);
    assert_ne!(World::new(7, 3).lines, World::new(8, 3).lines);
}

#[test]
fn a_case_is_shrunk_to_what_shows_it() {
    let shows = |case: &Case| case.text().ends_with("= allow: rule g2 < g1 < r1");
    let mut words =
        vec!["user u1 department=\"sales\"", "group g2 when department = sales", "group g1 has g2"];
    words.extend(["role r1 grants doc:read", "grant r1 to g1"]);
    let needed: Vec<String> = words.iter().map(ToString::to_string).collect();
    let mut world = World::new(1, 1);
    let mut question = world.questions(1).remove(0);
    let strangers =
        world.lines.iter().map(|line| line.replace(" u", " x").replace(" g", " y").replace(" r", " z"));
    (question.user, question.permission) = ("u1".to_owned(), "doc:read".to_owned());
    let mut lines: Vec<String> = needed.iter().cloned().chain(strangers).collect();
    lines.insert(1, "set u1 country=\"FR\" active".to_owned());
    lines.push("member u1 of g2 until 2026-01-01".to_owned());
    let case = Case { lines, question: Some(Question { scope: "org".to_owned(), at: NOW, ..question }) };
    assert!(shows(&case), "{}", case.text());
    let case = shrink(case, shows);
    assert_eq!(case.lines, needed);
    assert!(
        case.text().ends_with("\nask u1 doc:read on org at 2026-03-01T09:00:00Z = allow: rule g2 < g1 < r1")
    );
}
