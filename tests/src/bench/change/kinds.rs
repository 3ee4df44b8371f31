//! The kinds of changes, each with how one is drawn.

use cohort_core::change::Change;
use cohort_core::graph::Graph;
use cohort_core::id::{ScopeId, Span};
use cohort_core::model::{EdgeKey, Grant, Group, Role};
use cohort_core::view::{Effect, GroupState, Member, Principal, Reach, Via};

use crate::organisation::{Organisation, Random};

/// One kind of change.
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// What the cost follows by its nature, when that is more than the facts changed.
    pub(super) follows: Option<&'static str>,
    pub(super) change: fn(&mut Draw<'_>) -> Change,
}

/// What a change is drawn from.
pub(super) struct Draw<'a> {
    pub(super) organisation: &'a Organisation,
    pub(super) graph: &'a Graph,
    pub(super) random: &'a mut Random,
}

/// The group with the most members.
const LARGEST: usize = 0;

const fn kind(name: &'static str, change: fn(&mut Draw<'_>) -> Change) -> Kind {
    Kind { name, follows: None, change }
}

pub(super) const KINDS: &[Kind] = &[
    kind("nothing: the state already holds", |_| Change::SetOrg { enabled: true }),
    kind("set user, no rule reads it", |draw| {
        let user = draw.user();
        Change::SetUser(draw.organisation.user_charged(user, draw.random))
    }),
    kind("set user, rules read it", |draw| {
        let user = draw.user();
        Change::SetUser(draw.organisation.user_moved(user, draw.random))
    }),
    kind("new user", |draw| Change::SetUser(draw.organisation.user(draw.organisation.size().users))),
    kind("remove user", |draw| {
        let user = draw.user();
        Change::RemoveUser(draw.organisation.user_id(user))
    }),
    kind("add membership", |draw| Change::SetEdge(draw.new_membership(), Span::ALWAYS)),
    kind("remove membership", |draw| Change::RemoveEdge(draw.membership())),
    kind("exclude user from a rule", |draw| Change::SetEdge(draw.exclusion(), Span::ALWAYS)),
    kind("nest group", |draw| {
        let (inner, outer) = (draw.group(), draw.group());
        draw.organisation.nested(inner, outer)
    }),
    kind("nest group with a rule", |draw| {
        let (inner, outer) = (draw.ruled_group(), draw.group_below_no_deny());
        draw.organisation.nested(inner, outer)
    }),
    kind("nest the largest group", |draw| {
        let outer = draw.group_below_no_deny();
        draw.organisation.nested(LARGEST, outer)
    }),
    kind("disable group", |draw| {
        let group = draw.group();
        draw.disabled(group)
    }),
    kind("disable group with a rule", |draw| {
        let group = draw.ruled_group();
        draw.disabled(group)
    }),
    kind("disable the largest group", |draw| draw.disabled(LARGEST)),
    kind("new group", |draw| Change::SetGroup(draw.new_group())),
    kind("remove group", |draw| {
        let group = draw.group();
        Change::RemoveGroup(draw.organisation.group_id(group))
    }),
    Kind {
        name: "new group with a rule",
        follows: Some("the users: the rule is asked about each"),
        change: |draw| {
            let rule = Some(draw.organisation.new_rule(draw.random));
            Change::SetGroup(Group { rule, ..draw.new_group() })
        },
    },
    kind("new role", |draw| Change::SetRole(draw.organisation.new_role(0))),
    kind("set role, one known permission more", |draw| {
        let role = draw.role();
        let other = draw.role();
        Change::SetRole(with_permission(role, other.permissions.first().map_or("area0:do0", String::as_str)))
    }),
    kind("set role, one new permission more", |draw| {
        let role = draw.role();
        Change::SetRole(with_permission(role, "area0:new"))
    }),
    kind("remove role", |draw| Change::RemoveRole(draw.role().id)),
    kind("set scope", |draw| {
        let resources = draw.organisation.size().resources();
        draw.organisation.resource_placed(resources + draw.random.below(resources))
    }),
    kind("set grant", |draw| {
        let group = draw.group();
        Change::SetGrant(draw.new_grant(group))
    }),
    kind("set grant on a resource", |draw| {
        let group = draw.group();
        let scope = draw.resource();
        Change::SetGrant(Grant { scope, reach: Reach::Exact, ..draw.new_grant(group) })
    }),
    kind("remove grant", |draw| Change::RemoveGrant(draw.grant().id)),
    kind("deny to group", |draw| {
        let group = draw.group_above_no_rule();
        Change::SetGrant(Grant { effect: Effect::Deny, ..draw.new_grant(group) })
    }),
    kind("deny to the largest group", |draw| {
        Change::SetGrant(Grant { effect: Effect::Deny, ..draw.new_grant(LARGEST) })
    }),
    kind("disable the organisation", |_| Change::SetOrg { enabled: false }),
];

