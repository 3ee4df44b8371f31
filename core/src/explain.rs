//! Why an answer is what it is: every path that gives access, or the nearest single changes that would.

mod search;

use alloc::string::String;
use alloc::vec::Vec;

use crate::decide::{Asked, Decision, DenyReason, Outcome, Query, decide, decide_asked};
use crate::id::{GrantId, GroupId, Instant, RoleId, ScopeId};
use crate::limits::{EXPLAIN_BOUNDS_MAX, EXPLAIN_PATHS_MAX};
use crate::view::{Snapshot, Via};

use search::{Found, Kind, Search};

/// A decision with its reasons.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// What [`decide`] answers; `valid_until` is the very moment at which the answer becomes another one, as far as
    /// this state knows.
    pub decision: Decision,
    /// The ways in which access is given, shortest first; at most [`EXPLAIN_PATHS_MAX`].
    pub paths: Vec<Path>,
    /// For a denial, the single changes that would each give access, in order of kind and name.
    pub misses: Vec<Miss>,
}

/// One way from a user to a role.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Path {
    /// How it begins.
    pub entry: Entry,
    /// The groups that it leads through, from the user upward.
    pub groups: Vec<GroupId>,
    /// The grant at its end.
    pub grant: GrantId,
    /// The role that the grant gives.
    pub role: RoleId,
    /// Where it gives it.
    pub scope: ScopeId,
}

/// How a path begins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Entry {
    /// The grant names the user.
    Direct,
    /// The grant names the person that the user is.
    Person,
    /// The user is in the first group, by an edge of this origin.
    Edge(Via),
    /// The grant is for everyone.
    Everyone,
}

/// One thing that stands between a user and access.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Miss {
    /// A group on the path is disabled.
    Disabled(GroupId),
    /// A group on the path is archived.
    Archived(GroupId),
    /// The membership in this group has ended.
    ExpiredEdge(GroupId),
    /// The membership in this group has not begun.
    FutureEdge(GroupId),
    /// The grant of this role has ended.
    ExpiredGrant(RoleId),
    /// The grant of this role has not begun.
    FutureGrant(RoleId),
    /// It is granted somewhere else.
    OtherScope(ScopeId),
    /// The caller would have to assert this.
    Condition(String),
}

/// Decides `query` and says why.
///
/// Cost: the simple paths from the user upward, at most [`EXPLAIN_STEPS_MAX`](crate::limits::EXPLAIN_STEPS_MAX) steps, and up to
/// [`EXPLAIN_BOUNDS_MAX`] more decisions.
///
/// ```
/// # use cohort_core::{decide::*, explain::explain, encode::{self, Validity}, graph::Graph, id::*, view::Snapshot};
/// # let graph = Graph::new(OrgId::from_u128(1));
/// # let now = Instant::from_millis(0);
/// # let bytes = encode::snapshot(graph.org(), Revision::new(1), Validity::from_now(now, 1000), graph.facts());
/// let snapshot = Snapshot::open(&bytes)?;
/// let explanation = explain(&snapshot, &Query::new("nobody", "doc:read", now));
/// assert_eq!(explanation.to_text(&snapshot), "deny: unknown user");
/// # Ok::<(), cohort_core::view::OpenError>(())
/// ```
#[must_use]
pub fn explain(snapshot: &Snapshot, query: &Query<'_>) -> Explanation {
    let mut asked = Asked::NOTHING;
    let mut decision = decide_asked(snapshot, query, &mut asked);
    let calls_for_paths = match decision.outcome {
        Outcome::Allow | Outcome::Deny(DenyReason::DeniedBy(_)) => Some(true),
        Outcome::Deny(DenyReason::NoPath | DenyReason::ConditionRequired(_)) => Some(false),
        Outcome::Deny(_) | Outcome::Indeterminate(_) => None,
    };
    decision.valid_until = ending(snapshot, query, &decision);
    let mut explanation = Explanation { decision, paths: Vec::new(), misses: Vec::new() };
    let Some(is_for_paths) = calls_for_paths else { return explanation };
    let mut search = Search::new(snapshot.state(), &asked, is_for_paths);
    for _ in 0..EXPLAIN_PATHS_MAX {
        let Some(found) = search.next() else { break };
        match Miss::of(&search, &found) {
            Some(miss) => explanation.misses.push(miss),
            None => explanation.paths.push(Path::of(&search, &found)),
        }
    }
    explanation
}

