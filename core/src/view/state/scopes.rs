//! Scopes: which lie above which, and which a grant on one covers.

use alloc::vec::Vec;

use super::{ORG, REALM, SCOPES_FROM};
use crate::id::scope_parts;
use crate::limits::ANCESTORS_MAX;
use crate::view::lists::Lists;
use crate::view::texts::Names;

/// A scope or a type that has no number.
pub(crate) const NONE: u32 = u32::MAX;

/// Scopes that a question can lie in: itself, its parent in the question, and those that the directory lists.
const PLACES_MAX: usize = ANCESTORS_MAX + 2;

/// The scopes by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scopes {
    pub(crate) names: Names,
    // INVARIANT: no scope lies above itself, none below more than ANCESTORS_MAX.
    rows: Vec<ScopeRow>,
    /// The parents of scopes with several, ascending: most have one.
    several: Lists,
    /// The types, such as `project`.
    kinds: Names,
    // INVARIANT: by type, the number of its type-wide scope, or NONE.
    wide: Vec<u32>,
}

#[derive(Clone, Copy, Debug, Default)]
struct ScopeRow {
    kind: u32,
    /// Grants that name it, and whether it [`HAS_BELOW`].
    grants: u32,
    /// The scope directly above, NONE, or [`SEVERAL`] and where they are listed.
    parent: u32,
}

/// Scopes lie below, or once did.
const HAS_BELOW: u32 = 1 << 31;
/// More than one parent.
const SEVERAL: u32 = 1 << 31;

/// Where a question is asked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Where {
    /// The scope; [`NONE`] for one that the directory never heard of.
    pub(crate) scope: u32,
    /// Its type.
    pub(crate) kind: u32,
    /// What the question says it lies in, if the directory does not know better.
    pub(crate) parent: u32,
    /// The type of that.
    pub(crate) parent_kind: u32,
}

impl Where {
    /// The organisation.
    pub(crate) const ORG: Self = Self { scope: ORG, kind: NONE, parent: NONE, parent_kind: NONE };
}

/// The places that a question lies in, itself first.
pub(crate) struct Places {
    numbers: [u32; PLACES_MAX],
    len: usize,
}

impl Places {
    pub(crate) fn as_slice(&self) -> &[u32] {
        self.numbers.get(..self.len).unwrap_or_default()
    }

    /// Adds a place that is not there yet; false when there is no room.
    fn add(&mut self, place: u32) -> bool {
        if self.as_slice().contains(&place) {
            return true;
        }
        let Some(slot) = self.numbers.get_mut(self.len) else { return false };
        *slot = place;
        self.len += 1;
        true
    }
}

impl Scopes {
    /// No scopes.
    pub(super) const EMPTY: Self = Self {
        names: Names::EMPTY,
        rows: Vec::new(),
        several: Lists::EMPTY,
        kinds: Names::EMPTY,
        wide: Vec::new(),
    };

    /// Adds the organisation and the realm; `seed` goes into the hashes of names.
    pub(super) fn begin(&mut self, seed: u64) {
        self.names.learn_all(seed);
        self.kinds.learn_all(seed);
        self.append("org");
        self.append("realm");
    }

    /// Makes room for so many more scopes, whose texts take so many bytes.
    pub(super) fn reserve(&mut self, count: usize, bytes: usize) {
        self.names.reserve(count, bytes);
        self.rows.reserve_exact(count);
    }

    /// How many numbers there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The number of a scope by its canonical text, which is given the next one if it has none.
    pub(crate) fn number(&mut self, text: &str) -> u32 {
        self.names.find(text).unwrap_or_else(|| self.append(text))
    }

    fn append(&mut self, text: &str) -> u32 {
        let number = self.names.push(text);
        self.add_row(text, number);
        number
    }

    /// Gives the next number to a scope of the snapshot, which comes after the one before in order too.
    pub(super) fn push(&mut self, text: &str) {
        let number = self.names.push_sorted(text);
        self.add_row(text, number);
    }

    fn add_row(&mut self, text: &str, number: u32) {
        let kind = self.learn_kind(text, number);
        self.rows.push(ScopeRow { kind, grants: 0, parent: NONE });
    }

    fn learn_kind(&mut self, text: &str, number: u32) -> u32 {
        let Some((kind, id)) = scope_parts(text) else { return NONE };
        // Scopes of one type come one after the other.
        let last = self.rows.last().map_or(NONE, |row| row.kind);
        let kind = if self.kinds.get(last) == kind { last } else { self.kinds.number(kind) };
        if self.wide.len() <= kind as usize {
            self.wide.resize(kind as usize + 1, NONE);
        }
        if let (Some(wide), "*") = (self.wide.get_mut(kind as usize), id) {
            *wide = number;
        }
        kind
    }

    fn kind(&self, scope: u32) -> u32 {
        self.rows.get(scope as usize).map_or(NONE, |row| row.kind)
    }

    /// How many grants name the scope.
    pub(crate) fn grants(&self, scope: u32) -> u32 {
        self.rows.get(scope as usize).map_or(0, |row| row.grants & !HAS_BELOW)
    }

