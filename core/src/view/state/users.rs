//! Users: a row of group numbers each, and for a few of them more.

use alloc::vec::Vec;

use super::ids::{Counts, Ids};
use super::{Edge, Edges, Grants, Groups, MORE, NOBODY, NONE, SLOTS_END, Spans};
use crate::view::fact::Via;
use crate::view::keys::Key;
use crate::view::lists::Lists;
use crate::view::texts::Names;

/// Two group numbers: rows are made of these.
pub(crate) type Unit = [u16; SLOTS];

/// Group numbers of one unit.
const SLOTS: usize = 2;

/// How many classes of rows there are.
pub(super) const CLASSES: usize = 11;
/// How many units a row has, class by class; the last class holds those with more than a row can say.
const CLASS_UNITS: [u32; CLASSES] = [2, 3, 4, 5, 6, 7, 8, 12, 16, 32, MORE_UNITS as u32];
/// Units of a row that only says where more is kept.
const MORE_UNITS: usize = 2;
/// The class of those with more.
const MORE_CLASS: u8 = CLASSES as u8 - 1;
/// Groups in the longest row.
pub(crate) const ROW_LEN_MAX: u8 = 64;
/// What stands for the length of a row that cannot say all.
pub(crate) const MORE_LEN: u8 = 255;

/// All users by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Users {
    ids: Ids,
    // INVARIANT: by class, where the row of its first user begins in `units`.
    starts: Counts,
    // INVARIANT: groups ascending, then empty slots; or MORE and the two halves of a place in the next three.
    units: Vec<Unit>,
    flags: Vec<u32>,
    // INVARIANT: the words of edges: all of the user's.
    pub(super) edges: Lists,
    // INVARIANT: the words of grants.
    pub(super) grants: Lists,
    /// Their folded names; none when the snapshot came without.
    pub(crate) names: Names,
    pub(super) has_names: bool,
}

// What is short about a user with more than a row; above these bits lies the number of the person, plus one.
const PRESENT: u32 = 1;
const ACTIVE: u32 = 2;
const PERSON_SHIFT: u32 = 2;

/// What is known about a user; of one who never was, nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    users: &'a Users,
    /// Groups that the user always is in, in each in its usual way: of most users all there is to know.
    pub(crate) slots: &'a [u16],
    flags: u32,
    /// Where more is kept than a row can say, or [`NONE`].
    place: u32,
}

impl<'a> Row<'a> {
    /// Whether the user is there.
    pub(crate) const fn is_present(&self) -> bool {
        self.flags & PRESENT != 0
    }

    pub(crate) const fn is_active(&self) -> bool {
        self.flags & ACTIVE != 0
    }

    /// Whether there is more than slots.
    pub(crate) const fn has_more(&self) -> bool {
        self.place != NONE
    }

    /// The groups in slots.
    pub(crate) fn groups(&self) -> impl Iterator<Item = u32> + 'a {
        self.slots.iter().map(|slot| u32::from(*slot)).filter(|group| *group != NOBODY)
    }

    /// By number.
    pub(crate) fn person(&self) -> Option<u32> {
        (self.flags >> PERSON_SHIFT).checked_sub(1)
    }

    /// The edges of a user with more than slots: all of them.
    pub(crate) fn edges(&self) -> Edges<'a> {
        Edges::new(self.users.edges.get(self.place))
    }

    /// The grants to the user alone.
    pub(crate) fn grants(&self) -> Grants<'a> {
        Grants::new(self.users.grants.get(self.place))
    }
}

impl Users {
    /// No users.
    pub(super) const EMPTY: Self = Self {
        ids: Ids::EMPTY,
        starts: [0; CLASSES],
        units: Vec::new(),
        flags: Vec::new(),
        edges: Lists::EMPTY,
        grants: Lists::EMPTY,
        names: Names::EMPTY,
        has_names: false,
    };

    /// Takes in users of these ids, each with the length of its row; rows are filled in later. False unless the ids
    /// ascend.
    pub(super) fn fill(&mut self, ids: &[[u8; 16]], lens: &[u8], seed: u64) -> bool {
        let mut classes = Vec::with_capacity(lens.len());
        classes.extend(lens.iter().map(|len| class_of(*len)));
        if !self.ids.fill(ids, classes, seed) {
            return false;
        }
        // Those with more come last, and grow.
        let (mut unit, mut last, mut units_before) = (0, 0, 0);
        for ((start, first), units) in self.starts.iter_mut().zip(self.ids.firsts()).zip(CLASS_UNITS) {
            unit += (first - last) * units_before;
            *start = unit;
            (last, units_before) = (*first, units);
        }
        let more = self.ids.len() - last as usize;
        self.units.reserve_exact(unit as usize + more * MORE_UNITS);
        self.units.resize(unit as usize, Unit::default());
        self.flags.reserve_exact(more);
        self.edges.reserve(more);
        self.grants.reserve(more);
        true
    }

