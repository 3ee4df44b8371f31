//! From the bytes of a snapshot to its tables (`docs/snapshot-format.md`).
//!
//! Sections are read in their order, and each value is checked where it is read: a number names something that was
//! read before, what has to ascend ascends, a text is a name. What is left for the end is what only all of it can
//! show: that no scope lies above itself.

use alloc::vec::Vec;

use super::edge::Edge;
use super::grant::Terms;
use super::users::{MORE_LEN, ROW_LEN_MAX};
use super::{
    Coverage, EVERYONE, Edges, GROUPS_FROM, Grant, Grants, REALM, SCOPES_FROM, SLOTS_END, Spans, State,
};
use crate::id::{GrantId, IdError, check_name, check_permission};
use crate::limits::{ANCESTORS_MAX, CONDITIONS_MAX, ROLE_INCLUDES_MAX, ROLE_PERMISSIONS_MAX};
use crate::view::fact::{GroupState, Via};
use crate::view::format::{self, Header, Kind, UserNames};
use crate::view::keys::Key;
use crate::view::snapshot::{OpenError, StateError};
use crate::view::texts::Texts;
use crate::view::wire::{self, Reader, WireFault};

/// Scopes of one snapshot: their numbers share a word with two bits.
const SCOPES_MAX: usize = 1 << 29;
/// Bytes that a scope takes at least: its text, such as `a:b`, behind its length, and how many parents it has.
const SCOPE_BYTES_MIN: usize = 5;
/// Bytes of a uuid.
const ID_BYTES: usize = 16;
/// Bytes that a grant takes at least: id, role, scope and flags.
const GRANT_BYTES_MIN: usize = ID_BYTES + 3;

/// What contradicts what, and where that stands: the first such thing.
type Amiss = Option<(usize, StateError)>;

impl State {
    /// Reads all sections behind the header; `seed` goes into the hashes of names.
    pub(crate) fn read(from: &mut Reader<'_>, header: &Header, seed: u64) -> Result<Self, OpenError> {
        let mut state = Self::EMPTY;
        let mut amiss = None;
        state.base = seed as u32;
        state.permissions.is_slice = header.kind == Kind::Slice;
        state.users.has_names = header.names == UserNames::Told;
        state.org_enabled = Some(from.tag(2) == 1);
        texts(from, CONDITIONS_MAX, check_name, &mut state.conditions.names);
        texts(from, usize::MAX, check_permission, state.permissions.names.texts_mut());
        state.permissions.names.learn_all(seed);
        state.persons.prepare(seed, 0);
        state.read_scopes(from, seed, &mut amiss);
        state.read_roles(from, seed);
        state.read_groups(from, seed);
        let lens = state.read_users(from, seed);
        state.read_rows(from, lens);
        state.read_more(from, lens, &mut amiss);
        state.read_grants(from, &mut amiss);
        if state.users.has_names {
            state.read_names(from, lens, seed);
        }
        if state.permissions.is_slice {
            state.read_coverage(from);
        }
        if let Some((offset, cause)) = amiss {
            return Err(OpenError::State { offset, cause });
        }
        from.sound()?;
        state.derive_all();
        state.shrink();
        Ok(state)
    }

    #[inline(never)]
    fn read_scopes(&mut self, from: &mut Reader<'_>, seed: u64, amiss: &mut Amiss) {
        let count = from.items(SCOPE_BYTES_MIN, SCOPES_MAX);
        let scopes = &mut self.scopes;
        scopes.begin(seed);
        scopes.reserve(count, from.text_bytes(count));
        let mut last = "";
        for _ in 0..count {
            let offset = from.offset();
            let text = format::scope_text(from);
            if matches!(text, "org" | "realm") || core::mem::replace(&mut last, text) >= text {
                from.refuse(offset, WireFault::Order);
            }
            if from.is_wrong() {
                return;
            }
            scopes.push(text);
        }
        let offset = from.offset();
        let mut parents = Vec::new();
        for scope in SCOPES_FROM..scopes.len() as u32 {
            from.numbers(SCOPES_FROM, ANCESTORS_MAX, count, &mut parents);
            scopes.set_parents(scope, &parents);
        }
        let tangled = (0..scopes.len() as u32).find(|scope| scopes.is_tangled(*scope));
        if let Some(scope) = tangled {
            contradict(from, offset, StateError::ScopeCycle(self.scope_id(scope)), amiss);
        }
    }

