//! The files in `tests/data/snapshots/`: a small organisation, a delta, and the answers before and after it; a slice
//! of it, and a delta for whoever holds it without names; the example of `docs/snapshot-format.md`; and one that uses
//! everything that the format can say.
//!
//! They are how faces without a directory (the npm package in Node) are asked the same questions as the native
//! core. The bytes are golden: a change of the format or of its canonical order shows in their diff. Renew with
//! `cargo xtask golden`; the answers are written by hand.

use cohort_core::change::Change;
use cohort_core::decide::{Query, decide};
use cohort_core::encode::{self, SliceRequest, Validity};
use cohort_core::explain::explain;
use cohort_core::graph::Graph;
use cohort_core::id::{GrantId, GroupId, Instant, OrgId, Revision, RoleId, ScopeId, Span, UserId};
use cohort_core::model::{EdgeKey, Grant, Group, Role, User};
use cohort_core::view::{ApplyError, Effect, Member, Principal, Reach, Snapshot, Via};
use cohort_tests::asks::{self, Step};
use cohort_tests::build::Build;
use cohort_tests::world;
use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

type Outcome = Result<(), Box<dyn Error>>;

const ADA: UserId = UserId::from_u128(1);
const EVE: UserId = UserId::from_u128(2);
const EMEA: GroupId = GroupId::from_u128(1);
const SALES: GroupId = GroupId::from_u128(2);
const CONTRACTORS: GroupId = GroupId::from_u128(3);
const QUOTER: RoleId = RoleId::from_u128(1);
/// A working day: 900 s of freshness would make every question say its own time.
const FRESH_MILLIS: i64 = 8 * 60 * 60 * 1000;
/// How many groups the users of the wide snapshot are in: around every length at which rows get more room in memory,
/// and one more than a row can name.
const ROWS: &[usize] = &[1, 4, 5, 8, 9, 12, 13, 16, 17, 32, 33, 64, 65];
/// The example of the format's description.
const EXAMPLE: &str = "
user ada
group team has ada
role reader grants doc:read
grant reader to team on project:42 requires mfa
";

#[test]
fn golden_snapshot_keeps_its_bytes() -> Outcome {
    golden("small.snapshot", &snapshot()?)
}

#[test]
fn golden_delta_keeps_its_bytes() -> Outcome {
    golden("small.delta", &delta()?)
}

#[test]
fn golden_slice_keeps_its_bytes() -> Outcome {
    golden("small.slice", &slice()?)
}

#[test]
fn golden_unnamed_delta_keeps_its_bytes() -> Outcome {
    golden("small-unnamed.delta", &unnamed_delta()?)
}

#[test]
fn golden_example_keeps_its_bytes() -> Outcome {
    golden("example.snapshot", &built(EXAMPLE)?.snapshot_bytes())
}

#[test]
fn golden_wide_snapshots_keep_their_bytes() -> Outcome {
    let build = wide()?;
    golden("wide.snapshot", &build.snapshot_bytes())?;
    let facts = build.graph.facts();
    let unnamed = encode::snapshot_with(
        build.graph.org(),
        build.revision,
        build.validity(),
        facts,
        encode::UserNames::Withheld,
    );
    golden("wide-unnamed.snapshot", &unnamed)
}

#[test]
fn wide_snapshot_says_all_facts() -> Outcome {
    let opened = Snapshot::open(&fs::read(path("wide.snapshot"))?)?;
    assert_eq!(&opened.facts(), wide()?.graph.facts());
    Ok(())
}

/// What a slice was asked for it answers as the snapshot does; of the rest it knows nothing, not even who is there.
#[test]
fn slice_answers_what_it_was_asked_for() -> Outcome {
    let (whole, part) = (Snapshot::open(&snapshot()?)?, Snapshot::open(&slice()?)?);
    let at = instant("2026-03-01T09:30:00Z")?;
    for permission in ["quote:create", "quote:destroy"] {
        for scope in ["org", "invoice:7", "project:43"] {
            let query = Query::new("ada", permission, at).on(scope);
            assert_eq!(decide(&part, &query), decide(&whole, &query), "{permission} on {scope}");
        }
    }
    for (user, permission, scope) in [
        ("eve", "quote:create", "org"),
        ("nobody", "quote:create", "org"),
        ("ada", "quote:read", "org"),
        ("ada", "quote:create", "project:42"),
        ("ada", "quote:create", "project:44"),
    ] {
        let outcome = decide(&part, &Query::new(user, permission, at).on(scope)).outcome;
        assert_eq!(outcome.code(), "outside_coverage", "{user} {permission} on {scope}");
    }
    Ok(())
}