    /// Gives users their numbers, in the order of their ids.
    pub(super) fn numbering(&self) -> Numbering {
        Numbering { next: *self.ids.firsts() }
    }

    /// The slots of a user's row of this length, to be filled.
    #[inline(always)]
    pub(super) fn slots_mut(&mut self, len: u8, user: u32) -> &mut [u16] {
        let (at, units) = self.place_in(usize::from(class_of(len)), user);
        let row = self.units.get_mut(at..at + units).unwrap_or_default();
        row.as_flattened_mut().get_mut(..usize::from(len)).unwrap_or_default()
    }

    /// How many numbers there are, those of users who are not there any more included.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    pub(crate) fn id(&self, user: u32) -> Key {
        self.ids.get(user)
    }

    /// The number of a user who is or was there.
    ///
    /// Cost: the logarithm of the users.
    pub(crate) fn find(&self, id: &Key) -> Option<u32> {
        self.ids.find(id)
    }

    /// Where a user's row begins, and its units; the last class grows with the users that deltas bring.
    fn place(&self, user: u32) -> (usize, usize) {
        // Of classes without users the last one begins where the next user would be.
        let [_, rest @ ..] = self.ids.firsts();
        self.place_in(rest.iter().map(|first| usize::from(*first <= user)).sum(), user)
    }

    /// The same of a user of this class.
    #[inline(always)]
    fn place_in(&self, class: usize, user: u32) -> (usize, usize) {
        match (self.ids.firsts().get(class), self.starts.get(class), CLASS_UNITS.get(class)) {
            (Some(first), Some(start), Some(units)) => {
                ((start + (user - first) * units) as usize, *units as usize)
            }
            _ => (0, 0),
        }
    }

    /// The slots of a user's row.
    pub(crate) fn slots(&self, user: u32) -> &[Unit] {
        let (at, units) = self.place(user);
        self.units.get(at..at + units).unwrap_or_default()
    }

    /// What is known about a user.
    #[inline]
    pub(crate) fn row(&self, user: u32) -> Row<'_> {
        let slots = self.slots(user).as_flattened();
        let (slots, flags, place) = match *slots {
            [] => (slots, 0, NONE),
            [kind, _, low, high, ..] if u32::from(kind) == MORE => {
                let place = u32::from(low) | u32::from(high) << 16;
                (Default::default(), self.flags.get(place as usize).copied().unwrap_or(0), place)
            }
            _ => (slots, PRESENT | ACTIVE, NONE),
        };
        Row { users: self, slots, flags, place }
    }

    /// Whether the user is there.
    pub(crate) fn is_present(&self, user: u32) -> bool {
        self.row(user).is_present()
    }

    /// Appends the next user of the snapshot with more than a row.
    pub(super) fn push_more(&mut self, active: bool, person: Option<u32>, edges: &[u32], grants: &[u32]) {
        self.edges.push(edges);
        self.grants.push(grants);
        self.push_flags(flags_of(true, active, person));
    }

    fn push_flags(&mut self, flags: u32) {
        self.units.extend(more_units(self.flags.len() as u32));
        self.flags.push(flags);
    }

    /// The number of a user, who is added if need be: then not present yet.
    pub(super) fn number(&mut self, id: &Key) -> u32 {
        self.find(id).unwrap_or_else(|| {
            self.push_flags(0);
            self.ids.add(id)
        })
    }

    /// Where all is that is known about a user, to be changed; the slots are given up.
    #[inline(never)]
    fn more_place(&mut self, user: u32, groups: &Groups) -> u32 {
        let row = self.row(user);
        if row.has_more() {
            return row.place;
        }
        let mut edges = Vec::new();
        for group in row.groups() {
            Edge { group, via: groups.usual(group), spans: Spans::ALWAYS }.push(&mut edges);
        }
        let (flags, place) = (row.flags, self.flags.len() as u32);
        self.flags.push(flags);
        self.edges.replace(place, &edges);
        let (at, units) = self.place(user);
        for (to, unit) in self.units.iter_mut().skip(at).take(units).zip(more_units(place)) {
            *to = unit;
        }
        place
    }

    /// Has the user be there or not, active or not.
    pub(super) fn set_state(&mut self, user: u32, (present, active): (bool, bool), groups: &Groups) {
        self.set_flags(user, PRESENT | ACTIVE, flags_of(present, active, None), groups);
    }

    /// Has the user be another person.
    pub(super) fn set_person(&mut self, user: u32, person: Option<u32>, groups: &Groups) {
        self.set_flags(user, !(PRESENT | ACTIVE), flags_of(false, false, person), groups);
    }

    /// Replaces the flags in `which`.
    fn set_flags(&mut self, user: u32, which: u32, to: u32, groups: &Groups) {
        let before = self.row(user).flags;
        let flags = before & !which | to;
        if flags != before {
            let place = self.more_place(user, groups);
            self.flags.get_mut(place as usize).into_iter().for_each(|slot| *slot = flags);
        }
    }

    /// Puts the words of a grant in place, or takes it out if there are none.
    pub(super) fn set_grant(&mut self, user: u32, id: &Key, grant: &[u32], groups: &Groups) {
        if !grant.is_empty() || self.row(user).has_more() {
            let place = self.more_place(user, groups);
            let at = Grants::new(self.grants.get(place)).at(id);
            self.grants.splice(place, at, grant);
        }
    }

    /// Puts the words of an edge in place, or takes it out if there are none.
    pub(super) fn set_edge(&mut self, user: u32, (group, via): (u32, Via), edge: &[u32], groups: &Groups) {
        let is_usual = via == groups.usual(group) && group < SLOTS_END;
        // An edge of two words holds at all times.
        if is_usual && edge.len() <= 2 && self.set_slot(user, group as u16, !edge.is_empty()) {
            return;
        }
        if edge.is_empty() && !self.row(user).has_more() {
            return;
        }
        let place = self.more_place(user, groups);
        let at = Edges::new(self.edges.get(place)).at((group, via));
        self.edges.splice(place, at, edge);
    }

    /// Puts a group into a plain row or takes it out; false when that needs more.
    fn set_slot(&mut self, user: u32, group: u16, is_in: bool) -> bool {
        let (at, units) = self.place(user);
        let slots = self.units.get_mut(at..at + units).unwrap_or_default().as_flattened_mut();
        if slots.first().is_none_or(|first| u32::from(*first) == MORE) {
            return false;
        }
        let used = slots.iter().position(|slot| u32::from(*slot) == NOBODY).unwrap_or(slots.len());
        match (slots.get(..used).unwrap_or_default().binary_search(&group), is_in) {
            (Ok(_), true) | (Err(_), false) => true,
            (Ok(at), false) => {
                slots.copy_within(at + 1..used, at);
                slots.get_mut(used - 1).into_iter().for_each(|slot| *slot = NOBODY as u16);
                true
            }
            (Err(at), true) if used < slots.len() => {
                slots.copy_within(at..used, at + 1);
                slots.get_mut(at).into_iter().for_each(|slot| *slot = group);
                true
            }
            (Err(_), true) => false,
        }
    }
}

