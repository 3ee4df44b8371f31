//! The simple paths from a user upward and what they end at, all by number.

use alloc::vec::Vec;

use super::Entry;
use crate::decide::{Asked, covers_grant, is_denied_in};
use crate::id::{GroupId, Instant, RoleId, ScopeId};
use crate::limits::EXPLAIN_STEPS_MAX;
use crate::view::{EVERYONE, Edge, Effect, Grant, Grants, GroupState, Key, REALM, Spans, State, Via};

/// What keeps a path from giving access, in the order in which misses are listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Nothing,
    Disabled,
    Archived,
    ExpiredEdge,
    FutureEdge,
    ExpiredGrant,
    FutureGrant,
    OtherScope,
    Condition,
    /// More than a single change could mend.
    Several,
}

/// What is amiss on a trail: the kind, and the number of the group, role, scope or condition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Amiss {
    pub(super) kind: Kind,
    pub(super) of: u32,
}

impl Amiss {
    fn add(&mut self, kind: Kind, of: u32) {
        let kind = if self.kind == Kind::Nothing { kind } else { Kind::Several };
        *self = Self { kind, of };
    }
}

/// How far a search has come: a simple path from the user, with at most one thing amiss.
#[derive(Clone, Copy, Debug)]
struct Trail {
    entry: Entry,
    amiss: Amiss,
    /// The group that it has come to; a number that no group has where it begins.
    group: u32,
    /// The number of the trail that led there; a number that no trail has where it begins.
    before: u32,
    /// How many groups it leads through.
    len: u32,
}

/// What a number says that nothing has.
const NONE: u32 = u32::MAX;

/// A grant at the end of a trail, and what keeps it from giving access.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found<'a> {
    trail: u32,
    pub(super) grant: Grant<'a>,
    pub(super) amiss: Amiss,
}

/// A search for all that gives, or would give, what was asked for.
pub(super) struct Search<'a> {
    state: &'a State,
    asked: &'a Asked,
    /// Whether to note what gives access, or what nearly does.
    is_for_paths: bool,
    // INVARIANT: a trail lies behind the one that it goes on from.
    trails: Vec<Trail>,
    steps: usize,
    found: Vec<Found<'a>>,
    /// The key of what was given last.
    last: Vec<u8>,
}

impl<'a> Search<'a> {
    /// What there is to be found about a question that was answered.
    pub(super) fn new(state: &'a State, asked: &'a Asked, is_for_paths: bool) -> Self {
        let (trails, found, last) = (Vec::new(), Vec::new(), Vec::new());
        let mut search = Self { state, asked, is_for_paths, trails, steps: 0, found, last };
        search.run();
        search
    }

    /// Follows all simple paths, shortest first, until they end or the step limit is reached.
    fn run(&mut self) {
        let (state, user) = (self.state, self.asked.user);
        self.begin(Entry::Everyone, state.grants(EVERYONE));
        let row = state.users.row(user);
        self.begin(Entry::Direct, row.grants());
        self.begin(Entry::Person, state.grants_of_person(row.person()));
        let mut at = self.trails.len();
        state.each_edge(user, &mut |edge| {
            if self.steps < EXPLAIN_STEPS_MAX {
                self.step(0, &edge);
            }
        });
        while let Some(trail) = self.trails.get(at) {
            let group = trail.group;
            self.finish(at, state.grants(group));
            for edge in state.groups.parents(group) {
                if self.steps >= EXPLAIN_STEPS_MAX {
                    return;
                }
                self.step(at, &edge);
            }
            at += 1;
        }
    }

    /// Begins a trail that ends at once.
    fn begin(&mut self, entry: Entry, grants: Grants<'a>) {
        let amiss = Amiss { kind: Kind::Nothing, of: NONE };
        self.trails.push(Trail { entry, amiss, group: NONE, before: NONE, len: 0 });
        self.finish(self.trails.len() - 1, grants);
    }

    /// Goes one group further, unless that would be a circle or two things would be amiss.
    fn step(&mut self, from: usize, edge: &Edge<'_>) {
        let Edge { group, via, spans } = *edge;
        self.steps += 1;
        let Some(mut trail) = self.trails.get(from).copied() else { return };
        let mut before = from as u32;
        while let Some(one) = self.back(&mut before) {
            if one == group {
                return;
            }
        }
        let edge = edge_amiss(spans, self.asked.at);
        if edge != Kind::Nothing {
            trail.amiss.add(edge, group);
        }
        match self.state.groups.state(group) {
            None => return,
            Some(GroupState::Enabled) => {}
            Some(GroupState::Disabled) => trail.amiss.add(Kind::Disabled, group),
            Some(GroupState::Archived) => trail.amiss.add(Kind::Archived, group),
        }
        // No single change lets a user in whom a rule does not admit now, or whom a deny awaits there.
        let is_shut = || via == Via::Rule || is_denied_in(self.state, self.asked, group);
        if trail.amiss.kind == Kind::Several || edge != Kind::Nothing && is_shut() {
            return;
        }
        if trail.len == 0 {
            trail.entry = Entry::Edge(via);
        }
        let (before, len) = (from as u32, trail.len + 1);
        self.trails.push(Trail { group, before, len, ..trail });
    }

    /// Notes what `grants`, at the end of a trail, give or would give.
    fn finish(&mut self, at: usize, grants: Grants<'a>) {
        let Some(trail) = self.trails.get(at).copied() else { return };
        // Nobody but a person can be granted anything on the realm, so no other grant is a near miss there.
        if self.asked.place.scope == REALM && trail.entry != Entry::Person {
            return;
        }
        let having = self.state.permissions.having(self.asked.permission);
        for grant in grants {
            if grant.effect() == Effect::Deny || !having.has(grant.role()) {
                continue;
            }
            let mut amiss = trail.amiss;
            self.weigh(&grant, &mut amiss);
            if amiss.kind != Kind::Several && (amiss.kind == Kind::Nothing) == self.is_for_paths {
                self.found.push(Found { trail: at as u32, grant, amiss });
            }
        }
    }