    #[inline(never)]
    fn read_roles(&mut self, from: &mut Reader<'_>, seed: u64) {
        let count = from.items(ID_BYTES + 2, usize::MAX);
        let roles = &mut self.roles;
        roles.ids.prepare(seed, count);
        roles.rows.reserve_exact(count);
        roles.permissions.reserve(count);
        roles.includes.reserve(count);
        let mut last = None;
        for _ in 0..count {
            let role = roles.number(&ascending_id(from, &mut last));
            if let Some(row) = roles.rows.get_mut(role as usize) {
                row.present = true;
            }
            if from.is_wrong() {
                return;
            }
        }
        let permissions = self.permissions.names.len();
        self.permissions.rows.reserve_exact(permissions);
        let mut numbers = Vec::new();
        for role in 0..count as u32 {
            roles.names.push(from.checked(check_name));
            from.numbers(0, ROLE_PERMISSIONS_MAX, permissions, &mut numbers);
            for permission in &numbers {
                self.permissions.mark_role(*permission, role, false);
            }
            roles.permissions.push(&numbers);
            from.numbers(0, ROLE_INCLUDES_MAX, count, &mut numbers);
            for included in &numbers {
                roles.name(*included, 1);
            }
            roles.includes.push(&numbers);
        }
        self.permissions.roles.fill(permissions, &|see| {
            for role in 0..count as u32 {
                for permission in roles.permissions.get(role) {
                    see(*permission, role);
                }
            }
        });
    }

    #[inline(never)]
    fn read_groups(&mut self, from: &mut Reader<'_>, seed: u64) {
        let count = from.items(ID_BYTES + 3, usize::MAX);
        let groups = &mut self.groups;
        groups.begin(seed, count);
        for _ in 0..count {
            let at = from.offset();
            let known = groups.len();
            groups.number(&from.uuid());
            if groups.len() == known {
                from.refuse(at, WireFault::Order);
            }
            if from.is_wrong() {
                return;
            }
        }
        groups.slugs.reserve(count, from.text_bytes(count));
        for _ in 0..count {
            groups.slugs.push(from.checked(check_name));
        }
        for row in groups.rows.iter_mut().skip(GROUPS_FROM as usize) {
            let kind = from.u8();
            if kind & 3 == 3 || kind >> 2 > 2 {
                from.refuse_tag(kind);
            }
            (row.state, row.usual) = (Some(GroupState::of(kind & 3)), Via::of(kind >> 2));
        }
        let len = groups.len();
        let mut words = Vec::new();
        groups.parents.reserve(len);
        groups.parents.reach(GROUPS_FROM as usize);
        for _ in 0..count {
            read_edges(from, len, &mut words);
            groups.parents.push(&words);
        }
        let parents = &groups.parents;
        groups.children.fill(len, &|see| {
            for group in 0..len as u32 {
                for edge in Edges::new(parents.get(group)) {
                    see(edge.group, group);
                }
            }
        });
    }