fn flags_of(present: bool, active: bool, person: Option<u32>) -> u32 {
    let person = person.map_or(0, |person| person + 1);
    (u32::from(present) * PRESENT) | (u32::from(active) * ACTIVE) | person << PERSON_SHIFT
}

/// Numbers of users as they follow each other by id: consecutive within each class.
pub(super) struct Numbering {
    next: Counts,
}

impl Numbering {
    /// The number of the next user, whose row has this length.
    #[inline(always)]
    pub(super) fn next(&mut self, len: u8) -> u32 {
        let Some(next) = self.next.get_mut(usize::from(class_of(len))) else { return 0 };
        *next += 1;
        *next - 1
    }
}

/// The class of a row of this length: the first that has room.
#[inline(always)]
fn class_of(len: u8) -> u8 {
    CLASS_OF.get(usize::from(len)).copied().unwrap_or(MORE_CLASS)
}

/// [`class_of`] every length that a row can have.
#[expect(clippy::indexing_slicing, reason = "a wrong place in a constant does not compile")]
const CLASS_OF: [u8; ROW_LEN_MAX as usize + 1] = {
    let mut classes = [0; ROW_LEN_MAX as usize + 1];
    let (mut len, mut class) = (0, 0);
    while len < classes.len() {
        if len > CLASS_UNITS[class] as usize * SLOTS {
            class += 1;
        }
        classes[len] = class as u8;
        len += 1;
    }
    classes
};

/// How a row begins whose user has more, at this place.
fn more_units(place: u32) -> [Unit; MORE_UNITS] {
    [[MORE as u16, 0], [place as u16, (place >> 16) as u16]]
}