    /// Adds what keeps a grant from counting.
    fn weigh(&self, grant: &Grant<'_>, amiss: &mut Amiss) {
        if !covers_grant(self.state, self.asked, grant) {
            amiss.add(Kind::OtherScope, grant.scope());
        }
        let (span, at) = (grant.spans().first(), self.asked.at);
        if !span.contains(at) {
            let kind = if span.until() <= at { Kind::ExpiredGrant } else { Kind::FutureGrant };
            amiss.add(kind, grant.role());
        }
        let mut lacking = self.asked.lacking(grant);
        while lacking != 0 {
            amiss.add(Kind::Condition, lacking.trailing_zeros());
            lacking &= lacking - 1;
        }
    }

    /// What was found and comes next in order: paths shortest first, then by how they begin, by names and by ids;
    /// misses by kind, name and id, equal ones once.
    pub(super) fn next(&mut self) -> Option<Found<'a>> {
        let (mut next, mut least, mut key) = (None, Vec::new(), Vec::new());
        for found in &self.found {
            key.clear();
            self.write_key(&mut key, found);
            if key > self.last && (least.is_empty() || key < least) {
                core::mem::swap(&mut key, &mut least);
                next = Some(*found);
            }
        }
        self.last = least;
        next
    }

    /// Writes bytes that are in the order of what they stand for. No name has a control character, so a zero ends it.
    fn write_key(&self, key: &mut Vec<u8>, found: &Found<'_>) {
        if !self.is_for_paths {
            key.push(found.amiss.kind as u8);
            push_name(key, self.name(found.amiss));
            return push_number(key, self.id(found.amiss));
        }
        let (entry, groups) = self.path(found);
        push_number(key, [0, groups.len() as u64]);
        key.push(match entry {
            Entry::Direct => 0,
            Entry::Person => 1,
            Entry::Edge(via) => 2 + via as u8,
            Entry::Everyone => 5,
        });
        for group in &groups {
            push_name(key, self.slug(*group));
        }
        push_name(key, self.role(found.grant.role()));
        push_number(key, found.grant.key());
        for group in &groups {
            push_number(key, self.state.groups.key(*group));
        }
        push_number(key, [0, u64::from(found.trail)]);
    }

    /// The group that a trail has come to; `trail` becomes the one before.
    fn back(&self, trail: &mut u32) -> Option<u32> {
        let last = self.trails.get(*trail as usize).filter(|trail| trail.len > 0)?;
        *trail = last.before;
        Some(last.group)
    }

    /// How the path to `found` begins, and the groups on it.
    pub(super) fn path(&self, found: &Found<'_>) -> (Entry, Vec<u32>) {
        let (mut groups, mut at) = (Vec::new(), found.trail);
        while let Some(group) = self.back(&mut at) {
            groups.push(group);
        }
        groups.reverse();
        (self.trails.get(found.trail as usize).map_or(Entry::Everyone, |trail| trail.entry), groups)
    }

    /// The name of what is amiss.
    pub(super) fn name(&self, amiss: Amiss) -> &'a str {
        match amiss.kind {
            Kind::Nothing | Kind::Several => "",
            Kind::Disabled | Kind::Archived | Kind::ExpiredEdge | Kind::FutureEdge => self.slug(amiss.of),
            Kind::ExpiredGrant | Kind::FutureGrant => self.role(amiss.of),
            Kind::OtherScope => self.state.scopes.names.get(amiss.of),
            Kind::Condition => self.state.conditions.names.get(amiss.of),
        }
    }

    /// The id of what is amiss, where a name alone does not tell.
    fn id(&self, amiss: Amiss) -> Key {
        match amiss.kind {
            Kind::Disabled | Kind::Archived | Kind::ExpiredEdge | Kind::FutureEdge => {
                self.state.groups.key(amiss.of)
            }
            Kind::ExpiredGrant | Kind::FutureGrant => self.state.roles.ids.get(amiss.of),
            Kind::OtherScope | Kind::Condition | Kind::Nothing | Kind::Several => Key::default(),
        }
    }

    pub(super) fn slug(&self, group: u32) -> &'a str {
        self.state.groups.slugs.get(group)
    }

    pub(super) fn role(&self, role: u32) -> &'a str {
        self.state.roles.names.get(role)
    }

    pub(super) fn group_id(&self, group: u32) -> GroupId {
        self.state.groups.id(group)
    }

    pub(super) fn role_id(&self, role: u32) -> RoleId {
        self.state.roles.id(role)
    }

    pub(super) fn scope_id(&self, scope: u32) -> ScopeId {
        self.state.scope_id(scope)
    }
}

fn push_name(key: &mut Vec<u8>, name: &str) {
    key.extend_from_slice(name.as_bytes());
    key.push(0);
}

fn push_number(key: &mut Vec<u8>, number: Key) {
    for word in &number {
        for shift in (0..u64::BITS).step_by(8).rev() {
            key.push((word >> shift) as u8);
        }
    }
}

/// What keeps an edge with these spans from counting at `at`.
fn edge_amiss(spans: Spans<'_>, at: Instant) -> Kind {
    let mut kind = Kind::ExpiredEdge;
    for span in spans.iter() {
        if span.contains(at) {
            return Kind::Nothing;
        }
        if at < span.from() {
            kind = Kind::FutureEdge;
        }
    }
    kind
}