    /// The ids of all users, and beside each the groups in its row, or [`MORE_LEN`].
    #[inline(never)]
    fn read_users<'a>(&mut self, from: &mut Reader<'a>, seed: u64) -> &'a [u8] {
        let count = from.items(ID_BYTES + 1, usize::MAX);
        let start = from.offset();
        let (ids, _) = from.take(count * ID_BYTES).as_chunks::<ID_BYTES>();
        let lens_at = from.offset();
        let lens = from.take(count);
        if !self.users.fill(ids, lens, seed) {
            from.refuse(start, WireFault::Order);
            return &[];
        }
        if let Some(at) = lens.iter().position(|len| *len > ROW_LEN_MAX && *len != MORE_LEN) {
            from.refuse(lens_at + at, WireFault::Number);
        }
        lens
    }

    #[inline(never)]
    fn read_rows(&mut self, from: &mut Reader<'_>, lens: &[u8]) {
        let mut members = alloc::vec![0u32; self.groups.len()];
        // The end of what fits into a slot is the end of what a row may name.
        let fits = members.len().min(SLOTS_END as usize);
        let countable = members.get_mut(..fits).unwrap_or_default();
        let mut numbers = self.users.numbering();
        let mut rest = from.peek();
        for len in lens {
            if *len != MORE_LEN {
                let slots = self.users.slots_mut(*len, numbers.next(*len));
                rest = read_row(from, rest, slots, countable);
            }
        }
        from.skip(from.remaining() - rest.len());
        for (row, members) in self.groups.rows.iter_mut().zip(members) {
            row.members = members;
        }
    }

    #[inline(never)]
    fn read_more(&mut self, from: &mut Reader<'_>, lens: &[u8], amiss: &mut Amiss) {
        let (mut edges, mut grants) = (Vec::new(), Vec::new());
        for len in lens {
            if *len != MORE_LEN || from.is_wrong() {
                continue;
            }
            let flags = from.tag(4);
            let person = if flags & 2 == 0 { None } else { Some(self.persons.number(&from.uuid())) };
            read_edges(from, self.groups.len(), &mut edges);
            for edge in Edges::new(&edges) {
                if let Some(row) = self.groups.rows.get_mut(edge.group as usize) {
                    row.members += 1;
                }
            }
            self.read_grants_of_one(from, false, &mut grants, amiss);
            self.users.push_more(flags & 1 == 1, person, &edges, &grants);
        }
    }

    #[inline(never)]
    fn read_grants(&mut self, from: &mut Reader<'_>, amiss: &mut Amiss) {
        let mut grants = Vec::new();
        let groups = self.groups.len() as u32;
        self.grants.reserve(groups as usize);
        self.grants.reach(EVERYONE as usize);
        for _ in EVERYONE..groups {
            self.read_grants_of_one(from, false, &mut grants, amiss);
            self.grants.push(&grants);
        }
        self.roles.holders.fill(self.roles.rows.len(), &|see| {
            for group in 0..groups {
                for grant in Grants::new(self.grants.get(group)) {
                    see(grant.role(), group);
                }
            }
        });
        let mut last = None;
        for _ in 0..from.items(ID_BYTES + 1, usize::MAX) {
            let id = ascending_id(from, &mut last);
            self.read_grants_of_one(from, true, &mut grants, amiss);
            if grants.is_empty() {
                from.refuse(from.offset(), WireFault::Number);
            }
            if from.is_wrong() {
                return;
            }
            self.person_grants.replace(self.persons.number(&id), &grants);
        }
    }

    /// The grants of one principal, counted where they name something; only a person's may name the realm.
    #[inline(never)]
    fn read_grants_of_one(
        &mut self,
        from: &mut Reader<'_>,
        is_person: bool,
        grants: &mut Vec<u32>,
        amiss: &mut Amiss,
    ) {
        grants.clear();
        let mut last = None;
        for _ in 0..from.items(GRANT_BYTES_MIN, usize::MAX) {
            let offset = from.offset();
            let id = ascending_id(from, &mut last);
            let terms = self.read_grant(from, &id, grants);
            if terms.scope == REALM && !is_person {
                contradict(from, offset, StateError::RealmGrant(GrantId::from_key(id)), amiss);
            }
            if from.is_wrong() {
                return;
            }
            self.count_grant(&terms);
        }
    }

    fn read_grant(&self, from: &mut Reader<'_>, id: &Key, words: &mut Vec<u32>) -> Terms {
        let role = from.number(0, self.roles.rows.len());
        let scope = from.number(0, self.scopes.len());
        let at = from.offset();
        let flags = from.tag(32);
        // A deny has no conditions: whether it holds is always known.
        if flags & (format::DENY | format::REQUIRES) == format::DENY | format::REQUIRES {
            from.refuse_tag(flags);
        }
        let mut requires = 0;
        if flags & format::REQUIRES != 0 {
            let at = from.offset();
            let mut conditions = Vec::new();
            from.numbers(0, CONDITIONS_MAX, self.conditions.names.len(), &mut conditions);
            if conditions.is_empty() {
                from.refuse(at, WireFault::Number);
            }
            conditions.iter().for_each(|bit| requires |= 1 << bit);
        }
        let mut span = Vec::new();
        format::read_bounds(from, flags >> format::SPAN_SHIFT & 3, at, &mut span);
        let terms = Terms { role, scope, flags: flags & (format::EXACT | format::DENY), requires };
        Grant::push(words, id, &terms, &span);
        terms
    }

    #[inline(never)]
    fn read_names(&mut self, from: &mut Reader<'_>, lens: &[u8], seed: u64) {
        let mut numbers = self.users.numbering();
        let names = self.users.names.texts_mut();
        for len in lens {
            names.set(numbers.next(*len), from.checked(check_name));
            if from.is_wrong() {
                return;
            }
        }
        self.users.names.learn_all(seed);
    }

    /// What a slice was asked for, and which of those scopes the directory has heard of.
    fn read_coverage(&mut self, from: &mut Reader<'_>) {
        if self.users.len() != 1 {
            from.refuse(from.offset(), WireFault::Number);
        }
        let mut unknown = Texts::EMPTY;
        texts(from, usize::MAX, check_permission, &mut unknown);
        let mut scopes = Vec::new();
        let mut next = REALM;
        for _ in 0..from.items(2, usize::MAX) {
            let scope = from.gap(next, self.scopes.len() as u32);
            next = scope + 1;
            if from.tag(2) == 1 {
                // Somebody else may be granted something there, which is all that a question need know of it.
                self.scopes.count_grant(scope, 1);
            }
            if from.is_wrong() {
                break;
            }
            scopes.push(scope);
        }
        self.coverage = Some(Coverage { unknown, scopes });
    }
}