    /// Counts that a grant more names the scope, or (-1) one less.
    pub(super) fn count_grant(&mut self, scope: u32, more: i32) {
        if let Some(row) = self.rows.get_mut(scope as usize) {
            row.grants = row.grants.saturating_add_signed(more);
        }
    }

    /// Whether the directory has heard of the scope: it has a parent, or a grant of its own.
    pub(crate) fn is_known(&self, scope: u32) -> bool {
        scope < SCOPES_FROM || self.grants(scope) > 0 || !self.parents(scope).is_empty()
    }

    /// Where a scope lies whose canonical text this is.
    pub(crate) fn place(&self, text: &str) -> Where {
        let (scope, kind) = self.looked_up(text);
        Where { scope, kind, parent: NONE, parent_kind: NONE }
    }

    /// The same, in `parent` unless the directory knows where it lies.
    pub(crate) fn place_in(&self, text: &str, parent: &str) -> Where {
        let place = self.place(text);
        if place.scope != NONE && self.is_known(place.scope) {
            return place;
        }
        let (parent, parent_kind) = self.looked_up(parent);
        Where { parent, parent_kind, ..place }
    }

    fn looked_up(&self, text: &str) -> (u32, u32) {
        match self.names.find(text) {
            Some(scope) => (scope, self.kind(scope)),
            None => (NONE, scope_parts(text).and_then(|(kind, _)| self.kinds.find(kind)).unwrap_or(NONE)),
        }
    }

    /// The places that a question at `place` lies in; none when there are too many.
    pub(crate) fn places(&self, place: &Where) -> Option<Places> {
        let mut places = Places { numbers: [0; PLACES_MAX], len: 0 };
        for start in [place.scope, place.parent] {
            if start != NONE && !places.add(start) {
                return None;
            }
        }
        let mut at = 0;
        while let Some(next) = places.as_slice().get(at).copied() {
            for parent in self.parents(next) {
                if !places.add(*parent) {
                    return None;
                }
            }
            at += 1;
        }
        Some(places)
    }

    /// Whether a grant on `scope` and all below it counts at `place`; not where that lies in too many places.
    pub(crate) fn covers(&self, place: &Where, scope: u32) -> bool {
        if scope == ORG {
            return place.scope != REALM;
        }
        let Some(places) = self.places(place) else { return false };
        let is_wide = |kind: u32| self.wide.get(kind as usize) == Some(&scope);
        scope == REALM
            || places.as_slice().iter().any(|place| *place == scope || is_wide(self.kind(*place)))
            || is_wide(place.kind)
            || is_wide(place.parent_kind)
    }

    /// The type-wide scope of a place and of its parent in the question.
    pub(crate) fn wide_of(&self, place: &Where) -> impl Iterator<Item = u32> {
        let kinds = [place.kind, place.parent_kind].into_iter();
        kinds.filter_map(|kind| self.wide.get(kind as usize).copied()).filter(|wide| *wide != NONE)
    }

    /// The scopes directly above, ascending.
    pub(crate) fn parents(&self, scope: u32) -> &[u32] {
        match self.rows.get(scope as usize).map(|row| &row.parent) {
            None | Some(&NONE) => &[],
            Some(parent) if *parent & SEVERAL == 0 => core::slice::from_ref(parent),
            Some(parent) => self.several.get(parent & !SEVERAL),
        }
    }

    /// Gives `scope` other parents, which ascend.
    pub(crate) fn set_parents(&mut self, scope: u32, parents: &[u32]) {
        let listed = self.rows.get(scope as usize).map(|row| row.parent).filter(|parent| *parent != NONE);
        let listed = listed.filter(|parent| parent & SEVERAL != 0).map(|parent| parent & !SEVERAL);
        let parent = match (parents, listed) {
            ([], None) => NONE,
            ([parent], None) => *parent,
            (_, Some(listed)) => {
                self.several.replace(listed, parents);
                SEVERAL | listed
            }
            (_, None) => {
                self.several.push(parents);
                SEVERAL | (self.several.len() - 1)
            }
        };
        if let Some(row) = self.rows.get_mut(scope as usize) {
            row.parent = parent;
        }
        for parent in parents {
            if let Some(row) = self.rows.get_mut(*parent as usize) {
                row.grants |= HAS_BELOW;
            }
        }
    }

    /// Whether scopes may lie below.
    pub(crate) fn has_below(&self, scope: u32) -> bool {
        self.rows.get(scope as usize).is_some_and(|row| row.grants & HAS_BELOW != 0)
    }

    pub(super) fn shrink(&mut self) {
        self.names.shrink();
        self.several.shrink();
        self.rows.shrink_to_fit();
    }

    /// Whether `scope` lies above itself or below too many others.
    pub(crate) fn is_tangled(&self, scope: u32) -> bool {
        if self.parents(scope).iter().all(|parent| self.parents(*parent).is_empty()) {
            return false;
        }
        let mut above: Vec<u32> = self.parents(scope).to_vec();
        let mut at = 0;
        while let Some(next) = above.get(at).copied() {
            if next == scope || above.len() > ANCESTORS_MAX {
                return true;
            }
            for parent in self.parents(next) {
                if !above.contains(parent) {
                    above.push(*parent);
                }
            }
            at += 1;
        }
        false
    }
}
