//! What every face must refuse, with the state of before still answering, and questions at the bounds.

use std::fs;
use std::path::Path;

use cohort_core::encode::{self, Validity};
use cohort_core::id::{GroupId, IdError, Instant, OrgId, Revision, ScopeId, Span, UserId};
use cohort_core::view::{Fact, FactChange, FactKey, Facts, Member, Snapshot, Via};

use super::code;
use super::failure::AsksFailure;
use super::folder::{Folder, sealed, sealed_by};
use super::record::answered;
use super::step::{Answer, Question, Step, read};

/// A key that nobody trusts.
const STRANGER: [u8; 32] = [9; 32];
/// The organisation, revision and hours of the small snapshot and its delta.
const ORG: u128 = 42;
const BEFORE: u64 = 7;
const NINE: i64 = 1_772_355_600_000;
const TEN: i64 = NINE + 3_600_000;
const FRESH_MILLIS: i64 = 8 * 3_600_000;
const DAY: i64 = 24 * 3_600_000;

/// Adds `small`, `hostile` and `envelope`.
pub(super) fn add(folder: &mut Folder) -> Result<(), AsksFailure> {
    small(folder)?;
    let mut cases = Cases::new()?;
    cases.moments();
    cases.words();
    cases.wrong_deltas()?;
    cases.cut_and_flipped()?;
    cases.slices()?;
    folder.add("hostile", &cases.files, &cases.steps)?;
    envelopes(folder)
}

/// The file in `tests/data/snapshots`, with the answers in full.
fn small(folder: &mut Folder) -> Result<(), AsksFailure> {
    let mut cases = Cases::new()?;
    let text = data("small.asks")?;
    for step in read(&String::from_utf8_lossy(&text))? {
        match step {
            Step::At(millis) => cases.at(millis),
            Step::Apply { file, .. } => cases.apply(&file, &data(&file)?, None)?,
            Step::Ask(question, written) => {
                let found = cases.ask(&question);
                if found.text() != written.text() {
                    return Err(AsksFailure::Answer { place: "small.asks".into(), found: found.to_string() });
                }
            }
            step => {
                return Err(AsksFailure::Line { line: step.to_string(), expected: "`at`, `apply` or `ask`" });
            }
        }
    }
    folder.add("small", &cases.files, &cases.steps)
}

/// What happened to one state so far.
struct Cases {
    state: Snapshot,
    at: i64,
    files: Vec<(String, Vec<u8>)>,
    steps: Vec<Step>,
}

impl Cases {
    /// The small snapshot, opened.
    fn new() -> Result<Self, AsksFailure> {
        let bytes = data("small.snapshot")?;
        let is_wrong = |_| AsksFailure::Bytes { file: "small.snapshot".into(), found: None, expected: None };
        let state = Snapshot::open(&bytes).map_err(is_wrong)?;
        let steps = vec![Step::Open { file: "small.snapshot".into(), refused: None }];
        let mut new = Self { state, at: 0, files: vec![("small.snapshot".into(), sealed(&bytes))], steps };
        new.at(NINE);
        Ok(new)
    }

    fn at(&mut self, millis: i64) {
        self.at = millis;
        self.steps.push(Step::At(millis));
    }

    fn ask(&mut self, question: &Question) -> Answer {
        let answer = answered(&mut self.state, question, Instant::from_millis(self.at));
        self.steps.push(Step::Ask(question.clone(), answer.clone()));
        answer
    }

    fn ask_words(&mut self, user: &str, permission: &str, scope: &str) {
        self.ask(&Question { scope: Some(scope.into()), ..asking(user, permission) });
    }

    /// Opens bytes; when the core refuses them, the state of before is asked.
    fn open(&mut self, file: &str, payload: &[u8], expected: Option<&str>) -> Result<(), AsksFailure> {
        let opened = Snapshot::open(payload);
        let refused = opened.as_ref().err().map(code::of_open);
        self.expect(file, refused, expected)?;
        self.keep(file, payload);
        self.steps.push(Step::Open { file: file.into(), refused: refused.map(ToOwned::to_owned) });
        self.state = opened.unwrap_or_else(|_| self.state.clone());
        self.ask_words("ada", "quote:create", "project:42");
        Ok(())
    }

    /// Applies bytes; when the core refuses them, the state is as before.
    fn apply(&mut self, file: &str, payload: &[u8], expected: Option<&str>) -> Result<(), AsksFailure> {
        let refused = self.state.apply(payload).as_ref().err().map(code::of_apply);
        self.expect(file, refused, expected)?;
        self.keep(file, payload);
        self.steps.push(Step::Apply { file: file.into(), refused: refused.map(ToOwned::to_owned) });
        self.ask_words("ada", "quote:create", "project:42");
        Ok(())
    }