#[test]
fn slice_takes_heartbeats_only() -> Outcome {
    let mut part = Snapshot::open(&slice()?)?;
    assert_eq!(part.apply(&delta()?), Err(ApplyError::Slice));
    let validity = Validity::from_now(instant("2026-03-01T10:00:00Z")?, FRESH_MILLIS);
    let org = part.header().org;
    part.apply(&encode::delta(org, Revision::new(7), Revision::new(8), validity, &[]))?;
    assert_eq!(part.header().valid_until, validity.valid_until);
    Ok(())
}

/// A delta that withholds names suits a state without them, and no other.
#[test]
fn names_are_told_throughout_or_withheld_throughout() -> Outcome {
    let mut told = Snapshot::open(&snapshot()?)?;
    assert_eq!(told.apply(&unnamed_delta()?), Err(ApplyError::Names));
    let graph = graph()?;
    let validity = Validity::from_now(instant("2026-03-01T09:00:00Z")?, FRESH_MILLIS);
    let withheld = encode::UserNames::Withheld;
    let bytes = encode::snapshot_with(graph.org(), Revision::new(7), validity, graph.facts(), withheld);
    let mut unnamed = Snapshot::open(&bytes)?;
    assert_eq!(unnamed.apply(&delta()?), Err(ApplyError::Names));
    assert!(unnamed.user_active(EVE));
    unnamed.apply(&unnamed_delta()?)?;
    assert!(!unnamed.user_active(EVE));
    Ok(())
}

/// The description shows the bytes of two files, a line for each value: bytes, `|`, meaning.
#[test]
fn description_shows_the_kept_bytes() -> Outcome {
    let page = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/snapshot-format.md");
    let page = fs::read_to_string(page)?;
    let lines = page.lines().filter(|line| !line.starts_with('|'));
    let shown: String = lines.filter_map(|line| line.split_once(" | ")).map(|(bytes, _)| bytes).collect();
    let mut kept = String::new();
    for byte in [fs::read(path("example.snapshot"))?, fs::read(path("small.delta"))?].concat() {
        write!(kept, "{byte:02x}")?;
    }
    assert_eq!(shown.replace(' ', ""), kept);
    Ok(())
}

#[test]
fn answers_hold_natively() -> Outcome {
    let text = fs::read_to_string(path("small.asks"))?;
    let mut state = Snapshot::open(&snapshot()?)?;
    let mut at = Instant::from_millis(0);
    let mut asked = 0;
    for step in asks::read(&text)? {
        match step {
            Step::At(millis) => at = Instant::from_millis(millis),
            Step::Apply { .. } => state.apply(&delta()?)?,
            Step::Ask(question, answer) => {
                asked += 1;
                let scope = question.scope.as_deref().unwrap_or("org");
                let query = Query::new(&question.user, &question.permission, at).on(scope);
                let expected = answer.text().unwrap_or_default();
                assert_eq!(explain(&state, &query).to_text(&state), expected, "{question:?}");
            }
            step => panic!("unexpected `{step}`"),
        }
    }
    assert!(asked > 0, "no question was asked");
    Ok(())
}

/// Compares `bytes` with the golden file, or writes it under COHORT_GOLDEN=write.
#[track_caller]
fn golden(name: &str, bytes: &[u8]) -> Outcome {
    if env::var("COHORT_GOLDEN").is_ok_and(|value| value == "write") {
        fs::write(path(name), bytes)?;
    }
    let kept = fs::read(path(name))?;
    assert!(kept == bytes, "`{name}` differs; `cargo xtask golden` renews it if the change is meant");
    Ok(())
}

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/snapshots").join(name)
}

fn instant(time: &str) -> Result<Instant, jiff::Error> {
    let time: jiff::Timestamp = time.parse()?;
    Ok(Instant::from_millis(time.as_millisecond()))
}

fn snapshot() -> Result<Vec<u8>, Box<dyn Error>> {
    let graph = graph()?;
    let validity = Validity::from_now(instant("2026-03-01T09:00:00Z")?, FRESH_MILLIS);
    Ok(encode::snapshot(graph.org(), Revision::new(7), validity, graph.facts()))
}

