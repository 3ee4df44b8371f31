//! The state in memory: everything by number, nothing looked up on the way to an answer.
//!
//! `docs/snapshot-layout.md` says why it lies as it does. In short: a user is a row of group numbers; beside each
//! group lies a filter of the permissions that it speaks about, nesting included, so that most questions cost the
//! row and one word for each group in it. Whatever a row or a filter cannot say leads to the exact walk over edges
//! and grants in [`mod@crate::decide`].
//!
//! Numbers are given out when a snapshot is opened and by deltas for what is new; they are never taken back, so they
//! stay good until another snapshot is opened.

mod check;
mod derive;
mod edge;
mod grant;
mod ids;
mod lines;
mod put;
mod read;
mod scopes;
mod tell;
mod users;

use alloc::vec::Vec;

use super::fact::{GroupState, Via};
use super::keys::{Key, Keys};
use super::lists::Lists;
use super::texts::{Names, Texts};
use crate::id::{GroupId, RoleId};
use crate::limits::CONDITIONS_MAX;

pub(crate) use derive::{ANY_ROLE, Give};
pub(crate) use edge::{Edge, Edges, Spans};
pub(crate) use grant::{Grant, Grants};
pub(crate) use lines::{ANY_LINE, Bits, Lines};
pub(crate) use put::Edited;
pub(crate) use scopes::{NONE, Places, Scopes, Where};
pub(crate) use users::{MORE_LEN, ROW_LEN_MAX, Row, Users};

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
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// None only while a delta is being applied.
    pub(crate) org_enabled: Option<bool>,
    pub(crate) conditions: Conditions,
    pub(crate) permissions: Permissions,
    pub(crate) scopes: Scopes,
    pub(crate) roles: Roles,
    pub(crate) groups: Groups,
    pub(crate) users: Users,
    // INVARIANT: by group, the words of its grants.
    grants: Lists,
    /// The persons that users are, or that something is granted to.
    pub(crate) persons: Keys,
    // INVARIANT: by person, the same.
    person_grants: Lists,
    // INVARIANT: what `derive` makes of the other tables, by group.
    pub(crate) lines: Lines,
    gives: Lists,
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
    /// Permissions that were asked for and that no role has.
    pub(crate) unknown: Texts,
    // INVARIANT: ascending; the organisation is always covered.
    pub(crate) scopes: Vec<u32>,
}

impl Coverage {
    /// Whether a permission was asked for that no role has.
    pub(crate) fn is_unknown(&self, permission: &str) -> bool {
        (0..self.unknown.len() as u32).any(|at| self.unknown.get(at) == permission)
    }

    /// Whether a slice can say what holds at a place.
    pub(crate) fn has_place(&self, place: &Where) -> bool {
        let covers = |scope: u32| scope == ORG || self.scopes.binary_search(&scope).is_ok();
        covers(place.scope) && (place.parent == NONE || covers(place.parent))
    }
}

/// The names of conditions; bit `n` of a set stands for the one at `n`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions {
    // INVARIANT: at most as many as a set has bits; a number is never given to another name.
    pub(crate) names: Texts,
}

/// The permissions, and which roles have each.
#[derive(Clone, Debug, Default)]
pub(crate) struct Permissions {
    pub(crate) names: Names,
    // INVARIANT: `Roles::permissions` from the other side, ascending.
    pub(crate) roles: Lists,
    rows: Vec<PermissionRow>,
    /// Whether the names are those of a slice: some role has each, though perhaps none that is told.
    pub(crate) is_slice: bool,
}

/// What is short about a permission.
#[derive(Clone, Copy, Debug, Default)]
struct PermissionRow {
    /// The marks of the roles that have it, or once had it.
    marks: u64,
    /// A deny of one of those is there, or once was.
    denied: bool,
}

/// The roles.
#[derive(Clone, Debug, Default)]
pub(crate) struct Roles {
    pub(crate) ids: Keys,
    pub(crate) rows: Vec<RoleRow>,
    pub(crate) names: Texts,
    // INVARIANT: ascending.
    pub(crate) permissions: Lists,
    // INVARIANT: ascending; the roles below, at any depth.
    pub(crate) includes: Lists,
    // INVARIANT: ascending; the groups, EVERYONE too, once for each grant of the role to them.
    holders: Lists,
}

/// What is short about a role.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RoleRow {
    pub(crate) present: bool,
    /// A deny grant of it is there, or once was.
    denied: bool,
    /// Grants of it, to anybody, and roles that include it.
    named: u32,
}

