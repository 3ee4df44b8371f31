//! The same questions to what others would use: `tests/js/peers` asks, and this tells it the organisation.
//!
//! Every engine gets what it is good at: groups that are worked out before, policies that are parsed once. What counts is
//! that all answer alike, and how their durations compare in one run.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cohort_core::decide::{Query, decide};
use cohort_core::encode::{self, UserNames};
use cohort_core::id::{GroupId, RoleId, ScopeId, Span};
use cohort_core::view::{Effect, Fact, FactKey, Facts, GroupState, Member, Principal, Reach, Snapshot, Via};
use serde::{Deserialize, Serialize};

use super::bytes::{FIRST, NOW, VALIDITY, Workload};
use super::{Failure, Modules, SEED, build, node, page};
use crate::organisation::{Organisation, Size};

/// Where what is measured lies.
#[derive(Clone, Debug)]
pub struct Places<'a> {
    /// The folder in which the peers are installed.
    pub peers: &'a Path,
    /// What they are compared with.
    pub modules: &'a Modules,
    /// For what is written for the scripts.
    pub scratch: &'a Path,
}

/// An organisation as programs without the core are told.
#[derive(Default, Serialize)]
struct Told<'a> {
    at: i64,
    /// By id: the groups of each, and those by rule alone.
    users: BTreeMap<String, [Vec<usize>; 2]>,
    groups: Vec<Group<'a>>,
    roles: Vec<&'a [String]>,
    scopes: BTreeMap<&'a str, Vec<&'a str>>,
    /// User, permission, scope (empty for the organisation), and whether that is allowed.
    asks: Vec<(String, String, String, bool)>,
    one: One,
}

#[derive(Default, Serialize)]
struct Group<'a> {
    enabled: bool,
    parents: Vec<usize>,
    /// Role, scope, and whether it takes.
    grants: Vec<(usize, &'a str, bool)>,
}

/// One user, and whether each permission of the questions is hers in the whole organisation.
#[derive(Default, Serialize)]
struct One {
    user: String,
    allows: Vec<bool>,
}

/// What the scripts print of one engine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// `any` user, or `one` signed-in user.
    pub part: String,
    /// Who answered.
    pub engine: String,
    /// Nanoseconds until it could answer.
    pub open_ns: f64,
    /// Nanoseconds for one question, half took at most that.
    pub median_ns: f64,
    /// Questions asked.
    pub asked: usize,
    /// Answers other than the core's.
    pub differing: usize,
}

/// Asks every engine about the organisation of one size.
///
/// # Errors
/// [`Failure`] if files cannot be written, the organisation has what peers cannot be told, or Node ends in an error.
pub fn measure(size: Size, places: &Places<'_>) -> Result<Vec<Row>, Failure> {
    let (world, bytes) = (places.scratch.join("world.json"), places.scratch.join("snapshot"));
    fs::create_dir_all(places.scratch).map_err(Failure::Start)?;
    write(size, (&world, &bytes))?;
    eprintln!("{}: asking", size.name);
    let Modules { raw, npm, .. } = places.modules;
    let said = node::run("peers/measure.mjs", &[places.peers, &world, raw, npm, &bytes], &[]);
    serde_json::from_str(&said.unwrap_or_default()).map_err(Failure::Report)
}

/// Writes the organisation and its questions, and its snapshot.
fn write(size: Size, (world, bytes): (&Path, &Path)) -> Result<(), Failure> {
    let organisation = Organisation::new(size, SEED);
    let graph = build(&organisation)?;
    let (org, facts) = (graph.org(), graph.facts());
    let snapshot = Snapshot::open(&encode::snapshot(org, FIRST, VALIDITY, facts))?;
    let told = asked(told(facts)?, &Workload::new(&organisation, &snapshot), &snapshot);
    fs::write(world, serde_json::to_vec(&told).map_err(Failure::Report)?).map_err(Failure::Start)?;
    let nameless = encode::snapshot_with(org, FIRST, VALIDITY, facts, UserNames::Withheld);
    fs::write(bytes, nameless).map_err(Failure::Start)
}