impl Draw<'_> {
    fn user(&mut self) -> usize {
        self.random.below(self.organisation.size().users)
    }

    /// Any group, so most likely one of the many small ones; not one of those with a rule.
    fn group(&mut self) -> usize {
        self.random.below(self.organisation.ruled_groups().start)
    }

    fn ruled_group(&mut self) -> usize {
        let ruled = self.organisation.ruled_groups();
        ruled.start + self.random.below(ruled.len())
    }

    /// A group for which no deny would reach what is put inside it.
    fn group_below_no_deny(&mut self) -> usize {
        loop {
            let group = self.group();
            let above = std::iter::successors(Some(group), |group| self.organisation.parent(*group));
            if above
                .into_iter()
                .all(|group| self.organisation.grants(group).all(|grant| grant.effect == Effect::Allow))
            {
                return group;
            }
        }
    }

    /// A group that no group with a rule can be inside of: those stand last, and groups nest nearby.
    fn group_above_no_rule(&mut self) -> usize {
        self.random.below(self.organisation.size().groups / 2)
    }

    fn disabled(&self, group: usize) -> Change {
        let group = self.organisation.group(group);
        let state =
            if group.state == GroupState::Enabled { GroupState::Disabled } else { GroupState::Enabled };
        Change::SetGroup(Group { state, ..group })
    }

    fn new_group(&self) -> Group {
        let number = self.organisation.size().groups;
        Group::new(self.organisation.group_id(number), "new-group")
    }

    /// An edge into a group by hand, beside those from the identity provider.
    fn new_membership(&mut self) -> EdgeKey {
        let (user, group) = (self.user(), self.group());
        self.organisation.membership(user, group, Via::Manual)
    }

    fn membership(&mut self) -> EdgeKey {
        let user = self.user();
        let groups: Vec<usize> = self.organisation.memberships(user).into_iter().collect();
        let group = groups.get(self.random.below(groups.len())).copied().unwrap_or_default();
        self.organisation.membership(user, group, Via::Scim)
    }

    /// The exclusion of a user whom a rule lets in.
    fn exclusion(&mut self) -> EdgeKey {
        loop {
            let user = self.user();
            let user = self.organisation.user_id(user);
            let mut groups = self.graph.memberships(Member::User(user));
            if let Some((group, ..)) = groups.find(|(_, via, _)| *via == Via::Rule) {
                return EdgeKey::exclude(group, user);
            }
        }
    }

    fn role(&mut self) -> Role {
        let role = self.random.below(self.organisation.size().roles);
        self.organisation.role(role)
    }

    fn new_grant(&mut self, group: usize) -> Grant {
        let id = self.organisation.grant_id(self.organisation.unused_grant(self.random.below(1_000)));
        Grant::new(id, Principal::Group(self.organisation.group_id(group)), self.role().id)
    }

    fn grant(&mut self) -> Grant {
        let group = self.group();
        let drawn = self.organisation.grants(group).nth(self.random.below(3));
        drawn.unwrap_or_else(|| self.new_grant(group))
    }

    fn resource(&mut self) -> ScopeId {
        let resource = self.random.below(self.organisation.size().resources());
        self.organisation.resource(resource)
    }
}

fn with_permission(mut role: Role, permission: &str) -> Role {
    role.permissions.push(permission.to_string());
    role
}
