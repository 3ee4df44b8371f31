//! From the statements of a world to the changes of a graph.
//!
//! The shortest way from words to decisions: no server, no store, no HTTP. Names become ids by hashing, so a
//! world gives the same bytes wherever and whenever it is built.

use std::collections::BTreeMap;

use cohort_core::attribute::{self, Profile, Text};
use cohort_core::change::Change;
use cohort_core::decide::Query;
use cohort_core::encode::{self, Validity};
use cohort_core::graph::{Applied, Graph, GraphError};
use cohort_core::id::{
    GrantId, GroupId, IdError, Instant, OrgId, PersonId, Revision, RoleId, ScopeId, SourceId, Span, UserId,
};
use cohort_core::model::{EdgeKey, EdgeKind, Grant, Group, Role, User};
use cohort_core::rule::{Rule, RuleError};
use cohort_core::view::{Effect, GroupState, Member, Principal, Reach, Via};

use crate::world::{self, Attribute, Statement};

/// The freshness bound that built snapshots have, in milliseconds.
pub const FRESH_MILLIS: i64 = 900_000;

/// A graph that follows the statements of a world.
#[derive(Clone)]
pub struct Build {
    /// What the statements so far make up.
    pub graph: Graph,
    /// How many statements changed something.
    pub revision: Revision,
    /// The instant of the last `at`.
    pub at: Instant,
    users: BTreeMap<String, User>,
    groups: BTreeMap<String, (Group, Via)>,
    grants: Vec<(Grant, String, world::Principal)>,
}

/// Why a statement cannot be carried out.
#[derive(Debug)]
pub enum BuildError {
    /// A name of nobody and nothing.
    UnknownName(String),
    /// A malformed scope, name or span.
    Id(IdError),
    /// A malformed rule.
    Rule(RuleError),
    /// The graph refused.
    Graph(GraphError),
}

impl From<IdError> for BuildError {
    fn from(cause: IdError) -> Self {
        Self::Id(cause)
    }
}

/// The form in which texts of worlds are compared.
#[must_use]
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// 128-bit FNV-1a: the same id for the same name, everywhere.
#[must_use]
pub fn id_of(kind: &str, name: &str) -> u128 {
    let step = |hash: u128, byte: &u8| (hash ^ u128::from(*byte)).wrapping_mul((1 << 88) + 0x13b);
    let hash = kind.as_bytes().iter().chain(b":").fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d, step);
    name.as_bytes().iter().fold(hash, step)
}

/// The id of the group that a world calls `name`.
#[must_use]
pub fn group_id(name: &str) -> GroupId {
    GroupId::from_u128(id_of("group", name))
}

/// The id of the user that a world calls `name`.
#[must_use]
pub fn user_id(name: &str) -> UserId {
    UserId::from_u128(id_of("user", name))
}

fn person_id(name: &str) -> PersonId {
    PersonId::from_u128(id_of("person", name))
}

fn role_id(name: &str) -> RoleId {
    RoleId::from_u128(id_of("role", name))
}

impl Default for Build {
    fn default() -> Self {
        Self {
            graph: Graph::new(OrgId::from_u128(id_of("org", "world"))),
            revision: Revision::default(),
            at: Instant::from_millis(world::DEFAULT_AT),
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            grants: Vec::new(),
        }
    }
}

impl Build {
    /// Carries out one statement and says what each of its changes did; questions do nothing.
    ///
    /// # Errors
    /// [`BuildError`]; the graph keeps the changes before the refused one.
    pub fn carry_out(&mut self, statement: &Statement) -> Result<Vec<Applied>, BuildError> {
        let changes = self.changes(statement)?;
        let mut applied = Vec::new();
        if let Statement::At(_) = statement {
            let facts = self.graph.evaluate_at(self.at);
            applied.extend((!facts.is_empty()).then(|| Applied { facts, ..Applied::default() }));
        }
        for change in &changes {
            let one = self.graph.apply(change).map_err(BuildError::Graph)?;
            if !one.facts.is_empty() {
                applied.push(one);
            }
        }
        if !applied.is_empty() {
            self.revision = self.revision.next();
        }
        Ok(applied)
    }

    /// The bytes of a snapshot made at the last `at`.
    #[must_use]
    pub fn snapshot_bytes(&self) -> Vec<u8> {
        self.snapshot_bytes_at(self.at)
    }

    /// The bytes of a snapshot made at `at`.
    #[must_use]
    pub fn snapshot_bytes_at(&self, at: Instant) -> Vec<u8> {
        let validity = Validity::from_now(at, FRESH_MILLIS).within(self.graph.horizon());
        encode::snapshot(self.graph.org(), self.revision, validity, self.graph.facts())
    }

    /// Validity of bytes made at the last `at`.
    #[must_use]
    pub fn validity(&self) -> Validity {
        Validity::from_now(self.at, FRESH_MILLIS).within(self.graph.horizon())
    }

