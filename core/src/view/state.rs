//! The state in memory: everything by number, nothing looked up on the way to an answer.
//!
//! `docs/snapshot-layout.md` says why it lies as it does. In short: a user is a row of group numbers; beside each
//! group lies a filter of the permissions that it speaks about, nesting included, so that most questions cost the
//! row and one word for each group in it. Whatever a row or a filter cannot say leads to the exact walk over edges
//! and grants in [`mod@crate::decide`].
//!
//! Numbers are given out when a snapshot is opened and by deltas for what is new; they are never taken back, so they
//! stay good until another snapshot is opened.

mod derive;
mod edit;
mod facts;
mod ids;
mod lines;
mod read;
mod scopes;
mod users;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::fact::{Effect, GroupState, Reach, Via};
use super::index::Index;
use super::lists::Lists;
use super::order;
use super::texts::{Names, Texts};
use crate::id::{GrantId, GroupId, PersonId, RoleId, Span};

pub(crate) use derive::{ANY_ROLE, Give};
pub(crate) use edit::Edited;
pub(crate) use lines::Lines;
pub(crate) use scopes::{NONE, Places, Scopes, Where};
pub(crate) use users::{MORE_LEN, More, ROW_LEN_MAX, Row, Users};

/// The group number of an empty slot.
pub(crate) const NOBODY: u32 = 0;
/// The group number that says: there is more to know about this user than a row can hold.
pub(crate) const MORE: u32 = 1;
/// The group of all active users, which no row names.
pub(crate) const EVERYONE: u32 = 2;
/// The number of the first real group.
pub(crate) const GROUPS_FROM: u32 = 3;
/// Group numbers from here on do not fit into a slot; who is in such a group has more than a row.
pub(crate) const SLOTS_END: u32 = 1 << 16;

/// The scope number of the organisation.
pub(crate) const ORG: u32 = 0;
/// The scope number of the realm.
pub(crate) const REALM: u32 = 1;
/// The number of the first scope with a name of its own.
pub(crate) const SCOPES_FROM: u32 = 2;

/// All tables of one organisation at one revision.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// None only while a delta is being applied.
    pub(crate) org_enabled: Option<bool>,
    pub(crate) conditions: Conditions,
    pub(crate) permissions: Permissions,
    pub(crate) scopes: Scopes,
    pub(crate) roles: Roles,
    pub(crate) groups: Groups,
    pub(crate) users: Users,
    // INVARIANT: by group, in ascending order of their ids.
    pub(crate) grants: Lists<Grant>,
    // INVARIANT: in ascending order; no person has an empty list.
    pub(crate) persons: Vec<(PersonId, Vec<Grant>)>,
    // INVARIANT: what `derive` makes of the other tables, by group.
    pub(crate) lines: Lines,
    pub(crate) gives: Lists<Give>,
    /// A group has, or once had, too many others above it.
    pub(crate) crowded: bool,
    /// What a slice was asked for; none in a snapshot.
    pub(crate) coverage: Option<Coverage>,
    /// Differs with the bytes that were opened: what handles are good for.
    pub(crate) base: u32,
}

/// What a slice can answer about: its one user, its permissions, and these.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coverage {
    // INVARIANT: ascending; permissions that were asked for and that no role has.
    pub(crate) unknown: Vec<String>,
    // INVARIANT: ascending; the organisation is always covered.
    pub(crate) scopes: Vec<u32>,
}

impl Coverage {
    /// Whether a slice can say what holds at a place.
    pub(crate) fn has_place(&self, place: &Where) -> bool {
        let covers = |scope: u32| scope == ORG || self.scopes.binary_search(&scope).is_ok();
        covers(place.scope) && (place.parent == NONE || covers(place.parent))
    }
}

/// The names of conditions; bit `n` of a set stands for the one at `n`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions {
    // INVARIANT: at most as many as a set has bits; a place is never given to another name.
    pub(crate) all: Vec<String>,
}

/// The permissions, and which roles have each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Permissions {
    pub(crate) names: Names,
    // INVARIANT: `Roles::permissions` from the other side, ascending.
    pub(crate) roles: Lists<u32>,
    /// Whether the names are those of a slice: some role has each, though perhaps none that is told.
    pub(crate) is_slice: bool,
}

/// The roles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roles {
    pub(crate) rows: Vec<RoleRow>,
    pub(crate) names: Texts,
    pub(crate) by_id: Index,
    // INVARIANT: ascending.
    pub(crate) permissions: Lists<u32>,
    // INVARIANT: ascending; the roles below, at any depth.
    pub(crate) includes: Lists<u32>,
    // INVARIANT: the groups, EVERYONE too, once for each grant of the role to them.
    pub(crate) holders: Lists<u32>,
}

