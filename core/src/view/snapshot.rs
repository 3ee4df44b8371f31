//! The opened state of one organisation at one revision.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::ops::Bound;

use super::fact::{Fact, FactChange, FactKey, Facts, GrantFact, GroupState, Member, Principal, Via};
use super::format::{self, Header, Kind};
use super::wire::{WireError, WireFault};
use crate::id::{GrantId, GroupId, OrgId, PersonId, Revision, RoleId, ScopeId, Span, UserId};
use crate::limits::ANCESTORS_MAX;

/// All facts of an organisation at a revision, proven to fit together, ready for questions.
///
/// Opening and applying refuse bytes that are malformed or that contradict themselves; a refused delta leaves
/// the state as it was.
#[derive(Clone, Debug)]
pub struct Snapshot {
    header: Header,
    // INVARIANT: every id that a fact names has a fact of its own, but a person's, who is the realm's; no scope
    // lies above itself; what is granted on the realm is granted to persons.
    facts: Facts,
    // INVARIANT: the users of `facts` by name.
    users_by_name: BTreeSet<(String, UserId)>,
    // INVARIANT: the permissions of roles, the groups that edges lead into, and the roles and scopes of grants, by
    // how many there are of each.
    permissions: BTreeMap<String, u32>,
    joined_groups: BTreeMap<GroupId, u32>,
    granted_roles: BTreeMap<RoleId, u32>,
    granted_scopes: BTreeMap<ScopeId, u32>,
    // INVARIANT: the scopes that others lie directly below, by how many there are.
    scope_parents: BTreeMap<ScopeId, u32>,
}

/// Why a snapshot was not opened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum OpenError {
    /// The bytes are malformed.
    Wire(WireError),
    /// The facts do not fit together.
    State(StateError),
}

/// Why a delta was not applied; the state is unchanged.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ApplyError {
    /// The bytes are malformed.
    Wire(WireError),
    /// The delta is about another organisation.
    Org {
        /// The organisation of the state.
        expected: OrgId,
        /// That of the delta.
        found: OrgId,
    },
    /// The delta builds on another revision: a delta from this one, or a snapshot, is needed.
    Base {
        /// The revision of the state.
        expected: Revision,
        /// The revision that the delta builds on.
        found: Revision,
    },
    /// The delta was made before the state's last one.
    Older,
    /// The facts would no longer fit together.
    State(StateError),
}

/// How facts contradict each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StateError {
    /// No fact says whether the organisation is enabled.
    NoOrg,
    /// An edge or grant names a group without a fact.
    UnknownGroup(GroupId),
    /// An edge, a grant or a person's account names a user without a fact.
    UnknownUser(UserId),
    /// A grant names a role without a fact.
    UnknownRole(RoleId),
    /// A scope lies above itself, or below more scopes than the format takes.
    ScopeCycle(ScopeId),
    /// A grant on the realm to somebody else than a person.
    RealmGrant(GrantId),
}

impl fmt::Display for OpenError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wire(cause) => write!(out, "malformed snapshot: {cause}"),
            Self::State(cause) => write!(out, "contradictory snapshot: {cause}"),
        }
    }
}

impl fmt::Display for ApplyError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wire(cause) => write!(out, "malformed delta: {cause}"),
            Self::Org { expected, found } => {
                write!(out, "delta of organisation {found}; expected {expected}")
            }
            Self::Base { expected, found } => write!(out, "delta from revision {found}; expected {expected}"),
            Self::Older => out.write_str("delta made before the state that it is applied to"),
            Self::State(cause) => write!(out, "contradictory delta: {cause}"),
        }
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOrg => out.write_str("nothing says whether the organisation is enabled"),
            Self::UnknownGroup(id) => write!(out, "group {id} is named but not there"),
            Self::UnknownUser(id) => write!(out, "user {id} is named but not there"),
            Self::UnknownRole(id) => write!(out, "role {id} is named but not there"),
            Self::ScopeCycle(scope) => {
                write!(out, "scope `{scope}` lies above itself, or below more than {ANCESTORS_MAX} others")
            }
            Self::RealmGrant(id) => write!(out, "grant {id} is on the realm but not to a person"),
        }
    }
}

impl core::error::Error for OpenError {}
impl core::error::Error for ApplyError {}
impl core::error::Error for StateError {}

/// Whom a question's subject names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// One user.
    User(UserId),
    /// Nobody.
    Unknown,
    /// Several users of different sources.
    Ambiguous,
}

