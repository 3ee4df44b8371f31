//! From the bytes of a snapshot to its tables (`docs/snapshot-format.md`).
//!
//! Sections are read in their order, and each value is checked where it is read: a number names something that was
//! read before, what has to ascend ascends, a text is a name. What is left for the end is what only all of it can
//! show: that no scope lies above itself.

use alloc::string::String;
use alloc::vec::Vec;

use super::users::{MORE_LEN, ROW_LEN_MAX};
use super::{
    Conditions, Coverage, EVERYONE, Edge, GROUPS_FROM, Grant, GroupRow, Groups, Lines, More, Permissions,
    REALM, Roles, SCOPES_FROM, SLOTS_END, Scopes, Spans, State, Terms, Users,
};
use crate::id::{GrantId, GroupId, IdError, PersonId, RoleId, ScopeId, check_name, check_permission};
use crate::limits::{ANCESTORS_MAX, CONDITIONS_MAX, ROLE_INCLUDES_MAX, ROLE_PERMISSIONS_MAX};
use crate::view::fact::{Effect, GroupState, Reach, Via};
use crate::view::format::{self, Header, Kind, UserNames};
use crate::view::index::Index;
use crate::view::lists::Lists;
use crate::view::snapshot::{OpenError, StateError};
use crate::view::texts::{Names, Texts};
use crate::view::wire::{Reader, WireFault};

/// Scopes of one snapshot: their numbers share a word with two bits.
const SCOPES_MAX: usize = 1 << 29;
/// Bytes that a scope takes at least: its text, such as `a:b`, behind its length, and how many parents it has.
const SCOPE_BYTES_MIN: usize = 5;
/// Bytes of a uuid.
const ID_BYTES: usize = 16;
/// Bytes that a grant takes at least: id, role, scope and flags.
const GRANT_BYTES_MIN: usize = ID_BYTES + 3;

impl State {
    /// Reads all sections behind the header; `seed` goes into the hashes of names.
    pub(crate) fn read(from: &mut Reader<'_>, header: &Header, seed: u64) -> Result<Self, OpenError> {
        let org_enabled = Some(format::boolean(from));
        let conditions = conditions(from);
        let permissions = Names::new(texts(from, check_permission), seed);
        let scopes = scopes(from, seed)?;
        let (roles, permission_roles) = roles(from, permissions.len(), seed);
        let groups = groups(from, seed);
        let (users, lens) = users(from, seed);
        let is_slice = header.kind == Kind::Slice;
        let permissions = Permissions { names: permissions, roles: permission_roles, is_slice };
        let mut state = Self {
            org_enabled,
            conditions,
            permissions,
            scopes,
            roles,
            groups,
            users,
            grants: Lists::default(),
            persons: Vec::new(),
            lines: Lines::default(),
            gives: Lists::default(),
            crowded: false,
            coverage: None,
            base: seed as u32,
        };
        from.sound()?;
        state.read_rows(from, lens);
        state.read_more(from, lens)?;
        state.read_grants(from)?;
        if header.names == UserNames::Told {
            state.users.has_names = true;
            state.read_names(from, lens, seed);
        }
        if is_slice {
            state.read_coverage(from);
        }
        from.sound()?;
        state.derive_all();
        state.shrink();
        Ok(state)
    }

    fn read_rows(&mut self, from: &mut Reader<'_>, lens: &[u8]) {
        let mut members = alloc::vec![0u32; self.groups.rows.len()];
        // The end of what fits into a slot is the end of what a row may name.
        let fits = members.len().min(SLOTS_END as usize);
        let countable = members.get_mut(..fits).unwrap_or_default();
        let mut numbers = self.users.numbering();
        for len in lens.iter().filter(|len| **len != MORE_LEN) {
            let slots = self.users.slots_mut(*len, numbers.next(*len));
            read_row(from, slots, countable);
        }
        for (row, members) in self.groups.rows.iter_mut().zip(members) {
            row.members = members;
        }
    }

    fn read_more(&mut self, from: &mut Reader<'_>, lens: &[u8]) -> Result<(), OpenError> {
        for _ in lens.iter().filter(|len| **len == MORE_LEN) {
            let flags = from.tag(4);
            let person = if flags & 2 == 0 { None } else { Some(PersonId::from_u128(from.uuid())) };
            let mut edges = Vec::new();
            read_edges(from, self.groups.rows.len(), &mut edges);
            for edge in &edges {
                if let Some(row) = self.groups.rows.get_mut(edge.group as usize) {
                    row.members += 1;
                }
            }
            let mut grants = Vec::new();
            self.grants_of_one(from, false, &mut grants)?;
            self.users.push_more(More { present: true, active: flags & 1 == 1, person, edges, grants });
        }
        Ok(())
    }

