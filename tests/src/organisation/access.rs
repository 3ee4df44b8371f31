//! Roles, scopes, and what is granted where.

use std::collections::BTreeSet;

use cohort_core::change::Change;
use cohort_core::id::{GrantId, RoleId, ScopeId};
use cohort_core::model::{Grant, Role};
use cohort_core::view::{Effect, Principal};

use super::random::{Kind, Random};
use super::{Organisation, Size};

/// Permissions that a role names.
const PERMISSIONS_PER_ROLE: usize = 10;
/// Permissions whose names begin alike, so that one wildcard means them.
const PERMISSIONS_PER_AREA: usize = 10;
/// Every so many roles one has a wildcard.
const WILDCARD_EVERY: usize = 25;
/// Every so many roles one includes the role before it.
const INCLUDES_EVERY: usize = 10;
/// One grant in so many is on a project or a resource.
const SCOPED_IN: usize = 10;
/// Every so many groups one is denied something, if no other group is inside it and it has no rule.
const DENIED_EVERY: usize = 50;

impl Organisation {
    /// The id of a role, also of one that the organisation does not have yet.
    #[must_use]
    pub fn role_id(&self, number: usize) -> RoleId {
        RoleId::from_u128(self.id_bits(number))
    }

    /// The id of a grant, also of one that the organisation does not have yet.
    #[must_use]
    pub fn grant_id(&self, number: usize) -> GrantId {
        GrantId::from_u128(self.id_bits(number))
    }

    /// A role of ten permissions; some have a wildcard or include another role.
    #[must_use]
    pub fn role(&self, number: usize) -> Role {
        let mut permissions: Vec<String> = self.permissions_of(number).into_iter().map(permission).collect();
        if number % WILDCARD_EVERY == WILDCARD_EVERY - 1 {
            let area = self.permissions_of(number).first().map(|first| first / PERMISSIONS_PER_AREA);
            permissions.extend(area.map(|area| format!("area{area}:*")));
        }
        let includes = number % INCLUDES_EVERY == INCLUDES_EVERY - 1;
        let includes = includes.then(|| self.role_id(number - 1)).into_iter().collect();
        Role { id: self.role_id(number), name: format!("role{number}"), permissions, includes }
    }

    /// A role that the organisation does not have yet, whatever `number`.
    #[must_use]
    pub fn new_role(&self, number: usize) -> Role {
        Role { includes: Vec::new(), ..self.role(self.size.roles + number) }
    }

    /// The permissions that a role names.
    pub(super) fn permissions_of(&self, role: usize) -> BTreeSet<usize> {
        let mut random = self.about(Kind::Role, role);
        let mut permissions = BTreeSet::new();
        while permissions.len() < PERMISSIONS_PER_ROLE {
            permissions.insert(random.below(self.size.permissions));
        }
        permissions
    }

    /// The change that puts a resource below its project.
    #[must_use]
    pub fn resource_placed(&self, resource: usize) -> Change {
        let project = Place::Project(resource / Size::RESOURCES_PER_PROJECT);
        Change::SetScope { scope: self.resource(resource), parents: vec![project.scope()] }
    }

    /// A resource.
    #[must_use]
    pub fn resource(&self, number: usize) -> ScopeId {
        Place::Resource(number).scope()
    }

    /// What is granted to a group, and for a few groups what is denied.
    pub fn grants(&self, group: usize) -> impl Iterator<Item = Grant> {
        let allows = (0..self.size.grants_per_group).map(move |which| self.grant(group, which));
        let denied = group % DENIED_EVERY == DENIED_EVERY / 2
            && self.is_leaf(group)
            && !self.ruled_groups().contains(&group);
        let deny =
            denied.then(|| Grant { effect: Effect::Deny, ..self.grant(group, self.size.grants_per_group) });
        allows.chain(deny)
    }

    fn grant(&self, group: usize, which: usize) -> Grant {
        let number = group * (self.size.grants_per_group + 1) + which;
        let mut random = self.about(Kind::Grant, number);
        let role = self.role_id(self.granted_role(&mut random));
        let scope = self.granted_scope(&mut random).scope();
        Grant { scope, ..Grant::new(self.grant_id(number), Principal::Group(self.group_id(group)), role) }
    }

    /// One of the grants of a group that allow: the number of its role, and where.
    pub(super) fn grant_drawn(&self, group: usize, random: &mut Random) -> (usize, Place) {
        let number = group * (self.size.grants_per_group + 1) + random.below(self.size.grants_per_group);
        let mut random = self.about(Kind::Grant, number);
        (self.granted_role(&mut random), self.granted_scope(&mut random))
    }

    /// A number that no grant has yet, whatever `number`.
    #[must_use]
    pub const fn unused_grant(&self, number: usize) -> usize {
        self.size.groups * (self.size.grants_per_group + 1) + number
    }

    fn granted_role(&self, random: &mut Random) -> usize {
        random.below(self.size.roles)
    }

    fn granted_scope(&self, random: &mut Random) -> Place {
        if !random.once_in(SCOPED_IN) {
            return Place::Org;
        }
        if random.once_in(2) {
            Place::Project(random.below(self.size.projects()))
        } else {
            Place::Resource(random.below(self.size.resources()))
        }
    }
}

/// Where something is granted or asked for.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Org,
    Project(usize),
    Resource(usize),
}

impl Place {
    pub(super) fn scope(self) -> ScopeId {
        match self {
            Self::Org => ScopeId::org(),
            Self::Project(number) => scope_of("project", number),
            Self::Resource(number) => scope_of("doc", number),
        }
    }
}

/// A permission's name.
pub(super) fn permission(number: usize) -> String {
    format!("area{}:do{}", number / PERMISSIONS_PER_AREA, number % PERMISSIONS_PER_AREA)
}

#[expect(clippy::expect_used, reason = "a lower-case type, a colon and digits are a scope")]
fn scope_of(kind: &str, number: usize) -> ScopeId {
    ScopeId::parse(&format!("{kind}:{number}")).expect("a scope")
}