/// What is short about a role.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RoleRow {
    pub(crate) id: RoleId,
    pub(crate) present: bool,
    /// A deny grant of it is there, or once was.
    pub(crate) denied: bool,
    /// Grants of it, to anybody, and roles that include it.
    pub(crate) named: u32,
}

/// The groups; the first [`GROUPS_FROM`] numbers stand for something else.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups {
    pub(crate) rows: Vec<GroupRow>,
    pub(crate) slugs: Texts,
    pub(crate) by_id: Index,
    // INVARIANT: in ascending order of group and origin.
    pub(crate) parents: Lists<Edge>,
    // INVARIANT: `parents` from the other side, once for each edge.
    pub(crate) children: Lists<u32>,
}

/// What is short about a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GroupRow {
    pub(crate) id: GroupId,
    /// None when the group is not there (any more).
    pub(crate) state: Option<GroupState>,
    /// How members in rows came in.
    pub(crate) usual: Via,
    /// Edges from users into the group.
    pub(crate) members: u32,
}

/// An edge from a user or a group into a group.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub(crate) group: u32,
    pub(crate) via: Via,
    pub(crate) spans: Spans,
}

impl Edge {
    fn key(&self) -> (u32, Via) {
        (self.group, self.via)
    }
}

/// When an edge holds; nothing is kept for one that always does.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Spans(
    // Boxed twice, so that an edge is short: hardly any has spans of its own.
    Option<Box<Box<[Span]>>>,
);

impl Spans {
    pub(crate) fn new(spans: &[Span]) -> Self {
        if spans == [Span::ALWAYS] { Self(None) } else { Self(Some(Box::new(spans.into()))) }
    }

    pub(crate) fn as_slice(&self) -> &[Span] {
        self.0.as_ref().map_or(&[Span::ALWAYS], |spans| spans)
    }

    pub(crate) const fn is_always(&self) -> bool {
        self.0.is_none()
    }
}

/// A grant, found from its principal.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) id: GrantId,
    pub(crate) role: u32,
    // INVARIANT: a scope's number, with the two bits below.
    place: u32,
    terms: Terms,
}

/// The grant counts at its scope alone.
const EXACT: u32 = 1 << 31;
/// The grant is a deny.
const DENY: u32 = 1 << 30;

/// Which conditions a grant requires and when it holds; nothing is kept for one that requires none and always does.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Terms(Option<Box<(u64, Span)>>);

impl Terms {
    pub(crate) fn new(requires: u64, span: Span) -> Self {
        let is_plain = requires == 0 && span == Span::ALWAYS;
        Self((!is_plain).then(|| Box::new((requires, span))))
    }
}

impl Grant {
    pub(crate) fn new(
        id: GrantId,
        role: u32,
        (scope, reach, effect): (u32, Reach, Effect),
        terms: Terms,
    ) -> Self {
        let exact = if reach == Reach::Exact { EXACT } else { 0 };
        let deny = if effect == Effect::Deny { DENY } else { 0 };
        Self { id, role, place: scope & !(EXACT | DENY) | exact | deny, terms }
    }

    pub(crate) const fn scope(&self) -> u32 {
        self.place & !(EXACT | DENY)
    }

    pub(crate) const fn reach(&self) -> Reach {
        if self.place & EXACT == 0 { Reach::Subtree } else { Reach::Exact }
    }

    pub(crate) const fn effect(&self) -> Effect {
        if self.place & DENY == 0 { Effect::Allow } else { Effect::Deny }
    }

    /// Whether it gives at any time to any caller.
    pub(crate) fn is_plain(&self) -> bool {
        self.place & DENY == 0 && self.terms.0.is_none()
    }

    /// The set of [`Conditions`] that it requires.
    pub(crate) fn requires(&self) -> u64 {
        self.terms.0.as_ref().map_or(0, |terms| terms.0)
    }

    /// When it holds.
    pub(crate) fn span(&self) -> Span {
        self.terms.0.as_ref().map_or(Span::ALWAYS, |terms| terms.1)
    }
}

impl Conditions {
    /// The set of those among `names` that are known.
    pub(crate) fn set_of(&self, names: &[&str]) -> u64 {
        let known = self.all.iter().zip(0u32..);
        known.fold(0, |set, (name, at)| if names.contains(&name.as_str()) { set | 1 << at } else { set })
    }

    /// The names in a set, in order.
    pub(crate) fn names(&self, set: u64) -> Vec<&str> {
        let known = self.all.iter().zip(0u32..);
        let mut names: Vec<&str> =
            known.filter(|(_, at)| set >> at & 1 == 1).map(|(name, _)| name.as_str()).collect();
        order::sort(&mut names);
        names
    }
}