    fn read_grants(&mut self, from: &mut Reader<'_>) -> Result<(), OpenError> {
        let mut grants = Vec::new();
        self.grants.reserve(self.groups.rows.len());
        for group in 0..self.groups.rows.len() as u32 {
            if group >= EVERYONE {
                self.grants_of_one(from, false, &mut grants)?;
            }
            self.grants.push(grants.drain(..));
        }
        self.roles.holders = Lists::inverse(&self.grants, self.roles.rows.len(), |grant| grant.role);
        for _ in 0..from.items(ID_BYTES + 1, usize::MAX) {
            let at = from.offset();
            let person = PersonId::from_u128(from.uuid());
            if self.persons.last().is_some_and(|(before, _)| *before >= person) {
                from.refuse(at, WireFault::Order);
            }
            let mut grants = Vec::new();
            self.grants_of_one(from, true, &mut grants)?;
            if grants.is_empty() {
                from.refuse(from.offset(), WireFault::Number);
            }
            from.sound()?;
            self.persons.push((person, grants));
        }
        Ok(())
    }

    /// The grants of one principal, counted where they name something; only a person's may name the realm.
    fn grants_of_one(
        &mut self,
        from: &mut Reader<'_>,
        is_person: bool,
        grants: &mut Vec<Grant>,
    ) -> Result<(), OpenError> {
        let count = from.items(GRANT_BYTES_MIN, usize::MAX);
        grants.reserve_exact(count);
        for _ in 0..count {
            let offset = from.offset();
            let grant = self.grant(from);
            if grants.last().is_some_and(|before| before.id >= grant.id) {
                from.refuse(offset, WireFault::Order);
            }
            from.sound()?;
            if grant.scope() == REALM && !is_person {
                return Err(OpenError::State { offset, cause: StateError::RealmGrant(grant.id) });
            }
            self.count_grant(&grant);
            grants.push(grant);
        }
        Ok(())
    }

    fn grant(&self, from: &mut Reader<'_>) -> Grant {
        let id = GrantId::from_u128(from.uuid());
        let role = from.number(0, self.roles.rows.len());
        let scope = from.number(0, self.scopes.len());
        let at = from.offset();
        let flags = from.tag(32);
        // A deny has no conditions: whether it holds is always known.
        if flags & (format::DENY | format::REQUIRES) == format::DENY | format::REQUIRES {
            from.refuse_tag(flags);
        }
        let known = self.conditions.all.len();
        let requires = if flags & format::REQUIRES == 0 { 0 } else { conditions_required(from, known) };
        let span = format::read_bounds(from, flags >> format::SPAN_SHIFT & 3, at);
        let reach = if flags & format::EXACT == 0 { Reach::Subtree } else { Reach::Exact };
        let effect = if flags & format::DENY == 0 { Effect::Allow } else { Effect::Deny };
        Grant::new(id, role, (scope, reach, effect), Terms::new(requires, span))
    }

    fn read_names(&mut self, from: &mut Reader<'_>, lens: &[u8], seed: u64) {
        let mut names = Texts::default();
        let mut numbers = self.users.numbering();
        for len in lens {
            names.set(numbers.next(*len), from.checked(check_name));
            if from.is_wrong() {
                return;
            }
        }
        self.users.names = Names::new(names, seed);
    }

    /// What a slice was asked for, and which of those scopes the directory has heard of.
    fn read_coverage(&mut self, from: &mut Reader<'_>) {
        if self.users.len() != 1 {
            from.refuse(from.offset(), WireFault::Number);
        }
        let texts = texts(from, check_permission);
        let unknown = (0..texts.len() as u32).map(|at| String::from(texts.get(at))).collect();
        let mut scopes = Vec::new();
        let mut next = REALM;
        for _ in 0..from.items(2, usize::MAX) {
            let scope = from.gap(next, self.scopes.len() as u32);
            next = scope + 1;
            if format::boolean(from) {
                // Somebody else may be granted something there, which is all that a question need know of it.
                self.scopes.count_grant(scope);
            }
            if from.is_wrong() {
                break;
            }
            scopes.push(scope);
        }
        self.coverage = Some(Coverage { unknown, scopes });
    }
}

/// Reads the groups of one user, counting each in `members`.
#[inline(always)]
fn read_row(from: &mut Reader<'_>, slots: &mut [u16], members: &mut [u32]) {
    let mut next = GROUPS_FROM;
    let (whole, rest) = slots.as_chunks_mut::<4>();
    for unit in whole {
        next = read_unit(from, unit, next, members);
    }
    if !rest.is_empty() {
        read_unit(from, rest, next, members);
    }
}

