//! The directory's half: state that changes, and the facts that follow from it.
//!
//! [`Graph::apply`] takes one [`Change`], refuses it when it would break an invariant of `docs/model.md`, and
//! otherwise says which facts it put or dropped. Facts are worked out incrementally; a graph built from the same
//! state in any order has the same facts.

mod check;
mod conditions;
mod derive;
mod membership;
mod owners;
mod reports;
mod roles;
mod rules;
mod scopes;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use crate::change::Change;
use crate::id::{GrantId, GroupId, Instant, OrgId, PersonId, RoleId, Span, UserId};
use crate::model::{EdgeKey, Grant, Group, Role, User};
use crate::view::{Fact, FactChange, FactKey, Facts, Member, Via};

pub use check::GraphError;
use conditions::Conditions;
use roles::RoleIndex;
use scopes::Scopes;

/// The state of one organisation, and the facts that an edge would be told.
#[derive(Clone, Debug)]
pub struct Graph {
    org: OrgId,
    enabled: bool,
    users: BTreeMap<UserId, User>,
    persons: BTreeMap<UserId, PersonId>,
    groups: BTreeMap<GroupId, Group>,
    edges: BTreeMap<EdgeKey, Span>,
    // INVARIANT: the keys of `edges` whose user owns the group: included, and by hand.
    owners: BTreeSet<EdgeKey>,
    roles: BTreeMap<RoleId, Role>,
    // INVARIANT: what `roles` name, and the grants of each.
    role_index: RoleIndex,
    scopes: Scopes,
    grants: BTreeMap<GrantId, Grant>,
    // INVARIANT: what `grants` require.
    conditions: Conditions,
    // INVARIANT: the keys of `edges`, found from the member.
    edges_by_member: BTreeSet<(Member, EdgeKey)>,
    // INVARIANT: every group with a rule, by what the rule looks at.
    rules: rules::RuleIndex,
    // INVARIANT: every group by its slug without case.
    slugs: BTreeSet<(String, GroupId)>,
    // INVARIANT: who is found by a folded user name, and by a folded reference to a manager.
    chain: reports::Chain,
    // INVARIANT: what the state above implies; nothing but `put` changes it.
    facts: Facts,
    // INVARIANT: the edge facts, found from the group.
    facts_by_group: BTreeSet<(GroupId, Member, Via)>,
    /// What `put` replaced since the current change began.
    replaced: BTreeMap<FactKey, Option<Fact>>,
    /// The users whose rules on groups wait to be worked out since the current change began.
    unsettled: BTreeSet<UserId>,
    /// The moment from which too many spans are kept.
    now: Instant,
    // INVARIANT: the users and groups whose rule gives too many spans, and up to when their fact tells the truth.
    cut: BTreeMap<(UserId, GroupId), Instant>,
}

/// What a change did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Applied {
    /// The facts put and dropped, in the order of their keys; what no edge needs to know puts none.
    pub facts: Vec<FactChange>,
    /// The changes that take it back, to be applied in this order; none when the state already held.
    pub inverse: Vec<Change>,
    /// The users whom a rule let in or out.
    pub moves: Vec<Move>,
}

/// A user let in or out of a group by its rule.
#[derive(Clone, PartialEq, Eq, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Move {
    /// Who.
    pub user: UserId,
    /// Which group.
    pub group: GroupId,
    /// In or out.
    pub joined: bool,
}

impl Graph {
    /// An enabled organisation of nobody.
    #[must_use]
    pub fn new(org: OrgId) -> Self {
        Self {
            org,
            enabled: true,
            users: BTreeMap::new(),
            persons: BTreeMap::new(),
            groups: BTreeMap::new(),
            edges: BTreeMap::new(),
            owners: BTreeSet::new(),
            roles: BTreeMap::new(),
            role_index: RoleIndex::default(),
            scopes: Scopes::default(),
            grants: BTreeMap::new(),
            conditions: Conditions::default(),
            edges_by_member: BTreeSet::new(),
            rules: rules::RuleIndex::default(),
            slugs: BTreeSet::new(),
            chain: reports::Chain::default(),
            facts: BTreeMap::from([(FactKey::Org, Fact::Org { enabled: true })]),
            facts_by_group: BTreeSet::new(),
            replaced: BTreeMap::new(),
            unsettled: BTreeSet::new(),
            now: Instant::MIN,
            cut: BTreeMap::new(),
        }
    }