/// Ada leaves emea-sales.
fn delta() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut graph = graph()?;
    let left = Change::RemoveEdge(EdgeKey::include(EMEA, Member::User(ADA), Via::Scim));
    let facts = graph.apply(&left)?.facts;
    let validity = Validity::from_now(instant("2026-03-01T10:00:00Z")?, FRESH_MILLIS);
    Ok(encode::delta(graph.org(), Revision::new(7), Revision::new(8), validity, &facts))
}

/// Ada, as far as she asks about quotes on an invoice, in a project that nobody heard of, and anywhere.
fn slice() -> Result<Vec<u8>, Box<dyn Error>> {
    let scopes = [ScopeId::parse("invoice:7")?, ScopeId::parse("project:43")?];
    let request =
        SliceRequest { user: ADA, permissions: &["quote:create", "quote:destroy"], scopes: &scopes };
    Ok(encode::slice(&Snapshot::open(&snapshot()?)?, &request).expect("ada is there"))
}

/// Eve is no longer active, told without her name.
fn unnamed_delta() -> Result<Vec<u8>, Box<dyn Error>> {
    let inactive = Change::SetUser(User { active: false, ..User::new(EVE, "eve") });
    let facts = graph()?.apply(&inactive)?.facts;
    let validity = Validity::from_now(instant("2026-03-01T10:00:00Z")?, FRESH_MILLIS);
    let (from, to) = (Revision::new(7), Revision::new(8));
    let withheld = encode::UserNames::Withheld;
    Ok(encode::delta_with(OrgId::from_u128(42), from, to, validity, &facts, withheld))
}

fn wide() -> Result<Build, Box<dyn Error>> {
    let mut text = fs::read_to_string(path("wide.world"))?;
    for groups in 1..=65 {
        writeln!(text, "group g-{groups} from okta")?;
    }
    for groups in ROWS {
        writeln!(text, "user row-{groups}")?;
        for group in 1..=*groups {
            writeln!(text, "member row-{groups} of g-{group}")?;
        }
    }
    built(&text)
}

fn built(text: &str) -> Result<Build, Box<dyn Error>> {
    let mut build = Build::default();
    for line in world::read(text)? {
        build.carry_out(&line.statement).map_err(|cause| format!("line {}: {cause:?}", line.number))?;
    }
    Ok(build)
}

fn graph() -> Result<Graph, Box<dyn Error>> {
    let quoter = Role::new(QUOTER, "quoter", &["quote:create", "quote:read"])?;
    let project = ScopeId::parse("project:42")?;
    let invoice = ScopeId::parse("invoice:7")?;
    let until = Span::new(None, Some(instant("2026-03-01T12:00:00Z")?))?;
    let allow = Grant::new(GrantId::from_u128(1), Principal::Group(SALES), QUOTER);
    let allow = Grant { scope: project.clone(), ..allow };
    let deny = Grant::new(GrantId::from_u128(2), Principal::Group(CONTRACTORS), QUOTER);
    let deny = Grant { effect: Effect::Deny, scope: invoice.clone(), reach: Reach::Exact, ..deny };
    let include = |group, member, via, span| Change::SetEdge(EdgeKey::include(group, member, via), span);
    let mut graph = Graph::new(OrgId::from_u128(42));
    for change in [
        Change::SetUser(User::new(ADA, "ada")),
        Change::SetUser(User::new(EVE, "eve")),
        Change::SetGroup(Group::new(EMEA, "emea-sales")),
        Change::SetGroup(Group::new(SALES, "sales")),
        Change::SetGroup(Group::new(CONTRACTORS, "contractors")),
        include(EMEA, Member::User(ADA), Via::Scim, Span::ALWAYS),
        include(SALES, Member::Group(EMEA), Via::Manual, Span::ALWAYS),
        include(SALES, Member::User(EVE), Via::Manual, until),
        include(CONTRACTORS, Member::User(EVE), Via::Manual, Span::ALWAYS),
        Change::SetScope { scope: invoice, parents: vec![project] },
        Change::SetRole(quoter),
        Change::SetGrant(allow),
        Change::SetGrant(deny),
    ] {
        graph.apply(&change)?;
    }
    Ok(graph)
}
