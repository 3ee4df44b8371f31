//! Organisations of any size, made from a seed: what benches measure on.
//!
//! Everything about a user, a group, a role or a grant follows from the seed and its number, so an organisation
//! of a million users takes no memory until its changes are applied. Group sizes are Zipf-like: group 0 is the
//! largest. Ids ascend with the number and end in noise, as those of a directory do (RFC 9562 section 5.7).

mod access;
mod people;
mod question;
mod random;

use std::iter;

use cohort_core::change::Change;
use cohort_core::id::{OrgId, Span};
use cohort_core::model::EdgeKey;
use cohort_core::view::{Member, Via};

pub use question::Question;
use random::Kind;
pub use random::Random;

/// A group's parent is at most so many numbers away, so what lies below a group does not grow with the size.
const PARENT_DISTANCE_MAX: usize = 8;

/// How many of each there are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// One letter.
    pub name: &'static str,
    /// Active people; on average each is a direct member of 8 groups.
    pub users: usize,
    /// Half of them inside another group.
    pub groups: usize,
    /// Each of about 10 permissions.
    pub roles: usize,
    /// Distinct permissions.
    pub permissions: usize,
    /// Grants of one group.
    pub grants_per_group: usize,
    /// Groups inside one another, at most.
    pub levels: u8,
    /// Of the half of all groups that might be in no other, one in so many is.
    pub flat_in: usize,
}

impl Size {
    /// A company of a thousand.
    pub const S: Self = Self::of("S", [1_000, 100, 50, 200]);
    /// A company of a hundred thousand.
    pub const M: Self = Self::of("M", [100_000, 5_000, 500, 2_000]);
    /// A company of a million.
    pub const L: Self = Self::of("L", [1_000_000, 50_000, 5_000, 10_000]);

    /// So many users, groups, roles and permissions, with the grants and levels that all sizes have.
    #[must_use]
    pub const fn of(name: &'static str, [users, groups, roles, permissions]: [usize; 4]) -> Self {
        Self { name, users, groups, roles, permissions, grants_per_group: 3, levels: 6, flat_in: 1 }
    }

    /// The size of this letter.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::S, Self::M, Self::L].into_iter().find(|size| size.name == name)
    }

    /// Projects; each has [`Size::RESOURCES_PER_PROJECT`] resources.
    #[must_use]
    pub const fn projects(self) -> usize {
        self.groups / 5
    }

    /// Resources of one project.
    pub const RESOURCES_PER_PROJECT: usize = 20;

    /// Resources of all projects.
    #[must_use]
    pub const fn resources(self) -> usize {
        self.projects() * Self::RESOURCES_PER_PROJECT
    }
}

/// One organisation, all of it implied by size and seed.
#[derive(Clone, Debug)]
pub struct Organisation {
    size: Size,
    seed: u64,
    // INVARIANT: one entry for each group; a parent has a smaller number than its group.
    nesting: Vec<Option<usize>>,
}

impl Organisation {
    /// The organisation of this size and seed.
    #[must_use]
    pub fn new(size: Size, seed: u64) -> Self {
        Self { size, seed, nesting: nesting(size, seed) }
    }

    /// How many of each there are.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// Whose changes these are.
    #[must_use]
    pub fn id(&self) -> OrgId {
        OrgId::from_u128(self.id_bits(0))
    }

    /// All changes, in an order that a graph accepts.
    pub fn changes(&self) -> impl Iterator<Item = Change> {
        let Size { users, groups, roles, .. } = self.size;
        let roles = (0..roles).map(|number| Change::SetRole(self.role(number)));
        let scopes = (0..self.size.resources()).map(|number| self.resource_placed(number));
        let groups_set = (0..groups).map(|number| Change::SetGroup(self.group(number)));
        let people = (0..users).flat_map(move |number| {
            let memberships = self.memberships(number).into_iter();
            let joined = memberships.map(move |group| self.joined(number, group));
            iter::once(Change::SetUser(self.user(number))).chain(joined)
        });
        let nested = (0..groups).filter_map(|number| Some(self.nested(number, self.parent(number)?)));
        let grants = (0..groups).flat_map(|number| self.grants(number)).map(Change::SetGrant);
        roles.chain(scopes).chain(groups_set).chain(people).chain(nested).chain(grants)
    }

    /// About how many [`Organisation::changes`] there are.
    #[must_use]
    pub const fn changes_expected(&self) -> usize {
        let Size { users, groups, roles, grants_per_group, .. } = self.size;
        users * 9 + groups * (grants_per_group + 1) + groups / 2 + roles + self.size.resources()
    }

    /// The group that a group is inside of.
    #[must_use]
    pub fn parent(&self, group: usize) -> Option<usize> {
        self.nesting.get(group).copied().flatten()
    }

    /// The change that puts one group inside another.
    #[must_use]
    pub fn nested(&self, group: usize, parent: usize) -> Change {
        let member = Member::Group(self.group_id(group));
        Change::SetEdge(EdgeKey::include(self.group_id(parent), member, Via::Manual), Span::ALWAYS)
    }

    fn is_leaf(&self, group: usize) -> bool {
        let near = group + 1..=group + PARENT_DISTANCE_MAX;
        near.into_iter().all(|other| self.parent(other) != Some(group))
    }

    fn about(&self, kind: Kind, number: usize) -> Random {
        Random::about(self.seed, kind, number)
    }

    fn id_bits(&self, number: usize) -> u128 {
        (number as u128) << 64 | u128::from(self.about(Kind::Id, number).bits())
    }
}

/// The parent of each group.
fn nesting(size: Size, seed: u64) -> Vec<Option<usize>> {
    let Size { groups, levels: levels_max, flat_in, .. } = size;
    let mut parents: Vec<Option<usize>> = Vec::with_capacity(groups);
    let mut levels: Vec<u8> = Vec::with_capacity(groups);
    for number in 0..groups {
        let mut random = Random::about(seed, Kind::Nesting, number);
        let is_nested = random.once_in(2) || !random.once_in(flat_in);
        let parent = if is_nested { number.checked_sub(1 + random.below(PARENT_DISTANCE_MAX)) } else { None };
        let level = parent.and_then(|parent| levels.get(parent)).map_or(1, |above| above + 1);
        let parent = parent.filter(|_| level <= levels_max);
        levels.push(if parent.is_some() { level } else { 1 });
        parents.push(parent);
    }
    parents
}

#[cfg(test)]
mod tests;
