//! Why an answer is what it is: every path that gives access, or the nearest single changes that would.

use alloc::string::String;
use alloc::vec::Vec;

use crate::decide::{Asked, Decision, DenyReason, Outcome, Query, asked, covers_grant, decide, is_denied_in};
use crate::id::{GrantId, GroupId, Instant, RoleId, ScopeId};
use crate::limits::{EXPLAIN_BOUNDS_MAX, EXPLAIN_PATHS_MAX, EXPLAIN_STEPS_MAX};
use crate::view::{
    EVERYONE, Effect, Grant, Grants, GroupState, REALM, Row, Snapshot, Spans, State, Via, sort,
};

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
/// Cost: the simple paths from the user upward, at most [`EXPLAIN_STEPS_MAX`] steps, and up to
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
    let mut decision = decide(snapshot, query);
    decision.valid_until = ending(snapshot, query, &decision);
    let indeterminate = matches!(decision.outcome, Outcome::Indeterminate(_));
    let Some(asked) = asked(snapshot, query).ok().filter(|_| !indeterminate) else {
        return Explanation { decision, paths: Vec::new(), misses: Vec::new() };
    };
    let mut search = Search { state: snapshot.state(), asked: &asked, paths: Vec::new(), misses: Vec::new() };
    search.run();
    let Search { paths, mut misses, .. } = search;
    let key = |path: &Path| (path.groups.len(), path.entry, path_names(snapshot, path), path.grant);
    let mut paths: Vec<_> = paths.into_iter().map(|path| (key(&path), path)).collect();
    sort(&mut paths);
    let paths = paths.into_iter().map(|(_, path)| path).take(EXPLAIN_PATHS_MAX).collect();
    if decision.outcome.is_allow() || matches!(decision.outcome, Outcome::Deny(DenyReason::DeniedBy(_))) {
        misses.clear();
    }
    let mut misses: Vec<_> =
        misses.into_iter().map(|miss| (miss.rank(), miss.name(snapshot), miss)).collect();
    sort(&mut misses);
    let mut misses: Vec<_> = misses.into_iter().map(|(_, _, miss)| miss).collect();
    misses.dedup();
    misses.truncate(EXPLAIN_PATHS_MAX);
    Explanation { decision, paths, misses }
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

fn path_names(snapshot: &Snapshot, path: &Path) -> Vec<String> {
    let groups = path.groups.iter().map(|group| group_name(snapshot, *group));
    groups.chain([role_name(snapshot, path.role)]).map(String::from).collect()
}

fn group_name(snapshot: &Snapshot, group: GroupId) -> &str {
    snapshot.group(group).map_or("", |(slug, _)| slug)
}

fn role_name(snapshot: &Snapshot, role: RoleId) -> &str {
    snapshot.role_name(role).unwrap_or("")
}

impl Miss {
    /// The order of kinds in which misses are listed.
    fn rank(&self) -> u8 {
        match self {
            Self::Disabled(_) => 0,
            Self::Archived(_) => 1,
            Self::ExpiredEdge(_) => 2,
            Self::FutureEdge(_) => 3,
            Self::ExpiredGrant(_) => 4,
            Self::FutureGrant(_) => 5,
            Self::OtherScope(_) => 6,
            Self::Condition(_) => 7,
        }
    }

    fn name(&self, snapshot: &Snapshot) -> String {
        match self {
            Self::Disabled(group)
            | Self::Archived(group)
            | Self::ExpiredEdge(group)
            | Self::FutureEdge(group) => String::from(group_name(snapshot, *group)),
            Self::ExpiredGrant(role) | Self::FutureGrant(role) => String::from(role_name(snapshot, *role)),
            Self::OtherScope(scope) => String::from(scope.as_str()),
            Self::Condition(condition) => condition.clone(),
        }
    }

    fn words(&self) -> &'static str {
        match self {
            Self::Disabled(_) => "disabled ",
            Self::Archived(_) => "archived ",
            Self::ExpiredEdge(_) => "expired ",
            Self::FutureEdge(_) => "future ",
            Self::ExpiredGrant(_) => "expired grant ",
            Self::FutureGrant(_) => "future grant ",
            Self::OtherScope(_) => "other scope ",
            Self::Condition(_) => "requires ",
        }
    }
}