/// The line that [`Explanation::to_text`] gives, without the rest of the explanation.
///
/// Cost: that of [`explain`], but for its further decisions.
///
/// ```
/// # use cohort_core::{decide::*, explain::line, encode::{self, Validity}, graph::Graph, id::*, view::Snapshot};
/// # let graph = Graph::new(OrgId::from_u128(1));
/// # let now = Instant::from_millis(0);
/// # let bytes = encode::snapshot(graph.org(), Revision::new(1), Validity::from_now(now, 1000), graph.facts());
/// let snapshot = Snapshot::open(&bytes)?;
/// assert_eq!(line(&snapshot, &Query::new("nobody", "doc:read", now)), "deny: unknown user");
/// # Ok::<(), cohort_core::view::OpenError>(())
/// ```
#[must_use]
pub fn line(snapshot: &Snapshot, query: &Query<'_>) -> String {
    let mut asked = Asked::NOTHING;
    let outcome = decide_asked(snapshot, query, &mut asked).outcome;
    let mut text = told(snapshot, &outcome);
    if matches!(outcome, Outcome::Allow | Outcome::Deny(DenyReason::NoPath)) {
        let mut search = Search::new(snapshot.state(), &asked, outcome.is_allow());
        match search.next() {
            Some(found) if outcome.is_allow() => {
                let (entry, groups) = search.path(&found);
                let slugs = groups.iter().map(|group| search.slug(*group));
                add(&mut text, ": ");
                write_path(&mut text, entry, slugs, search.role(found.grant.role()));
            }
            Some(found) => write_miss(&mut text, found.amiss.kind, search.name(found.amiss)),
            None => {}
        }
    }
    text
}

/// When the answer becomes another one: [`decide`] gives the nearest bound, whether or not it matters.
fn ending(snapshot: &Snapshot, query: &Query<'_>, decision: &Decision) -> Instant {
    let mut until = decision.valid_until;
    for _ in 0..EXPLAIN_BOUNDS_MAX {
        if until >= snapshot.header().valid_until {
            break;
        }
        let later = decide(snapshot, &Query { at: until, ..*query });
        if later.outcome != decision.outcome {
            break;
        }
        until = later.valid_until;
    }
    until
}

impl Path {
    fn of(search: &Search<'_>, found: &Found<'_>) -> Self {
        let (entry, groups) = search.path(found);
        Self {
            entry,
            groups: groups.iter().map(|group| search.group_id(*group)).collect(),
            grant: found.grant.id(),
            role: search.role_id(found.grant.role()),
            scope: search.scope_id(found.grant.scope()),
        }
    }

    /// Appends the hops, joined by ` < `, from how it begins to the role.
    pub fn write(&self, text: &mut String, snapshot: &Snapshot) {
        let slugs = self.groups.iter().map(|group| slug(snapshot, *group));
        write_path(text, self.entry, slugs, role_name(snapshot, self.role));
    }
}

impl Miss {
    /// None when nothing is amiss.
    fn of(search: &Search<'_>, found: &Found<'_>) -> Option<Self> {
        let of = found.amiss.of;
        Some(match found.amiss.kind {
            Kind::Nothing | Kind::Several => return None,
            Kind::Disabled => Self::Disabled(search.group_id(of)),
            Kind::Archived => Self::Archived(search.group_id(of)),
            Kind::ExpiredEdge => Self::ExpiredEdge(search.group_id(of)),
            Kind::FutureEdge => Self::FutureEdge(search.group_id(of)),
            Kind::ExpiredGrant => Self::ExpiredGrant(search.role_id(of)),
            Kind::FutureGrant => Self::FutureGrant(search.role_id(of)),
            Kind::OtherScope => Self::OtherScope(search.scope_id(of)),
            Kind::Condition => Self::Condition(String::from(search.name(found.amiss))),
        })
    }

