//! Rules of the whole language: at random, counted by the core and by the oracle at several instants, and as the
//! documentation writes them.

use std::fmt::Write;

use cohort_core::attribute::Registry;
use cohort_core::id::GroupId;
use cohort_core::rule::Rule;
use cohort_core::rule::form::RuleForm;
use cohort_tests::build::{Build, fold, id_of};
use cohort_tests::random::Prng;
use cohort_tests::world::{self, Statement};

const USERS: &[&str] = &["ada", "bob", "cid", "dan", "eve", "fay"];
const GROUPS: &[&str] = &["one", "two", "three", "four", "five"];
const WORDS: &[&str] = &["red", "Red", "blue", "dark-red", "7", "7.5", "-3", "2026-03-01"];
const DATES: &[&str] =
    &["2026-03-01", "2026-03-02T12:00:00Z", "2026-02-27T23:00:00-02:00", "2026-03-09", "soon"];
const INSTANTS: &[&str] = &["2026-03-01", "2026-03-02T12:00:00Z", "2026-02-20", "2026-03-08T00:00:01Z"];

fn user(random: &mut Prng, name: &str) -> String {
    let mut line = format!("user {name}{}", random.word(&["", " from okta", " from entra"]));
    for _ in 0..random.below(3) {
        _ = write!(line, " attr.word=\"{}\"", random.word(WORDS));
    }
    for _ in 0..random.below(3) {
        _ = write!(line, " attr.date=\"{}\"", random.word(DATES));
    }
    if random.below(3) > 0 {
        _ = write!(line, " manager=\"{}\"", random.word(&["ada", "bob", "cid", "dan", "gone"]));
    }
    line
}

fn condition(random: &mut Prng, below_not: bool) -> String {
    let word = random.word(WORDS);
    match random.below(if below_not { 9 } else { 11 }) {
        0 => format!("attr.word {} \"{word}\"", random.word(&["=", "!=", "=="])),
        1 => format!("attr.word {}IN (\"{word}\", \"{}\")", random.word(&["", "NOT "]), random.word(WORDS)),
        2 => format!("attr.word {}LIKE \"{}\"", random.word(&["", "NOT "]), random.word(&["re", "7", "-"])),
        3 => format!(
            "attr.word {}{} WITH \"{word}\"",
            random.word(&["", "NOT "]),
            random.word(&["STARTS", "ENDS"])
        ),
        4 => format!(
            "attr.word {} {}",
            random.word(&["<", "<=", ">", ">="]),
            random.word(&["7", "7.25", "-3", "2026-03-01"])
        ),
        5 => format!(
            "attr.date {} NOW{}",
            random.word(&["<", "<=", ">", ">=", "=", "!="]),
            random.word(&["", "-2d", " + 60h", "+90m"])
        ),
        6 => format!(
            "{}(attr.word) {} {}",
            random.word(&["ANY", "ALL"]),
            random.word(&["=", "!=", "<", ">="]),
            random.word(&["7", "-3"])
        ),
        7 => format!(
            "REPORTS TO {}{}",
            random.word(&["ada", "bob", "cid", "gone"]),
            random.word(&["", " DEEP"])
        ),
        8 => format!("attr.date IS {}NULL", random.word(&["", "NOT "])),
        _ => format!("MEMBER OF ({}, {})", random.word(GROUPS), random.word(GROUPS)),
    }
}

fn rule(random: &mut Prng, depth: usize, below_not: bool) -> String {
    let mut text = String::new();
    for at in 0..=random.below(3) {
        text += if at == 0 { "" } else { random.word(&[" AND ", " OR "]) };
        text += &match random.below(if depth == 0 { 3 } else { 5 }) {
            0 | 1 => condition(random, below_not),
            2 => format!("NOT {}", condition(random, true)),
            3 => format!("NOT ({})", rule(random, depth - 1, true)),
            _ => format!("({})", rule(random, depth - 1, below_not)),
        };
    }
    text
}