/// Reads the groups of one user, counting each in `members`; of `from`, `rest` is what is left, and what is left then.
///
/// This is what opening a large snapshot spends its time in.
#[inline(always)]
fn read_row<'a>(
    from: &mut Reader<'a>,
    mut rest: &'a [u8],
    slots: &mut [u16],
    members: &mut [u32],
) -> &'a [u8] {
    let (mut next, end) = (GROUPS_FROM, members.len() as u32);
    for slot in slots {
        let group;
        (group, rest) = wire::short_gap(rest, next, end).unwrap_or_else(|| long_gap(from, rest, next, end));
        if let Some(count) = members.get_mut(group as usize) {
            *count += 1;
        }
        *slot = group as u16;
        next = group + 1;
    }
    rest
}

#[inline(never)]
fn long_gap<'a>(from: &mut Reader<'a>, rest: &[u8], next: u32, end: u32) -> (u32, &'a [u8]) {
    from.skip(from.remaining() - rest.len());
    (from.gap(next, end), from.peek())
}

/// Refuses what is well-formed, unless something before it was wrong.
#[cold]
#[inline(never)]
fn contradict(from: &mut Reader<'_>, offset: usize, cause: StateError, amiss: &mut Amiss) {
    if !from.is_wrong() {
        *amiss = Some((offset, cause));
        from.refuse(offset, WireFault::Order);
    }
}

/// An id that comes after the last one.
#[inline(never)]
fn ascending_id(from: &mut Reader<'_>, last: &mut Option<Key>) -> Key {
    let at = from.offset();
    let id = from.uuid();
    if last.replace(id).is_some_and(|last| last >= id) {
        from.refuse(at, WireFault::Order);
    }
    id
}

/// At most `max` texts in ascending order, each once.
#[inline(never)]
fn texts(from: &mut Reader<'_>, max: usize, check: fn(&str) -> Result<(), IdError>, texts: &mut Texts) {
    let count = from.items(1, max);
    texts.reserve(count, from.text_bytes(count));
    let mut last = "";
    for _ in 0..count {
        let at = from.offset();
        let text = from.checked(check);
        if core::mem::replace(&mut last, text) >= text {
            from.refuse(at, WireFault::Order);
        }
        if from.is_wrong() {
            return;
        }
        texts.push(text);
    }
}

/// Reads the words of edges in ascending order of group and origin.
fn read_edges(from: &mut Reader<'_>, groups: usize, words: &mut Vec<u32>) {
    words.clear();
    let mut spans = Vec::new();
    let (mut group, mut last) = (GROUPS_FROM, None);
    for _ in 0..from.items(2, usize::MAX) {
        let at = from.offset();
        group = from.gap(group, groups as u32);
        let kind = from.tag(8);
        if kind & 3 == 3 {
            from.refuse_tag(kind);
        }
        spans.clear();
        let is_spelled_out = kind & 4 != 0 && format::read_spans(from, &mut spans);
        let key = (group, Via::of(kind & 3));
        if is_spelled_out || last.replace(key).is_some_and(|last| last >= key) {
            from.refuse(at, WireFault::Order);
        }
        if from.is_wrong() {
            return;
        }
        Edge { group, via: key.1, spans: Spans::new(&spans) }.push(words);
    }
}
