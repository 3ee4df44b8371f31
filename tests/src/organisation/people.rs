//! Users, groups, and who is in which.

use std::collections::BTreeSet;

use cohort_core::attribute::{Profile, Text};
use cohort_core::change::Change;
use cohort_core::id::{GroupId, Span, UserId};
use cohort_core::model::{EdgeKey, Group, User};
use cohort_core::rule::{Comparison, Condition, Operator, Rule};
use cohort_core::view::{GroupState, Member, Via};

use super::Organisation;
use super::random::{Kind, Random};

/// Groups with a rule: the last ones. So few in every size, because a profile costs the rules that read it.
const RULES: usize = 12;
/// Every so many groups one is disabled.
const DISABLED_EVERY: usize = 97;
/// The least direct groups of a user; on average there are 8.
const GROUPS_MIN: usize = 4;

/// Fields that rules read, and how many values each has.
const FIELDS: [(&str, usize); 3] = [("department", 20), ("location", 40), ("job", 80)];

impl Organisation {
    /// The id of a user, also of one that the organisation does not have yet.
    #[must_use]
    pub fn user_id(&self, number: usize) -> UserId {
        UserId::from_u128(self.id_bits(number))
    }

    /// The id of a group, also of one that the organisation does not have yet.
    #[must_use]
    pub fn group_id(&self, number: usize) -> GroupId {
        GroupId::from_u128(self.id_bits(number))
    }

    /// A user with department, location and job.
    #[must_use]
    pub fn user(&self, number: usize) -> User {
        let mut random = self.about(Kind::Profile, number);
        let mut profile = Profile::new();
        for (field, values) in FIELDS {
            profile.set(field, vec![text(field, random.below(values))]);
        }
        User { profile, ..User::new(self.user_id(number), &user_name(number)) }
    }

    /// The user with another department, which rules read.
    #[must_use]
    pub fn user_moved(&self, number: usize, random: &mut Random) -> User {
        let mut user = self.user(number);
        let [(field, values), ..] = FIELDS;
        user.profile.set(field, vec![text(field, random.below(values))]);
        user
    }

    /// The user with a cost centre, which no rule reads.
    #[must_use]
    pub fn user_charged(&self, number: usize, random: &mut Random) -> User {
        let mut user = self.user(number);
        user.profile.set("costcenter", vec![text("costcenter", random.below(1_000))]);
        user
    }

    /// A group, the last ones with a rule.
    #[must_use]
    pub fn group(&self, number: usize) -> Group {
        let disabled = number % DISABLED_EVERY == DISABLED_EVERY - 1;
        let state = if disabled { GroupState::Disabled } else { GroupState::Enabled };
        let rule = self.rule(number);
        Group { state, rule, ..Group::new(self.group_id(number), &format!("group{number}")) }
    }

    /// The numbers of the groups that have a rule.
    #[must_use]
    pub const fn ruled_groups(&self) -> std::ops::Range<usize> {
        self.size.groups - RULES..self.size.groups
    }

    fn rule(&self, number: usize) -> Option<Rule> {
        let rule = number.checked_sub(self.ruled_groups().start).filter(|rule| *rule < RULES)?;
        let [department, location, job] = FIELDS;
        Some(match rule % 3 {
            0 => is(department, rule),
            1 => Rule::All(vec![is(department, rule), is(location, rule)]),
            _ => Rule::Any(vec![is(job, rule), Rule::All(vec![is(location, rule), is(job, rule + 1)])]),
        })
    }

    /// A rule that holds for one user in 20.
    #[must_use]
    pub fn new_rule(&self, random: &mut Random) -> Rule {
        let [department, ..] = FIELDS;
        is(department, random.below(department.1))
    }

    /// The groups that a user is a direct member of, large ones more likely; each once.
    #[must_use]
    pub fn memberships(&self, number: usize) -> BTreeSet<usize> {
        let mut random = self.about(Kind::Memberships, number);
        let count = GROUPS_MIN + random.below(2 * (8 - GROUPS_MIN) + 1);
        let mut groups = BTreeSet::new();
        while groups.len() < count {
            groups.insert(random.rank_below(self.size.groups));
        }
        groups
    }

    /// The change that makes a user a member of a group, as an identity provider's push.
    #[must_use]
    pub fn joined(&self, user: usize, group: usize) -> Change {
        Change::SetEdge(self.membership(user, group, Via::Scim), Span::ALWAYS)
    }

    /// The edge of a user into a group.
    #[must_use]
    pub fn membership(&self, user: usize, group: usize, via: Via) -> EdgeKey {
        EdgeKey::include(self.group_id(group), Member::User(self.user_id(user)), via)
    }
}

/// The name by which questions ask for a user.
pub(super) fn user_name(number: usize) -> String {
    format!("user{number}@example.com")
}

fn text(field: &str, value: usize) -> Text {
    Text::folded_by(&format!("{field} {value}"), str::to_lowercase)
}

fn is((field, values): (&str, usize), value: usize) -> Rule {
    Rule::Condition(Condition::Compare(Comparison {
        field: field.to_string(),
        operator: Operator::Equal,
        values: vec![text(field, value % values)],
        negated: false,
    }))
}