/// Reads at most four groups, of which the first is `next` at least; what the one after them is at least.
///
/// This is what opening a large snapshot spends its time in. Nearly all gaps take one byte or two, and which of both
/// is anybody's guess: so that is reckoned, not branched on, and one word is looked at for all four.
#[inline(always)]
fn read_unit(from: &mut Reader<'_>, unit: &mut [u16], least: u32, members: &mut [u32]) -> u32 {
    let Some(bytes) = from.peek().first_chunk() else { return read_slots(from, unit, least, members) };
    let mut word = u64::from_le_bytes(*bytes);
    let (mut next, mut read, mut is_wrong) = (least, 0, 0);
    for slot in unit.iter_mut() {
        let (low, high) = (word as u32 & 0xff, (word >> 8) as u32 & 0xff);
        let is_long = low >> 7;
        // The second byte is the last one, and not 0.
        is_wrong |= is_long & (high | high.wrapping_sub(1)) >> 7;
        next += low & 0x7f | (high * is_long) << 7;
        *slot = next as u16;
        next += 1;
        word >>= 8 + 8 * is_long;
        read += 1 + is_long;
    }
    if is_wrong & 1 != 0 || next as usize > members.len() {
        return read_slots(from, unit, least, members);
    }
    from.skip(read as usize);
    for group in unit {
        members.get_mut(usize::from(*group)).into_iter().for_each(|count| *count += 1);
    }
    next
}

/// The same, whatever the gaps: they may take more bytes, or be wrong.
#[cold]
fn read_slots(from: &mut Reader<'_>, unit: &mut [u16], mut next: u32, members: &mut [u32]) -> u32 {
    for slot in unit {
        let group = from.gap(next, members.len() as u32);
        members.get_mut(group as usize).into_iter().for_each(|count| *count += 1);
        *slot = group as u16;
        next = group + 1;
    }
    next
}

/// Texts in ascending order, each once.
fn texts(from: &mut Reader<'_>, check: fn(&str) -> Result<(), IdError>) -> Texts {
    let count = from.items(1, usize::MAX);
    let mut texts = Texts::default();
    texts.reserve(count, from.text_bytes(count));
    for number in 0..count as u32 {
        let at = from.offset();
        let text = from.checked(check);
        if number > 0 && texts.get(number - 1) >= text {
            from.refuse(at, WireFault::Order);
        }
        if from.is_wrong() {
            break;
        }
        texts.push(text);
    }
    texts
}

fn conditions(from: &mut Reader<'_>) -> Conditions {
    let at = from.offset();
    let names = texts(from, check_name);
    if names.len() > CONDITIONS_MAX {
        from.refuse(at, WireFault::TooMany);
    }
    let all = (0..names.len() as u32).map(|at| String::from(names.get(at))).collect();
    Conditions { all }
}

/// A set of conditions as ascending numbers.
fn conditions_required(from: &mut Reader<'_>, known: usize) -> u64 {
    let at = from.offset();
    let mut numbers = Vec::new();
    from.numbers(0, CONDITIONS_MAX, known, &mut numbers);
    if numbers.is_empty() {
        from.refuse(at, WireFault::Number);
    }
    numbers.iter().fold(0, |set, at| set | 1 << at)
}

fn scopes(from: &mut Reader<'_>, seed: u64) -> Result<Scopes, OpenError> {
    let count = from.items(SCOPE_BYTES_MIN, SCOPES_MAX);
    let mut scopes = Scopes::new(seed);
    scopes.reserve(count, from.text_bytes(count));
    for at in 0..count {
        let offset = from.offset();
        let text = format::scope_text(from);
        let last = scopes.len() as u32 - 1;
        if matches!(text, "org" | "realm") || at > 0 && scopes.names.get(last) >= text {
            from.refuse(offset, WireFault::Order);
        }
        if from.is_wrong() {
            break;
        }
        scopes.push(text);
    }
    let offset = from.offset();
    let mut parents = Vec::new();
    for scope in SCOPES_FROM..scopes.len() as u32 {
        from.numbers(SCOPES_FROM, ANCESTORS_MAX, count, &mut parents);
        scopes.set_parents(scope, &parents);
    }
    from.sound()?;
    match (0..scopes.len() as u32).find(|scope| scopes.is_tangled(*scope)) {
        Some(scope) => {
            let cause = StateError::ScopeCycle(scope_id(&scopes, scope));
            Err(OpenError::State { offset, cause })
        }
        None => Ok(scopes),
    }
}

fn scope_id(scopes: &Scopes, scope: u32) -> ScopeId {
    ScopeId::parse(scopes.names.get(scope)).unwrap_or_else(|_| ScopeId::org())
}