impl Permissions {
    /// Whether any role has it.
    pub(crate) fn is_known(&self, permission: u32) -> bool {
        self.is_slice || !self.roles.get(permission).is_empty()
    }
}

impl Roles {
    pub(crate) fn find(&self, id: RoleId) -> Option<u32> {
        self.by_id
            .of_id(id.as_u128())
            .find(|number| self.rows.get(*number as usize).is_some_and(|row| row.id == id))
    }

    pub(crate) fn id(&self, number: u32) -> RoleId {
        self.rows.get(number as usize).map_or(RoleId::from_u128(0), |row| row.id)
    }

    /// Adds a role that is not there yet.
    pub(crate) fn push(&mut self, id: RoleId, present: bool) -> u32 {
        let number = self.rows.len() as u32;
        self.rows.push(RoleRow { id, present, denied: false, named: 0 });
        let rows = &self.rows;
        self.by_id.insert_id(number, |one| rows.get(one as usize).map_or(0, |row| row.id.as_u128()));
        number
    }

    /// Counts that something names the role once more.
    pub(crate) fn name_once(&mut self, number: u32) {
        if let Some(row) = self.rows.get_mut(number as usize) {
            row.named += 1;
        }
    }

    /// Keeps in mind that somebody is denied the role.
    pub(crate) fn deny(&mut self, number: u32) {
        if let Some(row) = self.rows.get_mut(number as usize) {
            row.denied = true;
        }
    }

    /// Whether a deny of the role may hold for anybody.
    pub(crate) fn is_denied(&self, number: u32) -> bool {
        self.rows.get(number as usize).is_some_and(|row| row.denied)
    }

    /// Counts that something names the role no more.
    pub(crate) fn unname_once(&mut self, number: u32) {
        if let Some(row) = self.rows.get_mut(number as usize) {
            row.named = row.named.saturating_sub(1);
        }
    }

    /// Whether the role has the permission.
    pub(crate) fn has(&self, role: u32, permission: u32) -> bool {
        self.permissions.get(role).binary_search(&permission).is_ok()
    }
}

impl Groups {
    pub(crate) fn find(&self, id: GroupId) -> Option<u32> {
        let mut candidates = self.by_id.of_id(id.as_u128());
        candidates.find(|number| self.rows.get(*number as usize).is_some_and(|row| row.id == id))
    }

    /// Adds a group that is not there yet.
    pub(crate) fn push(&mut self, row: GroupRow) -> u32 {
        let number = self.rows.len() as u32;
        self.rows.push(row);
        if number >= GROUPS_FROM {
            let rows = &self.rows;
            self.by_id.insert_id(number, |one| rows.get(one as usize).map_or(0, |row| row.id.as_u128()));
        }
        number
    }

    pub(crate) fn id(&self, number: u32) -> GroupId {
        self.rows.get(number as usize).map_or(GroupId::from_u128(0), |row| row.id)
    }

    pub(crate) fn state(&self, number: u32) -> Option<GroupState> {
        self.rows.get(number as usize).and_then(|row| row.state)
    }

    pub(crate) fn is_enabled(&self, number: u32) -> bool {
        self.state(number) == Some(GroupState::Enabled)
    }

    pub(crate) fn usual(&self, number: u32) -> Via {
        self.rows.get(number as usize).map_or(Via::Manual, |row| row.usual)
    }
}

/// An empty organisation's groups: what the first numbers stand for.
impl Groups {
    pub(crate) fn new(seed: u64, count: usize) -> Self {
        let none = GroupRow { id: GroupId::from_u128(0), state: None, usual: Via::Manual, members: 0 };
        let mut groups = Self { by_id: Index::new(seed, count), ..Self::default() };
        for _ in 0..GROUPS_FROM {
            groups.push(none);
            groups.slugs.push("");
        }
        if let Some(everyone) = groups.rows.get_mut(EVERYONE as usize) {
            everyone.state = Some(GroupState::Enabled);
        }
        groups
    }
}

impl State {
    /// Gives back the room that growing left over.
    fn shrink(&mut self) {
        self.permissions.roles.shrink();
        self.scopes.shrink();
        self.roles.permissions.shrink();
        self.roles.includes.shrink();
        self.groups.rows.shrink_to_fit();
        self.groups.slugs.shrink();
        self.groups.parents.shrink();
        self.users.names.shrink();
        self.grants.shrink();
        self.gives.shrink();
    }

    /// The grants of a person.
    pub(crate) fn grants_of_person(&self, person: PersonId) -> &[Grant] {
        let at = self.persons.binary_search_by_key(&person, |(one, _)| *one);
        at.ok().and_then(|at| self.persons.get(at)).map_or(&[], |(_, grants)| grants)
    }
}