/// The groups; the first [`GROUPS_FROM`] numbers stand for something else.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups {
    ids: Keys,
    rows: Vec<GroupRow>,
    pub(crate) slugs: Texts,
    // INVARIANT: the words of edges.
    parents: Lists,
    // INVARIANT: ascending; `parents` from the other side, once for each edge.
    children: Lists,
}

/// What is short about a group.
#[derive(Clone, Copy, Debug, Default)]
struct GroupRow {
    /// None when the group is not there (any more).
    state: Option<GroupState>,
    /// How members in rows came in.
    usual: Via,
    /// Edges from users into the group.
    members: u32,
}

impl Conditions {
    /// The bit of a name that is known.
    fn bit(&self, name: &str) -> Option<u32> {
        (0..self.names.len() as u32).find(|at| self.names.get(*at) == name)
    }

    /// The bit of a name, which is given the next one if it has none; none when all are given out.
    fn learn(&mut self, name: &str) -> Option<u32> {
        let known = self.bit(name);
        if known.is_some() || self.names.len() >= CONDITIONS_MAX {
            return known;
        }
        self.names.push(name);
        Some(self.names.len() as u32 - 1)
    }

    /// The set of those among `names` that are known.
    pub(crate) fn set_of(&self, names: &[&str]) -> u64 {
        let mut set = 0;
        for name in names {
            set |= self.bit(name).map_or(0, |bit| 1 << bit);
        }
        set
    }

    /// Shows the names in a set, in order.
    pub(crate) fn each<'a>(&'a self, set: u64, see: &mut dyn FnMut(&'a str)) {
        let mut rest = set;
        while let Some(first) = self.first(rest) {
            rest &= !(1 << first);
            see(self.names.get(first));
        }
    }

    /// Which of a set is the first by name; none of none.
    pub(crate) fn first(&self, set: u64) -> Option<u32> {
        let mut first = None;
        for bit in 0..self.names.len() as u32 {
            let is_before = |first| self.names.get(bit) < self.names.get(first);
            if set >> bit & 1 == 1 && first.is_none_or(is_before) {
                first = Some(bit);
            }
        }
        first
    }
}

impl Permissions {
    /// Whether any role has it.
    pub(crate) fn is_known(&self, permission: u32) -> bool {
        self.is_slice || !self.roles.get(permission).is_empty()
    }

    /// The roles that have it.
    #[inline]
    pub(crate) fn having(&self, permission: u32) -> Having<'_> {
        let PermissionRow { marks, denied } = self.rows.get(permission as usize).copied().unwrap_or_default();
        Having { roles: self.roles.get(permission), marks, is_denied: denied }
    }

    /// Marks that a role has it, of which a deny may hold for somebody or not.
    fn mark_role(&mut self, permission: u32, role: u32, is_denied: bool) {
        if self.rows.len() <= permission as usize {
            self.rows.resize(permission as usize + 1, PermissionRow::default());
        }
        if let Some(row) = self.rows.get_mut(permission as usize) {
            row.marks |= mark(role);
            row.denied |= is_denied;
        }
    }
}

/// The roles that have a permission.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Having<'a> {
    // INVARIANT: ascending.
    pub(crate) roles: &'a [u32],
    /// The marks of all of them: most other roles' are not among those.
    marks: u64,
    /// Whether a deny of one of them may hold for anybody.
    pub(crate) is_denied: bool,
}

/// A bit for a role, which others may share.
const fn mark(role: u32) -> u64 {
    1 << (role % 64)
}

impl Having<'_> {
    /// Whether a role is among them.
    #[inline(always)]
    pub(crate) fn has(&self, role: u32) -> bool {
        self.marks & mark(role) != 0 && self.lists(role)
    }

    #[inline(never)]
    fn lists(&self, role: u32) -> bool {
        self.roles.binary_search(&role).is_ok()
    }
}

impl Roles {
    pub(crate) fn id(&self, number: u32) -> RoleId {
        RoleId::from_key(self.ids.get(number))
    }

    /// The number of a role, which is added if need be: then not present yet.
    fn number(&mut self, id: &Key) -> u32 {
        let number = self.ids.number(id);
        if self.rows.len() < self.ids.len() {
            self.rows.push(RoleRow::default());
        }
        number
    }

    /// Whether the role is there.
    pub(crate) fn is_present(&self, number: u32) -> bool {
        self.rows.get(number as usize).is_some_and(|row| row.present)
    }

    /// Counts that something names the role once more, or (-1) no more.
    fn name(&mut self, number: u32, more: i32) {
        if let Some(row) = self.rows.get_mut(number as usize) {
            row.named = row.named.saturating_add_signed(more);
        }
    }