impl Snapshot {
    /// Opens a snapshot's bytes (the payload of a verified envelope).
    ///
    /// Cost: proportional to the bytes, times the logarithm of the facts.
    ///
    /// # Errors
    /// [`OpenError`] saying what is wrong and, for malformed bytes, where.
    pub fn open(bytes: &[u8]) -> Result<Self, OpenError> {
        let (header, changes) = format::read(bytes).map_err(OpenError::Wire)?;
        if header.kind != Kind::Snapshot {
            return Err(OpenError::Wire(WireError { offset: 6, fault: WireFault::Kind }));
        }
        let mut snapshot = Self {
            header,
            facts: Facts::new(),
            users_by_name: BTreeSet::new(),
            permissions: BTreeMap::new(),
            joined_groups: BTreeMap::new(),
            granted_roles: BTreeMap::new(),
            granted_scopes: BTreeMap::new(),
            scope_parents: BTreeMap::new(),
        };
        let keys: Vec<FactKey> = changes.iter().map(|change| change.key.clone()).collect();
        for change in changes {
            snapshot.put(change);
        }
        if !snapshot.facts.contains_key(&FactKey::Org) {
            return Err(OpenError::State(StateError::NoOrg));
        }
        for key in &keys {
            snapshot.check(key).map_err(OpenError::State)?;
        }
        Ok(snapshot)
    }

    /// Moves the state to the revision that `delta` (the payload of a verified envelope) leads to.
    ///
    /// A delta without facts from the current revision to itself is a heartbeat: it moves `valid_until`.
    /// Cost: follows the facts of the delta, times the logarithm of the state's; all scopes when one moves that
    /// others lie below.
    ///
    /// # Errors
    /// [`ApplyError`]; the state is then unchanged.
    pub fn apply(&mut self, delta: &[u8]) -> Result<(), ApplyError> {
        let (header, changes) = format::read(delta).map_err(ApplyError::Wire)?;
        self.expect_next(&header)?;
        let keys: Vec<FactKey> = changes.iter().map(|change| change.key.clone()).collect();
        let undo: Vec<FactChange> = changes.into_iter().map(|change| self.put(change)).collect();
        if let Err(cause) = self.check_all(&keys) {
            for change in undo.into_iter().rev() {
                self.put(change);
            }
            return Err(ApplyError::State(cause));
        }
        self.header = Header { kind: Kind::Snapshot, from: Revision::default(), ..header };
        Ok(())
    }

    fn expect_next(&self, header: &Header) -> Result<(), ApplyError> {
        if header.kind != Kind::Delta {
            return Err(ApplyError::Wire(WireError { offset: 6, fault: WireFault::Kind }));
        }
        if header.org != self.header.org {
            return Err(ApplyError::Org { expected: self.header.org, found: header.org });
        }
        if header.from != self.header.revision {
            return Err(ApplyError::Base { expected: self.header.revision, found: header.from });
        }
        if header.created < self.header.created {
            return Err(ApplyError::Older);
        }
        Ok(())
    }

    /// What stands before the facts; after deltas, that of the snapshot they would make together.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Everything that this state was told.
    #[must_use]
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Whether the organisation is enabled.
    #[must_use]
    pub fn org_enabled(&self) -> bool {
        matches!(self.facts.get(&FactKey::Org), Some(Fact::Org { enabled: true }))
    }

    /// Whom `subject` names: a user's id in uuid form, else a user's folded name.
    #[must_use]
    pub fn subject(&self, subject: &str) -> Subject {
        if let Ok(id) = subject.parse::<UserId>()
            && self.facts.contains_key(&FactKey::User(id))
        {
            return Subject::User(id);
        }
        let first = (String::from(subject), UserId::from_u128(0));
        let mut named = self.users_by_name.range(first..).take_while(|(name, _)| name == subject);
        match (named.next(), named.next()) {
            (None, _) => Subject::Unknown,
            (Some((_, id)), None) => Subject::User(*id),
            (Some(_), Some(_)) => Subject::Ambiguous,
        }
    }

    /// The name of a user.
    #[must_use]
    pub fn user_name(&self, id: UserId) -> Option<&str> {
        match self.facts.get(&FactKey::User(id)) {
            Some(Fact::User { name, .. }) => Some(name),
            _ => None,
        }
    }

    /// Whether a user may be allowed anything.
    #[must_use]
    pub fn user_active(&self, id: UserId) -> bool {
        matches!(self.facts.get(&FactKey::User(id)), Some(Fact::User { active: true, .. }))
    }