/// How far a search has come: a simple path from the user, with at most one thing amiss.
struct Trail {
    entry: Entry,
    /// By number.
    groups: Vec<u32>,
    amiss: Option<Miss>,
}

impl Trail {
    /// The trail with one thing more amiss; none when something already is.
    fn with(&self, amiss: Option<Miss>) -> Option<Option<Miss>> {
        match (&self.amiss, amiss) {
            (None, amiss) => Some(amiss),
            (Some(before), None) => Some(Some(before.clone())),
            (Some(_), Some(_)) => None,
        }
    }
}

struct Search<'a> {
    state: &'a State,
    asked: &'a Asked,
    paths: Vec<Path>,
    misses: Vec<Miss>,
}

impl Search<'_> {
    /// Walks all simple paths, shortest first, until they end or the step limit is reached.
    fn run(&mut self) {
        let (state, user) = (self.state, self.asked.user);
        let begin = |entry| Trail { entry, groups: Vec::new(), amiss: None };
        self.finish(&begin(Entry::Everyone), state.grants(EVERYONE));
        if let Some(Row::More(more)) = state.users.row(user) {
            self.finish(&begin(Entry::Direct), more.grants);
            if let Some(person) = more.person {
                self.finish(&begin(Entry::Person), state.grants_of_person(person));
            }
        }

        // Taken from the front; what was taken leaves its place.
        let mut waiting: Vec<Option<Trail>> = Vec::new();
        let start = begin(Entry::Direct);
        let mut steps = 0;
        state.each_edge(user, &mut |edge| {
            steps += 1;
            if steps <= EXPLAIN_STEPS_MAX {
                waiting.extend(self.step(&start, edge.group, edge.via, edge.spans).map(Some));
            }
        });
        let mut at = 0;
        while let Some(trail) = waiting.get_mut(at).and_then(Option::take) {
            at += 1;
            let Some(group) = trail.groups.last().copied() else { continue };
            self.finish(&trail, state.grants(group));
            for edge in state.groups.parents(group) {
                steps += 1;
                if steps > EXPLAIN_STEPS_MAX {
                    return;
                }
                waiting.extend(self.step(&trail, edge.group, edge.via, edge.spans).map(Some));
            }
        }
    }

    /// The trail one group further; none when it would run in a circle or two things would be amiss.
    fn step(&self, trail: &Trail, group: u32, via: Via, spans: Spans<'_>) -> Option<Trail> {
        if trail.groups.contains(&group) {
            return None;
        }
        let id = self.state.groups.id(group);
        let edge = edge_amiss(spans, self.asked.at, id);
        // No single change lets a user in whom a rule does not admit now, or whom a deny awaits there.
        if edge.is_some() && (via == Via::Rule || is_denied_in(self.state, self.asked, group)) {
            return None;
        }
        let state = match self.state.groups.state(group)? {
            GroupState::Enabled => None,
            GroupState::Disabled => Some(Miss::Disabled(id)),
            GroupState::Archived => Some(Miss::Archived(id)),
        };
        let entry = if trail.groups.is_empty() { Entry::Edge(via) } else { trail.entry };
        let amiss = trail.with(edge)?;
        let trail = Trail { entry, groups: trail.groups.clone(), amiss };
        let amiss = trail.with(state)?;
        let mut groups = trail.groups;
        groups.push(group);
        Some(Trail { entry, groups, amiss })
    }

    /// Notes what `grants`, at the end of `trail`, give or would give.
    fn finish(&mut self, trail: &Trail, grants: Grants<'_>) {
        // Nobody but a person can be granted anything on the realm, so no other grant is a near miss there.
        if self.asked.place.scope == REALM && trail.entry != Entry::Person {
            return;
        }
        for grant in grants {
            if grant.effect() == Effect::Deny || !self.state.roles.has(grant.role(), self.asked.permission) {
                continue;
            }
            let Some(amiss) = self.grant_amiss(&grant) else { continue };
            match trail.with(amiss) {
                Some(None) => self.paths.push(Path {
                    entry: trail.entry,
                    groups: trail.groups.iter().map(|group| self.state.groups.id(*group)).collect(),
                    grant: grant.id(),
                    role: self.state.roles.id(grant.role()),
                    scope: self.state.scope_id(grant.scope()),
                }),
                Some(Some(miss)) => self.misses.push(miss),
                None => {}
            }
        }
    }

    /// What keeps the grant from counting: nothing, one thing, or (none) several.
    fn grant_amiss(&self, grant: &Grant<'_>) -> Option<Option<Miss>> {
        let role = self.state.roles.id(grant.role());
        let is_elsewhere = !covers_grant(self.state, self.asked, grant);
        let place = is_elsewhere.then(|| Miss::OtherScope(self.state.scope_id(grant.scope())));
        let at = self.asked.at;
        let time = match grant.spans().first() {
            span if span.contains(at) => None,
            span if span.until() <= at => Some(Miss::ExpiredGrant(role)),
            _ => Some(Miss::FutureGrant(role)),
        };
        let conditions = self.state.conditions.names(grant.requires() & !self.asked.asserted).into_iter();
        let conditions = conditions.map(|one| Miss::Condition(String::from(one)));
        let mut amiss = place.into_iter().chain(time).chain(conditions);
        match (amiss.next(), amiss.next()) {
            (first, None) => Some(first),
            (_, Some(_)) => None,
        }
    }
}