    /// Whether a deny of the role may hold for anybody.
    fn is_denied(&self, number: u32) -> bool {
        self.rows.get(number as usize).is_some_and(|row| row.denied)
    }
}

impl Groups {
    /// Makes room for `count` groups behind what the first numbers stand for; `seed` goes into hashes.
    fn begin(&mut self, seed: u64, count: usize) {
        self.ids.prepare(seed, count);
        self.rows.reserve_exact(count + GROUPS_FROM as usize);
        for number in 0..GROUPS_FROM {
            let state = if number == EVERYONE { Some(GroupState::Enabled) } else { None };
            self.rows.push(GroupRow { state, ..GroupRow::default() });
            self.slugs.push("");
        }
    }

    /// How many numbers there are, those that stand for something else included.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn id(&self, number: u32) -> GroupId {
        GroupId::from_key(self.key(number))
    }

    pub(crate) fn key(&self, number: u32) -> Key {
        self.ids.get(number.wrapping_sub(GROUPS_FROM))
    }

    pub(crate) fn number_of(&self, id: &Key) -> Option<u32> {
        self.ids.find(id).map(|number| number + GROUPS_FROM)
    }

    /// The number of a group, which is added if need be: then without a state yet.
    fn number(&mut self, id: &Key) -> u32 {
        let number = self.ids.number(id) + GROUPS_FROM;
        if self.rows.len() <= number as usize {
            self.rows.push(GroupRow::default());
        }
        number
    }

    pub(crate) fn state(&self, number: u32) -> Option<GroupState> {
        self.rows.get(number as usize).and_then(|row| row.state)
    }

    pub(crate) fn is_enabled(&self, number: u32) -> bool {
        self.state(number) == Some(GroupState::Enabled)
    }

    fn usual(&self, number: u32) -> Via {
        self.rows.get(number as usize).map_or(Via::Manual, |row| row.usual)
    }

    /// The edges into the groups directly above.
    pub(crate) fn parents(&self, number: u32) -> Edges<'_> {
        Edges::new(self.parents.get(number))
    }
}

impl State {
    /// Nothing is known: where opening begins.
    const EMPTY: Self = Self {
        org_enabled: None,
        conditions: Conditions { names: Texts::EMPTY },
        permissions: Permissions {
            names: Names::EMPTY,
            roles: Lists::EMPTY,
            rows: Vec::new(),
            is_slice: false,
        },
        scopes: Scopes::EMPTY,
        roles: Roles {
            ids: Keys::EMPTY,
            rows: Vec::new(),
            names: Texts::EMPTY,
            permissions: Lists::EMPTY,
            includes: Lists::EMPTY,
            holders: Lists::EMPTY,
        },
        groups: Groups {
            ids: Keys::EMPTY,
            rows: Vec::new(),
            slugs: Texts::EMPTY,
            parents: Lists::EMPTY,
            children: Lists::EMPTY,
        },
        users: Users::EMPTY,
        grants: Lists::EMPTY,
        persons: Keys::EMPTY,
        person_grants: Lists::EMPTY,
        lines: Lines::EMPTY,
        gives: Lists::EMPTY,
        crowded: false,
        coverage: None,
        base: 0,
    };

    /// The grants to a group, or to [`EVERYONE`].
    pub(crate) fn grants(&self, group: u32) -> Grants<'_> {
        Grants::new(self.grants.get(group))
    }

    /// The grants to a person; none to nobody.
    pub(crate) fn grants_of_person(&self, person: Option<u32>) -> Grants<'_> {
        Grants::new(self.person_grants.get(person.unwrap_or(NONE)))
    }

    /// What a group, and those above it, give: each a [`Give`], ascending.
    #[inline]
    pub(crate) fn gives(&self, group: u32) -> &[[u32; 2]] {
        self.gives.get(group).as_chunks().0
    }

    /// Shows each group that a user has an edge into.
    pub(crate) fn each_edge(&self, user: u32, see: &mut dyn FnMut(Edge<'_>)) {
        let row = self.users.row(user);
        for group in row.groups() {
            see(Edge { group, via: self.groups.usual(group), spans: Spans::ALWAYS });
        }
        row.edges().for_each(see);
    }

    /// Gives back the room that growing left over.
    fn shrink(&mut self) {
        let Self { permissions, scopes, roles, groups, users, .. } = self;
        for lists in [
            &mut permissions.roles,
            &mut roles.permissions,
            &mut roles.includes,
            &mut groups.parents,
            &mut users.edges,
            &mut users.grants,
            &mut self.grants,
            &mut self.gives,
        ] {
            lists.shrink();
        }
        scopes.shrink();
        groups.slugs.shrink();
        users.names.shrink();
    }
}