    /// Whose state this is.
    #[must_use]
    pub const fn org(&self) -> OrgId {
        self.org
    }

    /// Everything that an edge would be told.
    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// A user's record.
    #[must_use]
    pub fn user(&self, id: UserId) -> Option<&User> {
        self.users.get(&id)
    }

    /// Whose account a user is, if the realm knows.
    #[must_use]
    pub fn person(&self, user: UserId) -> Option<PersonId> {
        self.persons.get(&user).copied()
    }

    /// A group's record.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(&id)
    }

    /// A role's record.
    #[must_use]
    pub fn role(&self, id: RoleId) -> Option<&Role> {
        self.roles.get(&id)
    }

    /// A grant's record.
    #[must_use]
    pub fn grant(&self, id: GrantId) -> Option<&Grant> {
        self.grants.get(&id)
    }

    /// When an edge holds, if there is one.
    #[must_use]
    pub fn edge(&self, key: &EdgeKey) -> Option<Span> {
        self.edges.get(key).copied()
    }

    /// Applies `change` and says what it did.
    ///
    /// Nothing happens if the state already holds; [`Applied`] is then empty.
    /// Cost: a profile costs the rules that read a changed field, and a manager the users below too; a rule costs
    /// the users of the organisation; a role costs the roles; an edge or a group costs the users below if any rule
    /// looks at groups; the rest costs what it names, and what it takes along.
    ///
    /// # Errors
    /// [`GraphError`] when the change names what is not there or breaks an invariant. The graph is unchanged.
    pub fn apply(&mut self, change: &Change) -> Result<Applied, GraphError> {
        self.check(change)?;
        if self.holds(change) {
            return Ok(Applied::default());
        }
        self.replaced.clear();
        let inverse = self.inverse(change);
        self.carry_out(change);
        self.settle();
        let changed = self.changed_facts();
        let moves = changed.iter().filter_map(rule_move).collect();
        let facts = changed.into_iter().map(|(fact, _)| fact).collect();
        Ok(Applied { facts, inverse, moves })
    }

    /// Whether the state is already what `change` asks for.
    fn holds(&self, change: &Change) -> bool {
        match change {
            Change::SetOrg { enabled } => self.enabled == *enabled,
            Change::SetUser(user) => self.users.get(&user.id) == Some(user),
            Change::RemoveUser(id) => !self.users.contains_key(id),
            Change::SetPerson { user, person } => self.person(*user) == *person,
            Change::SetGroup(group) => self.groups.get(&group.id) == Some(group),
            Change::RemoveGroup(id) => !self.groups.contains_key(id),
            Change::SetEdge(key, span) => self.edges.get(key) == Some(span) && !self.owners.contains(key),
            Change::SetOwner { group, user, span } => {
                let key = owners::by_hand(*user, *group);
                self.edges.get(&key) == Some(span) && self.owners.contains(&key)
            }
            Change::RemoveEdge(key) => !self.edges.contains_key(key),
            Change::SetRole(role) => self.roles.get(&role.id) == Some(role),
            Change::RemoveRole(id) => !self.roles.contains_key(id),
            Change::SetScope { scope, parents } => self.scopes.parents(scope) == Some(parents),
            Change::RemoveScope(scope) => self.scopes.parents(scope).is_none(),
            Change::SetGrant(grant) => self.grants.get(&grant.id) == Some(grant),
            Change::RemoveGrant(id) => !self.grants.contains_key(id),
        }
    }

    /// The changes that lead back from `change` to the present state.
    fn inverse(&self, change: &Change) -> Vec<Change> {
        match change {
            Change::SetOrg { .. } => alloc::vec![Change::SetOrg { enabled: self.enabled }],
            Change::SetUser(user) => {
                one(self.users.get(&user.id), Change::SetUser, Change::RemoveUser(user.id))
            }
            Change::SetPerson { user, .. } => {
                alloc::vec![Change::SetPerson { user: *user, person: self.person(*user) }]
            }
            Change::SetGroup(group) => {
                one(self.groups.get(&group.id), Change::SetGroup, Change::RemoveGroup(group.id))
            }
            Change::SetEdge(key, _) | Change::RemoveEdge(key) => alloc::vec![self.edge_as_it_is(*key)],
            Change::SetOwner { group, user, .. } => {
                alloc::vec![self.edge_as_it_is(owners::by_hand(*user, *group))]
            }
            Change::SetRole(role) => {
                one(self.roles.get(&role.id), Change::SetRole, Change::RemoveRole(role.id))
            }
            Change::SetScope { scope, .. } | Change::RemoveScope(scope) => {
                let set = |parents| Change::SetScope { scope: scope.clone(), parents };
                one(self.scopes.parents(scope), set, Change::RemoveScope(scope.clone()))
            }
            Change::SetGrant(Grant { id, .. }) | Change::RemoveGrant(id) => {
                one(self.grants.get(id), Change::SetGrant, Change::RemoveGrant(*id))
            }
            Change::RemoveUser(id) => self.inverse_of_removal(Member::User(*id)),
            Change::RemoveGroup(id) => self.inverse_of_removal(Member::Group(*id)),
            Change::RemoveRole(id) => {
                let role = self.roles.get(id).cloned().map(Change::SetRole);
                let including = self.role_index.including(*id).filter_map(|id| self.roles.get(&id).cloned());
                let grants = self.role_index.grants_of(*id).filter_map(|id| self.grants.get(&id).cloned());
                let restored = including.map(Change::SetRole).chain(grants.map(Change::SetGrant));
                role.into_iter().chain(restored).collect()
            }
        }
    }

    fn inverse_of_removal(&self, member: Member) -> Vec<Change> {
        let record = match member {
            Member::User(id) => self.users.get(&id).cloned().map(Change::SetUser),
            Member::Group(id) => self.groups.get(&id).cloned().map(Change::SetGroup),
        };
        let person = match member {
            Member::User(user) => Some(Change::SetPerson { user, person: self.person(user) }),
            Member::Group(_) => None,
        };
        let edges = self.edges_touching(member).into_iter().map(|key| self.edge_as_it_is(key));
        let grants = self.grants_naming(member).into_iter();
        let grants = grants.filter_map(|id| self.grants.get(&id).cloned().map(Change::SetGrant));
        record.into_iter().chain(person).chain(edges).chain(grants).collect()
    }

    /// The change that leads to the edge as it is now, or to none.
    fn edge_as_it_is(&self, key: EdgeKey) -> Change {
        match (self.edges.get(&key), key.member) {
            (None, _) => Change::RemoveEdge(key),
            (Some(span), Member::User(user)) if self.owners.contains(&key) => {
                Change::SetOwner { group: key.group, user, span: *span }
            }
            (Some(span), _) => Change::SetEdge(key, *span),
        }
    }
}

/// The change that sets what was there before, or the one that removes what was not.
fn one<T: Clone>(before: Option<&T>, set: impl FnOnce(T) -> Change, remove: Change) -> Vec<Change> {
    alloc::vec![before.cloned().map_or(remove, set)]
}

/// The move that a change of a fact means, if it is a rule's edge that came or went, not one that holds at other
/// times than before.
fn rule_move((change, before): &(FactChange, Option<Fact>)) -> Option<Move> {
    match change.key {
        FactKey::Edge(Member::User(user), group, Via::Rule) if before.is_some() != change.fact.is_some() => {
            Some(Move { user, group, joined: change.fact.is_some() })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