    fn expect(&self, file: &str, found: Option<&str>, expected: Option<&str>) -> Result<(), AsksFailure> {
        // A flipped bit may make other bytes that are good: what the core says is right then.
        if found == expected || expected == Some("anything") {
            return Ok(());
        }
        let (found, expected) = (found.map(ToOwned::to_owned), expected.map(ToOwned::to_owned));
        Err(AsksFailure::Bytes { file: file.into(), found, expected })
    }

    fn keep(&mut self, file: &str, payload: &[u8]) {
        if !self.files.iter().any(|(name, _)| name == file) {
            self.files.push((file.into(), sealed(payload)));
        }
    }

    /// Before the state was made, at its bounds, long after; by revisions that it has and has not reached.
    fn moments(&mut self) {
        let ends = NINE + FRESH_MILLIS;
        for at in [i64::from(i32::MIN), 0, NINE - 60_001, NINE - 60_000, NINE, ends - 1, ends, ends + DAY] {
            self.at(at);
            self.ask_words("ada", "quote:create", "project:42");
        }
        self.at(NINE);
        for at_least in [BEFORE, BEFORE + 1, u64::from(u32::MAX)] {
            self.ask(&Question { at_least, ..asking("ada", "quote:create") });
        }
    }

    /// Names of nobody, words that are no scope, conditions that nothing requires.
    fn words(&mut self) {
        let long = "x".repeat(70_000 / 2);
        for user in ["", " ", "ADA", "ad\u{e4}", "00000000-0000-0000-0000-000000000001", "\u{0}", &long] {
            self.ask_words(user, "quote:create", "project:42");
        }
        for permission in ["", "quote:*", "*", "quote:create ", "\u{1f511}", &long] {
            self.ask_words("ada", permission, "project:42");
        }
        for scope in
            ["", "org", "realm", "project", "project:", ":42", "project:42:1", "org:1", "PROJECT:42", &long]
        {
            self.ask_words("ada", "quote:create", scope);
        }
        for parent in ["", "org", "project:42", "project:", "invoice:7"] {
            let parent = Some(parent.to_owned());
            self.ask(&Question { scope: Some("task:1".into()), parent, ..asking("ada", "quote:create") });
        }
        let conditions: Vec<String> = (0..64).map(|number| format!("condition {number}")).collect();
        self.ask(&Question { conditions, ..asking("ada", "quote:create") });
    }

    fn wrong_deltas(&mut self) -> Result<(), AsksFailure> {
        let (from, to) = (Revision::new(BEFORE), Revision::new(BEFORE + 1));
        let at = |at| Validity::from_now(Instant::from_millis(at), FRESH_MILLIS);
        let org = OrgId::from_u128(ORG);
        let none: &[FactChange] = &[];
        let lost = FactKey::Edge(Member::User(UserId::from_u128(1)), GroupId::from_u128(99), Via::Scim);
        let lost = [FactChange { key: lost, fact: Some(Fact::Edge { spans: vec![Span::ALWAYS] }) }];
        let above = |below: &str, above: &str| -> Result<(FactKey, Fact), IdError> {
            Ok((
                FactKey::Scope(ScopeId::parse(below)?),
                Fact::Scope { parents: vec![ScopeId::parse(above)?] },
            ))
        };
        let circle = [above("project:1", "area:1"), above("area:1", "project:1")];
        let mut circle: Facts = circle.into_iter().flatten().collect();
        circle.insert(FactKey::Org, Fact::Org { enabled: true });
        let circle = encode::snapshot(org, to, at(NINE), &circle);
        for (file, payload, code) in [
            ("other-org.delta", encode::delta(OrgId::from_u128(7), from, to, at(TEN), none), "wrong_org"),
            ("earlier-base.delta", encode::delta(org, Revision::new(6), to, at(TEN), none), "wrong_base"),
            ("later-base.delta", encode::delta(org, to, Revision::new(9), at(TEN), none), "wrong_base"),
            ("older.delta", encode::delta(org, from, to, at(NINE - 1), none), "older"),
            ("lost-group.delta", encode::delta(org, from, to, at(TEN), &lost), "contradictory"),
            ("without-names.delta", data("small-unnamed.delta")?, "wrong_names"),
            ("a-snapshot.delta", data("small.snapshot")?, "wrong_kind"),
            ("nothing.delta", Vec::new(), "malformed"),
        ] {
            self.apply(file, &payload, Some(code))?;
        }
        for (file, payload, code) in [
            ("a-delta.snapshot", data("small.delta")?, "wrong_kind"),
            ("circle.snapshot", circle, "contradictory"),
            ("without-org.snapshot", encode::snapshot(org, to, at(NINE), &Facts::new()), "malformed"),
            ("nothing.snapshot", Vec::new(), "malformed"),
            ("noise.snapshot", b"<html>502 Bad Gateway</html>".to_vec(), "malformed"),
        ] {
            self.open(file, &payload, Some(code))?;
        }
        Ok(())
    }

