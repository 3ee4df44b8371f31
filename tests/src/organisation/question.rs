//! Questions to an organisation, as a gateway would ask them.

use cohort_core::decide::Query;
use cohort_core::id::Instant;

use super::access::{Place, permission};
use super::people::user_name;
use super::{Organisation, Random, Size};

/// A question by names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// A user's name.
    pub subject: String,
    /// A permission's name.
    pub permission: String,
    /// A resource, for one question in five and for those that aim at a grant below the organisation.
    pub scope: Option<String>,
}

impl Question {
    /// The question at the moment `at`.
    #[must_use]
    pub fn query(&self, at: Instant) -> Query<'_> {
        let query = Query::new(&self.subject, &self.permission, at);
        Query { scope: self.scope.as_deref(), ..query }
    }
}

impl Organisation {
    /// Any user, asked about any permission, or half of the time about one that a group of the user most likely
    /// gives.
    pub fn question(&self, random: &mut Random) -> Question {
        let user = random.below(self.size().users);
        let (asked, place) = if random.once_in(2) {
            (random.below(self.size().permissions), Place::Org)
        } else {
            self.aimed(user, random)
        };
        let scope = self.asked_scope(place, random);
        Question { subject: user_name(user), permission: permission(asked), scope }
    }

    /// A permission that a group of the user gives, and where.
    fn aimed(&self, user: usize, random: &mut Random) -> (usize, Place) {
        let direct: Vec<usize> = self.memberships(user).into_iter().collect();
        let direct = direct.get(random.below(direct.len())).copied().unwrap_or_default();
        let above = self.parent(direct).filter(|_| random.once_in(2));
        let (role, place) = self.grant_drawn(above.unwrap_or(direct), random);
        let permissions: Vec<usize> = self.permissions_of(role).into_iter().collect();
        (permissions.get(random.below(permissions.len())).copied().unwrap_or_default(), place)
    }

    fn asked_scope(&self, granted: Place, random: &mut Random) -> Option<String> {
        let per_project = Size::RESOURCES_PER_PROJECT;
        let resource = match granted {
            Place::Org if random.once_in(5) => random.below(self.size().resources()),
            Place::Org => return None,
            Place::Project(project) => project * per_project + random.below(per_project),
            Place::Resource(resource) => resource,
        };
        Some(Place::Resource(resource).scope().to_string())
    }
}