/// People, groups with rules, edges with bounds, and the sizes of all groups asked at each instant.
fn world(random: &mut Prng) -> String {
    let mut lines: Vec<String> = USERS.iter().map(|name| user(random, name)).collect();
    // Rules may name groups that come later, so all are there first.
    lines.extend(GROUPS.iter().map(|name| format!("group {name}")));
    lines.extend(GROUPS.iter().map(|name| match random.below(5) {
        0 => format!("group {name}"),
        _ => {
            format!("group {name}{} when {}", random.word(&["", "", "", " disabled"]), rule(random, 2, false))
        }
    }));
    for _ in 0..random.below(4) {
        let group = random.word(GROUPS);
        let bounds = random.word(&["", " until 2026-03-02", " from 2026-03-01"]);
        lines.push(format!("member {} of {group}{bounds}", random.word(USERS)));
        lines.push(format!("exclude {} of {}", random.word(USERS), random.word(GROUPS)));
    }
    let (below, above) = (random.below(GROUPS.len()), random.below(GROUPS.len()));
    if below != above {
        lines.push(format!("group {} has {}", GROUPS[above], GROUPS[below]));
    }
    let (name, word, manager) = (random.word(USERS), random.word(WORDS), random.word(USERS));
    let changes =
        [format!("set {name} attr.word=\"{word}\" manager=\"{manager}\""), format!("remove {manager}")];
    for change in std::iter::once(String::new()).chain(changes) {
        lines.push(change);
        for instant in INSTANTS {
            lines.push(format!("at {instant}"));
            lines.extend(GROUPS.iter().map(|name| format!("count {name} = 0")));
        }
    }
    lines.join("\n")
}

/// How many members the core finds, for each `count` in turn.
fn counted(text: &str) -> Vec<usize> {
    let mut build = Build::default();
    let mut counts = Vec::new();
    for line in world::read(text).unwrap_or_else(|error| panic!("{error}\n{text}")) {
        build.carry_out(&line.statement).unwrap_or_else(|error| panic!("{error:?}\n{text}"));
        if let Statement::Count { group, .. } = &line.statement {
            let group = GroupId::from_u128(id_of("group", group));
            counts.push(build.graph.users_in(group, build.at).len());
        }
    }
    counts
}

#[test]
fn random_rules_have_the_members_that_the_oracle_finds() {
    let seed = 0x243f_6a88_85a3_08d3;
    let mut random = Prng::new(seed);
    let (mut members, mut asked) = (0, 0);
    for number in 0..150 {
        let text = world(&mut random);
        let oracle = cohort_oracle::World::read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        for (answer, found) in oracle.answers().iter().zip(counted(&text)) {
            let expected: usize = answer.found.parse().unwrap();
            let line = text.lines().nth(answer.line - 1).unwrap();
            assert_eq!(
                found, expected,
                "line {}: {line}, world {number} of seed {seed:#x}\n{text}",
                answer.line
            );
            members += found;
            asked += 1;
        }
    }
    println!("{asked} counts of seed {seed:#x}, {members} members");
    assert!(members > asked / 2, "{members} of {asked}");
}

#[test]
fn random_rules_are_the_same_in_text_json_and_store() {
    let mut random = Prng::new(0x1319_8a2e_0370_7344);
    for _ in 0..2_000 {
        let text = rule(&mut random, 2, false);
        let rule = Rule::parse(&text, fold).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(Rule::parse(&rule.to_text(), fold).as_ref(), Ok(&rule), "{text}");
        let json = serde_json::to_string(&RuleForm::from(&rule)).unwrap();
        let form: RuleForm = serde_json::from_str(&json).unwrap();
        assert_eq!(form.rule(&Registry::new(), fold).as_ref(), Ok(&rule), "{text}\n{json}");
        let kept = serde_json::to_string(&rule).unwrap();
        assert_eq!(serde_json::from_str::<Rule>(&kept).unwrap(), rule, "{text}");
    }
}

/// The lines of the blocks of `docs/rules.md` that begin with "```" and `language`, under the heading `title`.
fn documented(title: &str, language: &str) -> Vec<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/rules.md");
    let page = std::fs::read_to_string(path).unwrap();
    let section =
        page.split("\n## ").find(|section| section.trim_start_matches("# ").starts_with(title)).unwrap();
    let blocks = section.split("```").skip(1).step_by(2);
    let lines = blocks.filter_map(|block| block.strip_prefix(language)).flat_map(str::lines);
    lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn documented_rules_are_rules() {
    let examples = documented("Rules", "text");
    assert_eq!(examples.len(), 3);
    for text in examples {
        let rule = Rule::parse(&text, fold).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(Rule::parse(&rule.to_text(), fold), Ok(rule), "{text}");
    }
    for json in documented("JSON", "json") {
        let form: RuleForm = serde_json::from_str(&json).unwrap();
        let rule = form.rule(&Registry::new(), fold).unwrap();
        assert_eq!(serde_json::to_string(&RuleForm::from(&rule)).unwrap(), json);
    }
    let errors = documented("Errors", "text").join("\n");
    for mistake in ["status = Activ", "job = NULL"] {
        let error = Rule::parse(mistake, fold).unwrap_err().to_string();
        assert!(errors.contains(&error), "{error}");
    }
}