    /// Cuts and flipped bits of the snapshot and of the delta, and the delta itself twice.
    fn cut_and_flipped(&mut self) -> Result<(), AsksFailure> {
        let (snapshot, delta) = (data("small.snapshot")?, data("small.delta")?);
        for length in (0..snapshot.len()).step_by(7) {
            let cut = snapshot.get(..length).unwrap_or_default();
            self.open(&format!("cut-{length}.snapshot"), cut, Some("malformed"))?;
        }
        for length in (0..delta.len()).step_by(3) {
            let cut = delta.get(..length).unwrap_or_default();
            self.apply(&format!("cut-{length}.delta"), cut, Some("malformed"))?;
        }
        for at in 0..snapshot.len() {
            self.open(&format!("flip-{at}.snapshot"), &flipped(&snapshot, at), Some("anything"))?;
        }
        for at in 0..delta.len() {
            self.open("small.snapshot", &snapshot, None)?;
            self.apply(&format!("flip-{at}.delta"), &flipped(&delta, at), Some("anything"))?;
        }
        self.open("small.snapshot", &snapshot, None)?;
        self.apply("small.delta", &delta, None)?;
        self.apply("small.delta", &delta, Some("wrong_base"))
    }

    /// A slice answers what it was asked for, and takes heartbeats alone.
    fn slices(&mut self) -> Result<(), AsksFailure> {
        self.open("small.slice", &data("small.slice")?, None)?;
        for user in ["ada", "eve"] {
            for permission in ["quote:create", "quote:destroy", "quote:read"] {
                for scope in ["org", "invoice:7", "project:43", "project:44"] {
                    self.ask_words(user, permission, scope);
                }
            }
        }
        self.apply("small.delta", &data("small.delta")?, Some("slice"))
    }
}

/// Envelopes that a face with a pinned key must refuse.
fn envelopes(folder: &mut Folder) -> Result<(), AsksFailure> {
    let mut cases = Cases::new()?;
    let (snapshot, delta) = (data("small.snapshot")?, data("small.delta")?);
    let (good, good_delta) = (sealed(&snapshot), sealed(&delta));
    let mut wrong = vec![
        ("stranger.snapshot".to_owned(), sealed_by(&STRANGER, &snapshot), "unknown_key"),
        ("bare.snapshot".to_owned(), snapshot, "malformed"),
        ("empty.snapshot".to_owned(), Vec::new(), "malformed"),
        ("stranger.delta".to_owned(), sealed_by(&STRANGER, &delta), "unknown_key"),
        ("bare.delta".to_owned(), delta, "malformed"),
    ];
    for at in (0..good.len()).step_by(5) {
        wrong.push((format!("flip-{at}.snapshot"), flipped(&good, at), code_at(at)));
        let code = if at < super::ENVELOPE_BYTES { "malformed" } else { "bad_signature" };
        wrong.push((format!("cut-{at}.snapshot"), good.get(..at).unwrap_or_default().to_vec(), code));
    }
    for at in (0..good_delta.len()).step_by(5) {
        wrong.push((format!("flip-{at}.delta"), flipped(&good_delta, at), code_at(at)));
    }
    for (file, bytes, code) in wrong {
        let refused = Some(code.to_owned());
        let file_of = file.clone();
        let is_delta = file.rsplit_once('.').is_some_and(|(_, kind)| kind == "delta");
        cases.steps.push(if is_delta { Step::Apply { file, refused } } else { Step::Open { file, refused } });
        cases.files.push((file_of, bytes));
        cases.ask_words("ada", "quote:create", "project:42");
    }
    folder.add("envelope", &cases.files, &cases.steps)
}

/// What a flipped bit in this byte of an envelope spoils: its head, the key's id, or what is signed.
const fn code_at(at: usize) -> &'static str {
    match at {
        0..5 => "malformed",
        5..13 => "unknown_key",
        _ => "bad_signature",
    }
}

fn asking(user: &str, permission: &str) -> Question {
    Question { user: user.into(), permission: permission.into(), ..Question::default() }
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    bytes.iter().enumerate().map(|(number, byte)| if number == at { byte ^ 1 } else { *byte }).collect()
}

fn data(file: &str) -> Result<Vec<u8>, AsksFailure> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/snapshots").join(file);
    fs::read(&path).map_err(AsksFailure::file(path))
}