    /// The slug and state of a group.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<(&str, GroupState)> {
        match self.facts.get(&FactKey::Group(id)) {
            Some(Fact::Group { slug, state }) => Some((slug, *state)),
            _ => None,
        }
    }

    /// The name of a role.
    #[must_use]
    pub fn role_name(&self, id: RoleId) -> Option<&str> {
        self.role(id).map(|(name, _)| name)
    }

    fn role(&self, id: RoleId) -> Option<(&str, &[String])> {
        match self.facts.get(&FactKey::Role(id)) {
            Some(Fact::Role { name, permissions }) => Some((name, permissions)),
            _ => None,
        }
    }

    /// Whether `role` has `permission`.
    #[must_use]
    pub fn role_has(&self, role: RoleId, permission: &str) -> bool {
        let Some((_, permissions)) = self.role(role) else { return false };
        permissions.binary_search_by(|one| one.as_str().cmp(permission)).is_ok()
    }

    /// Whether any role has `permission`: asking for another is most likely a typo.
    #[must_use]
    pub fn knows_permission(&self, permission: &str) -> bool {
        self.permissions.contains_key(permission)
    }

    /// The groups that `member` has edges into, with how and when.
    pub fn edges(&self, member: Member) -> impl Iterator<Item = (GroupId, Via, &[Span])> {
        let first = FactKey::Edge(member, GroupId::from_u128(0), Via::Manual);
        self.facts.range((Bound::Included(first), Bound::Unbounded)).map_while(move |(key, fact)| {
            match (key, fact) {
                (FactKey::Edge(from, group, via), Fact::Edge { spans }) if *from == member => {
                    Some((*group, *via, spans.as_slice()))
                }
                _ => None,
            }
        })
    }

    /// The grants for exactly this principal.
    pub fn grants(&self, principal: Principal) -> impl Iterator<Item = (GrantId, &GrantFact)> {
        let first = FactKey::Grant(principal, GrantId::from_u128(0));
        self.facts.range((Bound::Included(first), Bound::Unbounded)).map_while(move |(key, fact)| {
            match (key, fact) {
                (FactKey::Grant(to, id), Fact::Grant(grant)) if *to == principal => Some((*id, grant)),
                _ => None,
            }
        })
    }

    /// Whose account `user` is; none for nobody that the realm knows.
    #[must_use]
    pub fn person(&self, user: UserId) -> Option<PersonId> {
        match self.facts.get(&FactKey::Person(user)) {
            Some(Fact::Person { id }) => Some(*id),
            _ => None,
        }
    }

    /// The scopes directly above `scope`, other than the organisation.
    #[must_use]
    pub fn scope_parents(&self, scope: &ScopeId) -> &[ScopeId] {
        match self.facts.get(&FactKey::Scope(scope.clone())) {
            Some(Fact::Scope { parents }) => parents,
            _ => &[],
        }
    }

    /// Whether the directory has heard of `scope`: it has a parent, or a grant of its own.
    #[must_use]
    pub fn knows_scope(&self, scope: &ScopeId) -> bool {
        !self.scope_parents(scope).is_empty() || self.granted_scopes.contains_key(scope)
    }

    /// Puts or drops a fact and gives the change that takes it back.
    fn put(&mut self, change: FactChange) -> FactChange {
        let FactChange { key, fact } = change;
        let before = self.facts.remove(&key);
        if let Some(before) = &before {
            self.unindex(&key, before);
        }
        if let Some(fact) = fact {
            self.index(&key, &fact);
            self.facts.insert(key.clone(), fact);
        }
        FactChange { key, fact: before }
    }

    fn index(&mut self, key: &FactKey, fact: &Fact) {
        match (key, fact) {
            (FactKey::User(id), Fact::User { name, .. }) => {
                self.users_by_name.insert((name.clone(), *id));
            }
            (_, Fact::Role { permissions, .. }) => {
                permissions.iter().for_each(|permission| count_up(&mut self.permissions, permission));
            }
            (FactKey::Edge(_, group, _), _) => count_up(&mut self.joined_groups, group),
            (_, Fact::Grant(grant)) => {
                count_up(&mut self.granted_roles, &grant.role);
                count_up(&mut self.granted_scopes, &grant.scope);
            }
            (_, Fact::Scope { parents }) => {
                parents.iter().for_each(|parent| count_up(&mut self.scope_parents, parent));
            }
            _ => {}
        }
    }

    fn unindex(&mut self, key: &FactKey, fact: &Fact) {
        match (key, fact) {
            (FactKey::User(id), Fact::User { name, .. }) => {
                self.users_by_name.remove(&(name.clone(), *id));
            }
            (_, Fact::Role { permissions, .. }) => {
                permissions.iter().for_each(|permission| count_down(&mut self.permissions, permission));
            }
            (FactKey::Edge(_, group, _), _) => count_down(&mut self.joined_groups, group),
            (_, Fact::Grant(grant)) => {
                count_down(&mut self.granted_roles, &grant.role);
                count_down(&mut self.granted_scopes, &grant.scope);
            }
            (_, Fact::Scope { parents }) => {
                parents.iter().for_each(|parent| count_down(&mut self.scope_parents, parent));
            }
            _ => {}
        }
    }

    /// Whether the facts at `keys` fit what was there before.
    fn check_all(&self, keys: &[FactKey]) -> Result<(), StateError> {
        keys.iter().try_for_each(|key| self.check(key))?;
        let has_others_below =
            |key: &FactKey| matches!(key, FactKey::Scope(scope) if self.scope_parents.contains_key(scope));
        if !keys.iter().any(has_others_below) {
            return Ok(());
        }
        // What lies below a scope that moved lies below its new parents too.
        self.facts.keys().try_for_each(|key| match key {
            FactKey::Scope(scope) => self.expect_tree(scope),
            _ => Ok(()),
        })
    }

    /// Whether what `key` names is there, and, if `key` itself was dropped, nothing names it any more.
    fn check(&self, key: &FactKey) -> Result<(), StateError> {
        let present = self.facts.get(key);
        match (key, present) {
            (FactKey::Org, None) => Err(StateError::NoOrg),
            (FactKey::Edge(member, group, _), Some(_)) => {
                self.expect_group(*group)?;
                self.expect_member(*member)
            }
            (FactKey::Grant(principal, id), Some(Fact::Grant(grant))) => {
                if self.role(grant.role).is_none() {
                    return Err(StateError::UnknownRole(grant.role));
                }
                match principal {
                    Principal::Person(_) => Ok(()),
                    _ if grant.scope.is_realm() => Err(StateError::RealmGrant(*id)),
                    Principal::User(id) => self.expect_member(Member::User(*id)),
                    Principal::Group(id) => self.expect_group(*id),
                    Principal::Everyone => Ok(()),
                }
            }
            (FactKey::Scope(scope), Some(_)) => self.expect_tree(scope),
            (FactKey::Person(user), Some(_)) => self.expect_member(Member::User(*user)),
            (FactKey::User(id), None) if self.person(*id).is_some() => Err(StateError::UnknownUser(*id)),
            (FactKey::User(id), None) => self.expect_unused_member(Member::User(*id)),
            (FactKey::Group(id), None) => self.expect_unused_group(*id),
            (FactKey::Role(id), None) => self.expect_unused_role(*id),
            _ => Ok(()),
        }
    }

    fn expect_group(&self, id: GroupId) -> Result<(), StateError> {
        self.group(id).map(|_| ()).ok_or(StateError::UnknownGroup(id))
    }

    fn expect_member(&self, member: Member) -> Result<(), StateError> {
        match member {
            Member::User(id) => self.user_name(id).map(|_| ()).ok_or(StateError::UnknownUser(id)),
            Member::Group(id) => self.expect_group(id),
        }
    }

    fn expect_unused_member(&self, member: Member) -> Result<(), StateError> {
        let (principal, unknown) = match member {
            Member::User(id) => (Principal::User(id), StateError::UnknownUser(id)),
            Member::Group(id) => (Principal::Group(id), StateError::UnknownGroup(id)),
        };
        let used = self.edges(member).next().is_some() || self.grants(principal).next().is_some();
        if used { Err(unknown) } else { Ok(()) }
    }

    fn expect_unused_group(&self, id: GroupId) -> Result<(), StateError> {
        self.expect_unused_member(Member::Group(id))?;
        if self.joined_groups.contains_key(&id) { Err(StateError::UnknownGroup(id)) } else { Ok(()) }
    }

    fn expect_unused_role(&self, id: RoleId) -> Result<(), StateError> {
        if self.granted_roles.contains_key(&id) { Err(StateError::UnknownRole(id)) } else { Ok(()) }
    }

    fn expect_tree(&self, scope: &ScopeId) -> Result<(), StateError> {
        let mut above: Vec<&ScopeId> = self.scope_parents(scope).iter().collect();
        let mut seen: BTreeSet<&ScopeId> = BTreeSet::new();
        while let Some(next) = above.pop() {
            if seen.insert(next) {
                above.extend(self.scope_parents(next));
            }
            if next == scope || seen.len() > ANCESTORS_MAX {
                return Err(StateError::ScopeCycle(scope.clone()));
            }
        }
        Ok(())
    }
}

fn count_up<K: Ord + Clone>(counts: &mut BTreeMap<K, u32>, key: &K) {
    *counts.entry(key.clone()).or_default() += 1;
}

fn count_down<K: Ord>(counts: &mut BTreeMap<K, u32>, key: &K) {
    let Some(count) = counts.get_mut(key) else { return };
    *count -= 1;
    if *count == 0 {
        counts.remove(key);
    }
}

#[cfg(test)]
mod tests;