/// The roles, and which of them have each permission.
fn roles(from: &mut Reader<'_>, permissions: usize, seed: u64) -> (Roles, Lists<u32>) {
    let count = from.items(ID_BYTES + 2, usize::MAX);
    let mut roles = Roles { by_id: Index::new(seed, count), ..Roles::default() };
    let mut last = None;
    let mut numbers = Vec::new();
    roles.rows.reserve_exact(count);
    roles.permissions.reserve(count);
    roles.includes.reserve(count);
    for _ in 0..count {
        let at = from.offset();
        let id = RoleId::from_u128(from.uuid());
        if last.replace(id).is_some_and(|last| last >= id) {
            from.refuse(at, WireFault::Order);
        }
        if from.is_wrong() {
            break;
        }
        roles.push(id, true);
    }
    for _ in 0..count {
        roles.names.push(from.checked(check_name));
        from.numbers(0, ROLE_PERMISSIONS_MAX, permissions, &mut numbers);
        roles.permissions.push(numbers.iter().copied());
        from.numbers(0, ROLE_INCLUDES_MAX, count, &mut numbers);
        for included in &numbers {
            roles.name_once(*included);
        }
        roles.includes.push(numbers.iter().copied());
    }
    let having = Lists::inverse(&roles.permissions, permissions, |permission| *permission);
    (roles, having)
}

fn groups(from: &mut Reader<'_>, seed: u64) -> Groups {
    let count = from.items(ID_BYTES + 3, usize::MAX);
    let mut groups = Groups::new(seed, count);
    groups.rows.reserve_exact(count);
    for _ in 0..count {
        let at = from.offset();
        let id = GroupId::from_u128(from.uuid());
        if groups.find(id).is_some() {
            from.refuse(at, WireFault::Order);
        }
        if from.is_wrong() {
            break;
        }
        groups.push(GroupRow { id, state: None, usual: Via::Manual, members: 0 });
    }
    groups.slugs.reserve(count, from.text_bytes(count));
    for _ in 0..count {
        groups.slugs.push(from.checked(check_name));
    }
    for row in groups.rows.iter_mut().skip(GROUPS_FROM as usize) {
        let kind = from.u8();
        match (group_state(kind & 3), via(kind >> 2)) {
            (Some(state), Some(usual)) => (row.state, row.usual) = (Some(state), usual),
            _ => from.refuse_tag(kind),
        }
    }
    let mut parents = Vec::new();
    groups.parents.reserve(groups.rows.len());
    groups.parents.reach(GROUPS_FROM as usize);
    for _ in 0..count {
        read_edges(from, groups.rows.len(), &mut parents);
        groups.parents.push(parents.drain(..));
    }
    groups.children = Lists::inverse(&groups.parents, groups.rows.len(), |edge| edge.group);
    groups
}

const fn group_state(number: u8) -> Option<GroupState> {
    match number {
        0 => Some(GroupState::Enabled),
        1 => Some(GroupState::Disabled),
        2 => Some(GroupState::Archived),
        _ => None,
    }
}

const fn via(number: u8) -> Option<Via> {
    match number {
        0 => Some(Via::Manual),
        1 => Some(Via::Scim),
        2 => Some(Via::Rule),
        _ => None,
    }
}

/// Edges in ascending order of group and origin.
fn read_edges(from: &mut Reader<'_>, groups: usize, edges: &mut Vec<Edge>) {
    let count = from.items(2, usize::MAX);
    edges.reserve_exact(count);
    let mut group = GROUPS_FROM;
    for _ in 0..count {
        let at = from.offset();
        group = from.gap(group, groups as u32);
        let kind = from.tag(8);
        let via = via(kind & 3).unwrap_or_else(|| {
            from.refuse_tag(kind);
            Via::Manual
        });
        let spans = if kind & 4 == 0 { Spans::default() } else { Spans::new(&format::spans(from)) };
        if kind & 4 != 0 && spans.is_always() || edges.last().is_some_and(|last| last.key() >= (group, via)) {
            from.refuse(at, WireFault::Order);
        }
        if from.is_wrong() {
            break;
        }
        edges.push(Edge { group, via, spans });
    }
}

/// The ids of all users, and beside each the groups in its row, or [`MORE_LEN`].
fn users<'a>(from: &mut Reader<'a>, seed: u64) -> (Users, &'a [u8]) {
    let count = from.items(ID_BYTES + 1, usize::MAX);
    let start = from.offset();
    let (ids, _) = from.take(count * ID_BYTES).as_chunks::<ID_BYTES>();
    let lens_at = from.offset();
    let lens = from.take(count);
    let Some(users) = Users::new(ids, lens, seed) else {
        from.refuse(start, WireFault::Order);
        return (Users::default(), &[]);
    };
    if let Some(at) = lens.iter().position(|len| *len > ROW_LEN_MAX && *len != MORE_LEN) {
        from.refuse(lens_at + at, WireFault::Number);
    }
    (users, lens)
}