    fn changes(&mut self, statement: &Statement) -> Result<Vec<Change>, BuildError> {
        Ok(match statement {
            Statement::At(millis) => {
                self.at = Instant::from_millis(*millis);
                Vec::new()
            }
            Statement::Org { .. }
            | Statement::Ask(_)
            | Statement::Count { .. }
            | Statement::Owners { .. } => Vec::new(),
            Statement::OrgState { enabled } => vec![Change::SetOrg { enabled: *enabled }],
            Statement::Scope { scope, parents } => vec![set_scope(scope, parents)?],
            Statement::User(user) => vec![self.user(user)],
            Statement::Person { name, users } => set_person(name, users),
            Statement::Group(group) => vec![self.group(group)?],
            Statement::Nest(edges) => self.nest(edges)?,
            Statement::Role(role) => vec![set_role(role)],
            Statement::Grant(grant) => vec![self.grant(grant)?],
            Statement::Member { edges, owner: true } => set_owners(edges)?,
            Statement::Member { edges, owner: false } => self.edges(edges, EdgeKind::Include)?,
            Statement::Exclude(edges) => self.edges(edges, EdgeKind::Exclude)?,
            Statement::Set { user, attributes, active } => vec![self.set(user, attributes, *active)?],
            Statement::Unmember(edges) => self.unmember(edges),
            Statement::State { group, state } => vec![self.state(group, *state)?],
            Statement::Revoke { role, principal, scope } => self.revoke(role, principal, scope)?,
            Statement::Remove { user } => {
                self.users.remove(user);
                vec![Change::RemoveUser(user_id(user))]
            }
            Statement::Delete { group } => {
                self.groups.remove(group);
                vec![Change::RemoveGroup(group_id(group))]
            }
        })
    }

    fn user(&mut self, told: &world::User) -> Change {
        let mut user = User::new(user_id(&told.name), &fold(&told.name));
        user.source = told.connection.as_ref().map(|name| SourceId::from_u128(id_of("source", name)));
        user.active = told.active;
        user.profile = profile(Profile::new(), &told.attributes, told.active);
        self.users.insert(told.name.clone(), user.clone());
        Change::SetUser(user)
    }

    fn set(&mut self, name: &str, told: &[Attribute], active: Option<bool>) -> Result<Change, BuildError> {
        let user = self.users.get_mut(name).ok_or_else(|| BuildError::UnknownName(name.to_string()))?;
        user.active = active.unwrap_or(user.active);
        user.profile = profile(std::mem::take(&mut user.profile), told, user.active);
        Ok(Change::SetUser(user.clone()))
    }

    fn group(&mut self, told: &world::Group) -> Result<Change, BuildError> {
        let via = if told.connection.is_some() { Via::Scim } else { Via::Manual };
        let new = || (Group::new(group_id(&told.name), &told.name), via);
        let (group, _) = self.groups.entry(told.name.clone()).or_insert_with(new);
        if let Some(state) = told.state {
            group.state = state_of(state);
        }
        if let Some(rule) = &told.rule {
            group.rule = Some(Rule::parse(rule, fold).map_err(BuildError::Rule)?);
        }
        Ok(Change::SetGroup(group.clone()))
    }

    fn state(&mut self, name: &str, state: world::GroupState) -> Result<Change, BuildError> {
        let (group, _) =
            self.groups.get_mut(name).ok_or_else(|| BuildError::UnknownName(name.to_string()))?;
        group.state = state_of(state);
        Ok(Change::SetGroup(group.clone()))
    }

    fn member(&self, name: &str) -> Member {
        if self.groups.contains_key(name) {
            Member::Group(group_id(name))
        } else {
            Member::User(user_id(name))
        }
    }

    /// `has` creates the group if it is new.
    fn nest(&mut self, edges: &world::Edges) -> Result<Vec<Change>, BuildError> {
        let new = || (Group::new(group_id(&edges.group), &edges.group), Via::Manual);
        let (group, _) = self.groups.entry(edges.group.clone()).or_insert_with(new);
        let create = Change::SetGroup(group.clone());
        let nested = self.edges(edges, EdgeKind::Include)?;
        Ok(std::iter::once(create).chain(nested).collect())
    }

    fn edges(&self, edges: &world::Edges, kind: EdgeKind) -> Result<Vec<Change>, BuildError> {
        let span = span_of(edges.span)?;
        let set = |name: &String| Change::SetEdge(self.edge(&edges.group, self.member(name), kind), span);
        Ok(edges.members.iter().map(set).collect())
    }

    fn unmember(&self, edges: &world::Edges) -> Vec<Change> {
        let key = |name: &String| self.edge(&edges.group, self.member(name), EdgeKind::Include);
        edges.members.iter().map(key).map(Change::RemoveEdge).collect()
    }