    fn write(&self, text: &mut String, snapshot: &Snapshot) {
        let (kind, name) = match self {
            Self::Disabled(group) => (Kind::Disabled, slug(snapshot, *group)),
            Self::Archived(group) => (Kind::Archived, slug(snapshot, *group)),
            Self::ExpiredEdge(group) => (Kind::ExpiredEdge, slug(snapshot, *group)),
            Self::FutureEdge(group) => (Kind::FutureEdge, slug(snapshot, *group)),
            Self::ExpiredGrant(role) => (Kind::ExpiredGrant, role_name(snapshot, *role)),
            Self::FutureGrant(role) => (Kind::FutureGrant, role_name(snapshot, *role)),
            Self::OtherScope(scope) => (Kind::OtherScope, scope.as_str()),
            Self::Condition(condition) => (Kind::Condition, condition.as_str()),
        };
        write_miss(text, kind, name);
    }
}

fn slug(snapshot: &Snapshot, group: GroupId) -> &str {
    snapshot.group(group).map_or("", |(slug, _)| slug)
}

fn role_name(snapshot: &Snapshot, role: RoleId) -> &str {
    snapshot.role_name(role).unwrap_or("")
}

impl Explanation {
    /// One line in the notation of the world language: `allow: rule emea-sales < sales < quoter`,
    /// `deny: no path near disabled sales`.
    #[must_use]
    pub fn to_text(&self, snapshot: &Snapshot) -> String {
        let outcome = &self.decision.outcome;
        let mut text = told(snapshot, outcome);
        match (outcome, self.paths.first(), self.misses.first()) {
            (Outcome::Allow, Some(path), _) => {
                add(&mut text, ": ");
                path.write(&mut text, snapshot);
            }
            (Outcome::Deny(DenyReason::NoPath), _, Some(miss)) => miss.write(&mut text, snapshot),
            _ => {}
        }
        text
    }
}

/// What an answer says by itself: `allow`, `deny: denied by intern`.
fn told(snapshot: &Snapshot, outcome: &Outcome) -> String {
    let mut text = String::new();
    add(&mut text, outcome.word());
    if outcome.is_allow() {
        return text;
    }
    add(&mut text, ": ");
    // The words of a reason are its code with blanks.
    for letter in outcome.code().chars() {
        text.push(if letter == '_' { ' ' } else { letter });
    }
    match outcome {
        Outcome::Deny(DenyReason::DeniedBy(role)) => {
            add(&mut text, " ");
            add(&mut text, role_name(snapshot, *role));
        }
        Outcome::Deny(DenyReason::ConditionRequired(conditions)) => {
            let mut before = " ";
            conditions.each_name(snapshot, &mut |name| {
                add(&mut text, before);
                add(&mut text, name);
                before = ", ";
            });
        }
        Outcome::Allow | Outcome::Deny(_) | Outcome::Indeterminate(_) => {}
    }
    text
}

fn write_path<'a>(text: &mut String, entry: Entry, slugs: impl Iterator<Item = &'a str>, role: &str) {
    let entry = match entry {
        Entry::Direct => "direct",
        Entry::Person => "person",
        Entry::Everyone => "everyone",
        Entry::Edge(Via::Manual) => "manual",
        Entry::Edge(Via::Scim) => "scim",
        Entry::Edge(Via::Rule) => "rule",
    };
    add(text, entry);
    let mut before = " ";
    for slug in slugs {
        add(text, before);
        add(text, slug);
        before = " < ";
    }
    add(text, " < ");
    add(text, role);
}

fn write_miss(text: &mut String, kind: Kind, name: &str) {
    let kind = match kind {
        Kind::Nothing | Kind::Several => "",
        Kind::Disabled => "disabled ",
        Kind::Archived => "archived ",
        Kind::ExpiredEdge => "expired ",
        Kind::FutureEdge => "future ",
        Kind::ExpiredGrant => "expired grant ",
        Kind::FutureGrant => "future grant ",
        Kind::OtherScope => "other scope ",
        Kind::Condition => "requires ",
    };
    add(text, " near ");
    add(text, kind);
    add(text, name);
}

/// Appends; one function, for it is called from many places.
#[inline(never)]
fn add(text: &mut String, words: &str) {
    text.push_str(words);
}