/// The facts, as far as they are about what generated organisations have.
fn told(facts: &Facts) -> Result<Told<'_>, Failure> {
    let mut told = Told { at: NOW.as_millis(), ..Told::default() };
    let (mut roles, mut groups): (BTreeMap<RoleId, usize>, BTreeMap<GroupId, usize>) = Default::default();
    for (key, fact) in facts {
        match (key, fact) {
            (FactKey::Role(id), Fact::Role { permissions, .. }) => {
                roles.insert(*id, told.roles.len());
                told.roles.push(permissions);
            }
            (FactKey::Group(id), Fact::Group { state, .. }) => {
                groups.insert(*id, told.groups.len());
                told.groups.push(Group { enabled: *state == GroupState::Enabled, ..Group::default() });
            }
            _ => {}
        }
    }
    let number = |group: &GroupId| groups.get(group).copied().ok_or(Failure::Untold);
    for (key, fact) in facts {
        match (key, fact) {
            (FactKey::Org, Fact::Org { enabled: true }) | (FactKey::Role(_) | FactKey::Group(_), _) => {}
            (FactKey::User(id), Fact::User { active: true, .. }) => {
                told.users.entry(id.to_string()).or_default();
            }
            (FactKey::Scope(scope), Fact::Scope { parents }) => {
                told.scopes.insert(scope.as_str(), parents.iter().map(ScopeId::as_str).collect());
            }
            (FactKey::Edge(Member::User(user), group, via), Fact::Edge { spans }) if is_always(spans) => {
                let [direct, by_rule] = told.users.entry(user.to_string()).or_default();
                if *via == Via::Rule { by_rule } else { direct }.push(number(group)?);
            }
            (FactKey::Edge(Member::Group(inner), group, via), Fact::Edge { spans })
                if is_always(spans) && *via != Via::Rule =>
            {
                let (inner, group) = (number(inner)?, number(group)?);
                told.groups.get_mut(inner).ok_or(Failure::Untold)?.parents.push(group);
            }
            (FactKey::Grant(Principal::Group(group), _), Fact::Grant(grant))
                if grant.requires.is_empty() && grant.reach == Reach::Subtree && is_always(&[grant.span]) =>
            {
                let role = *roles.get(&grant.role).ok_or(Failure::Untold)?;
                let group = told.groups.get_mut(number(group)?).ok_or(Failure::Untold)?;
                group.grants.push((role, grant.scope.as_str(), grant.effect == Effect::Deny));
            }
            _ => return Err(Failure::Untold),
        }
    }
    Ok(told)
}

fn is_always(spans: &[Span]) -> bool {
    spans == [Span::ALWAYS]
}

/// The same with the questions.
fn asked<'a>(mut told: Told<'a>, workload: &Workload, snapshot: &Snapshot) -> Told<'a> {
    let allows = |query| decide(snapshot, &query).outcome.is_allow();
    let wire = workload.told();
    for (question, user) in workload.questions().iter().zip(wire.users) {
        let scope = question.scope.clone().unwrap_or_default();
        told.asks.push((user, question.permission.clone(), scope, allows(question.query(NOW))));
    }
    let Some(first) = workload.questions().first() else { return told };
    let everywhere = workload
        .questions()
        .iter()
        .map(|question| allows(Query::new(&first.subject, &question.permission, NOW)));
    let user = told.asks.first().map(|(user, ..)| user.clone()).unwrap_or_default();
    told.one = One { user, allows: everywhere.collect() };
    told
}

const HEAD: &str = "\
# Benchmarks beside others

Written by `cargo xtask bench --peers`; all figures are of one run, in Node. ";

const HOW_TO_READ: &str = "\
The same organisations and questions as in `benchmarks.md`, half of the answers yes. Every engine gets what it is good at: CASL and
the set get the permissions of their one user worked out before; Cedar and the walk get each user's groups and the scopes above
through the same few lines of JavaScript, which are part of their time; Cedar's policies are parsed once. The loop that asks
is part of all times. *Ready* is the time until the first question, reading the organisation's JSON not included. An engine
that needs about a millisecond or more is asked one question at a time, for four seconds at most. *Differs* counts answers
other than those of the core, which the oracle checks. Promised is that one signed-in user asked about by name takes half as
long as with CASL; the aim is a set.";

/// The page of what was measured at each size.
#[must_use]
pub fn markdown(sizes: &[(&str, Vec<Row>)]) -> String {
    let mut page = format!("{HEAD}{} cores.\n\n{HOW_TO_READ}\n", super::cores());
    for (part, title) in [("any", "Any user"), ("one", "One signed-in user, in the whole organisation")] {
        page += &format!("\n## {title}\n\n| engine |");
        sizes
            .iter()
            .for_each(|(name, _)| page += &format!(" {name}: a question | ready | asked | differs |"));
        page += &format!("\n|---|{}\n", "--:|--:|--:|--:|".repeat(sizes.len()));
        let engines =
            sizes.first().into_iter().flat_map(|(_, rows)| rows.iter().filter(|row| row.part == part));
        for Row { engine, .. } in engines {
            page += &format!("| {engine} |");
            for (_, rows) in sizes {
                let row = rows.iter().find(|row| row.part == part && row.engine == *engine);
                page += &row.map(cells).unwrap_or_else(|| " | | | |".to_owned());
            }
            page.push('\n');
        }
    }
    page
}

fn cells(row: &Row) -> String {
    let (question, ready) = (page::duration(row.median_ns), page::duration(row.open_ns));
    format!(" {question} | {ready} | {} | {} |", row.asked, row.differing)
}