    /// People of a pushed group come by SCIM; groups inside it, and exclusions, by hand.
    fn edge(&self, group: &str, member: Member, kind: EdgeKind) -> EdgeKey {
        let pushed = self.groups.get(group).map_or(Via::Manual, |(_, via)| *via);
        let via = match (member, kind) {
            (Member::User(_), EdgeKind::Include) => pushed,
            _ => Via::Manual,
        };
        EdgeKey { group: group_id(group), member, kind, via }
    }

    fn grant(&mut self, told: &world::Grant) -> Result<Change, BuildError> {
        let number = self.grants.len().to_string();
        let grant = Grant {
            id: GrantId::from_u128(id_of("grant", &number)),
            principal: principal(&told.principal),
            role: role_id(&told.role),
            scope: ScopeId::parse(&told.scope)?,
            reach: if told.exact { Reach::Exact } else { Reach::Subtree },
            effect: match told.effect {
                world::Effect::Allow => Effect::Allow,
                world::Effect::Deny => Effect::Deny,
            },
            requires: told.requires.clone(),
            span: span_of(told.span)?,
        };
        self.grants.push((grant.clone(), told.role.clone(), told.principal.clone()));
        Ok(Change::SetGrant(grant))
    }

    fn revoke(&self, role: &str, to: &world::Principal, scope: &str) -> Result<Vec<Change>, BuildError> {
        let scope = ScopeId::parse(scope)?;
        let named = |(grant, told_role, told): &&(Grant, String, world::Principal)| {
            told_role == role && told == to && grant.scope == scope
        };
        Ok(self.grants.iter().filter(named).map(|(grant, ..)| Change::RemoveGrant(grant.id)).collect())
    }
}

/// The question of an `ask`, at its own instant or at `at`.
///
/// `conditions` holds the borrowed words of `ask.conditions`.
#[must_use]
pub fn query<'a>(ask: &'a world::Ask, conditions: &'a [&'a str], at: Instant) -> Query<'a> {
    Query {
        subject: &ask.user,
        permission: &ask.permission,
        scope: Some(&ask.scope),
        parent: ask.within.as_deref(),
        at: ask.at.map_or(at, Instant::from_millis),
        conditions,
        at_least: Revision::default(),
    }
}

fn profile(mut profile: Profile, told: &[Attribute], active: bool) -> Profile {
    for attribute in told {
        let values = attribute.values.iter().map(|value| Text::folded_by(value, fold)).collect();
        match attribute::field(&attribute.field) {
            Some(field) => profile.set(field.name, values),
            None => profile.set(&format!("attr.{}", attribute.field), values),
        }
    }
    let status = if active { "Active" } else { "Inactive" };
    profile.set("status", vec![Text::folded_by(status, fold)]);
    profile
}

fn principal(told: &world::Principal) -> Principal {
    match told {
        world::Principal::Everyone => Principal::Everyone,
        world::Principal::User(name) => Principal::User(user_id(name)),
        world::Principal::Group(name) => Principal::Group(group_id(name)),
        world::Principal::Person(name) => Principal::Person(person_id(name)),
    }
}

const fn state_of(told: world::GroupState) -> GroupState {
    match told {
        world::GroupState::Enabled => GroupState::Enabled,
        world::GroupState::Disabled => GroupState::Disabled,
        world::GroupState::Archived => GroupState::Archived,
    }
}

fn span_of(told: world::Span) -> Result<Span, IdError> {
    Span::new(told.from.map(Instant::from_millis), told.until.map(Instant::from_millis))
}

fn set_scope(scope: &str, parents: &[String]) -> Result<Change, IdError> {
    let parents: Result<Vec<ScopeId>, IdError> =
        parents.iter().map(|parent| ScopeId::parse(parent)).collect();
    let parents = parents?.into_iter().filter(|parent| !parent.is_org()).collect();
    Ok(Change::SetScope { scope: ScopeId::parse(scope)?, parents })
}

fn set_person(name: &str, users: &[String]) -> Vec<Change> {
    let person = Some(person_id(name));
    users.iter().map(|user| Change::SetPerson { user: user_id(user), person }).collect()
}

fn set_owners(told: &world::Edges) -> Result<Vec<Change>, IdError> {
    let (group, span) = (group_id(&told.group), span_of(told.span)?);
    let set = |name: &String| Change::SetOwner { group, user: user_id(name), span };
    Ok(told.members.iter().map(set).collect())
}

fn set_role(told: &world::Role) -> Change {
    let (permissions, includes) = (told.permissions.clone(), told.includes.iter().map(|name| role_id(name)));
    Change::SetRole(Role {
        id: role_id(&told.name),
        name: told.name.clone(),
        permissions,
        includes: includes.collect(),
    })
}