/// What keeps an edge with these spans from counting at `at`.
fn edge_amiss(spans: Spans<'_>, at: Instant, group: GroupId) -> Option<Miss> {
    if spans.iter().any(|span| span.contains(at)) {
        return None;
    }
    let future = spans.iter().any(|span| at < span.from());
    Some(if future { Miss::FutureEdge(group) } else { Miss::ExpiredEdge(group) })
}

impl Explanation {
    /// One line in the notation of the world language: `allow: rule emea-sales < sales < quoter`,
    /// `deny: no path near disabled sales`.
    #[must_use]
    pub fn to_text(&self, snapshot: &Snapshot) -> String {
        let outcome = &self.decision.outcome;
        let mut text = String::from(outcome.word());
        text.push_str(": ");
        // The words of a reason are its code with blanks.
        text.extend(outcome.code().chars().map(|letter| if letter == '_' { ' ' } else { letter }));
        match outcome {
            Outcome::Allow => match self.paths.first() {
                Some(path) => path.write(&mut text, snapshot),
                None => text.truncate(outcome.word().len()),
            },
            Outcome::Deny(DenyReason::DeniedBy(role)) => {
                text.push(' ');
                text.push_str(role_name(snapshot, *role));
            }
            Outcome::Deny(DenyReason::ConditionRequired(conditions)) => {
                text.push(' ');
                for (at, name) in conditions.names(snapshot).iter().enumerate() {
                    text.push_str(if at == 0 { "" } else { ", " });
                    text.push_str(name);
                }
            }
            Outcome::Deny(DenyReason::NoPath) => {
                if let Some(miss) = self.misses.first() {
                    text.push_str(" near ");
                    text.push_str(miss.words());
                    text.push_str(&miss.name(snapshot));
                }
            }
            Outcome::Deny(_) | Outcome::Indeterminate(_) => {}
        }
        text
    }
}

impl Path {
    /// Appends the hops, joined by ` < `, from how it begins to the role.
    pub fn write(&self, text: &mut String, snapshot: &Snapshot) {
        text.push_str(match self.entry {
            Entry::Direct => "direct",
            Entry::Person => "person",
            Entry::Everyone => "everyone",
            Entry::Edge(Via::Manual) => "manual ",
            Entry::Edge(Via::Scim) => "scim ",
            Entry::Edge(Via::Rule) => "rule ",
        });
        for (at, group) in self.groups.iter().enumerate() {
            if at > 0 {
                text.push_str(" < ");
            }
            text.push_str(group_name(snapshot, *group));
        }
        text.push_str(" < ");
        text.push_str(role_name(snapshot, self.role));
    }
}
