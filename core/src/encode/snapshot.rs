//! All facts as a snapshot (`docs/snapshot-format.md`): everything gets a number, and is told by it.
//!
//! Groups are numbered by their members, the largest first: what many rows name is a small number, one byte in a row,
//! and lies close together in memory.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::iter::Peekable;

use crate::id::{GroupId, PersonId, RoleId, ScopeId, Span, UserId};
use crate::view::format::{self, DENY, EXACT, Header, REQUIRES, SPAN_SHIFT};
use crate::view::{
    Effect, Fact, FactKey, Facts, GROUPS_FROM, GrantFact, GroupState, Key, Keys, MORE_LEN, Member, Principal,
    ROW_LEN_MAX, Reach, SCOPES_FROM, SLOTS_END, UserNames, Via, Writer,
};

/// What a slice is asked for, beside its facts.
pub(super) struct Asked<'a> {
    /// Permissions that some role has.
    pub(super) known: BTreeSet<&'a str>,
    /// Permissions that none has.
    pub(super) unknown: BTreeSet<&'a str>,
    /// Scopes, each with whether the directory has heard of it.
    pub(super) scopes: BTreeMap<&'a str, bool>,
}

/// Writes header and sections.
pub(super) fn write(header: &Header, facts: &Facts, asked: Option<&Asked<'_>>) -> Vec<u8> {
    let numbers = Numbers::of(facts, asked);
    let mut to = Writer::default();
    format::write_header(&mut to, header);
    let org = matches!(facts.get(&FactKey::Org), Some(Fact::Org { enabled: true }));
    // Facts that name what is not there are written so that nobody opens them.
    if !facts.contains_key(&FactKey::Org) || !numbers.fit(facts) {
        to.u8(u8::MAX);
        return to.into_bytes();
    }
    to.u8(u8::from(org));
    to.texts(numbers.conditions.iter().copied());
    to.texts(numbers.permissions.iter().copied());
    to.texts(numbers.scopes.iter().copied());
    for scope in &numbers.scopes {
        numbers.write_parents(&mut to, facts, scope);
    }
    numbers.write_roles(&mut to, facts);
    numbers.write_groups(&mut to, facts);
    let people = People::of(facts, &numbers);
    people.write(&mut to);
    numbers.write_grants(&mut to, facts);
    if header.names == UserNames::Told {
        people.names.iter().for_each(|name| to.text(name));
    }
    if let Some(asked) = asked {
        numbers.write_coverage(&mut to, asked);
    }
    to.into_bytes()
}

/// The numbers that everything gets, in the order in which a reader counts.
struct Numbers<'a> {
    conditions: Vec<&'a str>,
    permissions: Vec<&'a str>,
    scopes: Vec<&'a str>,
    roles: Vec<RoleId>,
    groups: Vec<GroupNumbered>,
    by_id: Keys,
}

struct GroupNumbered {
    id: GroupId,
    /// Edges from users, by origin.
    members: [u32; 3],
}

impl GroupNumbered {
    fn size(&self) -> u32 {
        self.members.iter().sum()
    }

    /// How most members came in; of equally many the first.
    fn usual(&self) -> Via {
        let [manual, scim, rule] = self.members;
        if manual >= scim && manual >= rule {
            Via::Manual
        } else if scim >= rule {
            Via::Scim
        } else {
            Via::Rule
        }
    }
}

impl<'a> Numbers<'a> {
    fn of(facts: &'a Facts, asked: Option<&Asked<'a>>) -> Self {
        let (mut conditions, mut permissions, mut scopes) =
            (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        if let Some(asked) = asked {
            permissions.extend(&asked.known);
            scopes.extend(asked.scopes.keys());
        }
        let (mut roles, mut groups) = (Vec::new(), Vec::new());
        for (key, fact) in facts {
            match (key, fact) {
                (FactKey::Role(id), Fact::Role { permissions: named, .. }) => {
                    roles.push(*id);
                    permissions.extend(named.iter().map(alloc::string::String::as_str));
                }
                (FactKey::Scope(id), Fact::Scope { parents }) => {
                    scopes.insert(id.as_str());
                    scopes.extend(parents.iter().map(ScopeId::as_str));
                }
                (FactKey::Group(id), _) => groups.push(GroupNumbered { id: *id, members: [0; 3] }),
                (_, Fact::Grant(grant)) => {
                    scopes.insert(grant.scope.as_str());
                    conditions.extend(grant.requires.iter().map(alloc::string::String::as_str));
                }
                _ => {}
            }
        }
        for fixed in ["org", "realm"] {
            scopes.remove(fixed);
        }
        let by_id = indexed(&groups);
        let mut numbers = Self {
            conditions: conditions.into_iter().collect(),
            permissions: permissions.into_iter().collect(),
            scopes: scopes.into_iter().collect(),
            roles,
            groups,
            by_id,
        };
        numbers.count_members(facts);
        numbers.groups.sort_unstable_by_key(|group| (Reverse(group.size()), group.id));
        numbers.by_id = indexed(&numbers.groups);
        numbers
    }

    fn count_members(&mut self, facts: &Facts) {
        for key in facts.keys() {
            if let FactKey::Edge(Member::User(_), group, via) = key
                && let Some(at) = self.group_at(*group)
                && let Some(group) = self.groups.get_mut(at)
                && let Some(count) = group.members.get_mut(usize::from(via_number(*via)))
            {
                *count += 1;
            }
        }
    }

    fn group_at(&self, id: GroupId) -> Option<usize> {
        self.by_id.find(&id.key()).map(|at| at as usize)
    }

    fn group(&self, id: GroupId) -> u32 {
        self.group_at(id).unwrap_or(self.groups.len()) as u32 + GROUPS_FROM
    }

    fn usual(&self, id: GroupId) -> Via {
        self.group_at(id).and_then(|at| self.groups.get(at)).map_or(Via::Manual, GroupNumbered::usual)
    }

    fn role(&self, id: RoleId) -> u32 {
        self.roles.binary_search(&id).unwrap_or(self.roles.len()) as u32
    }

    fn scope(&self, scope: &str) -> u32 {
        match scope {
            "org" => 0,
            "realm" => 1,
            other => self.scopes.binary_search(&other).unwrap_or(self.scopes.len()) as u32 + SCOPES_FROM,
        }
    }

    /// Whether everything that is named is there.
    fn fit(&self, facts: &Facts) -> bool {
        let has_user = |id: UserId| facts.contains_key(&FactKey::User(id));
        let has_group = |id: GroupId| self.group_at(id).is_some();
        let has_role = |id: RoleId| self.roles.binary_search(&id).is_ok();
        facts.iter().all(|(key, fact)| match (key, fact) {
            (FactKey::Role(_), Fact::Role { includes, .. }) => includes.iter().copied().all(has_role),
            (FactKey::Edge(Member::Group(below), group, _), _) => has_group(*group) && has_group(*below),
            (FactKey::Edge(Member::User(user), group, _), _) => has_group(*group) && has_user(*user),
            (FactKey::Person(user), _) => has_user(*user),
            (FactKey::Grant(principal, _), Fact::Grant(grant)) => {
                let is_there = match principal {
                    Principal::User(user) => has_user(*user),
                    Principal::Group(group) => has_group(*group),
                    Principal::Everyone | Principal::Person(_) => true,
                };
                is_there && has_role(grant.role)
            }
            _ => true,
        })
    }

    fn write_coverage(&self, to: &mut Writer, asked: &Asked<'_>) {
        to.count(asked.unknown.len());
        asked.unknown.iter().for_each(|name| to.text(name));
        let covered: BTreeMap<u32, bool> =
            asked.scopes.iter().map(|(scope, known)| (self.scope(scope), *known)).collect();
        // The organisation always is.
        let covered = covered.into_iter().filter(|(scope, _)| *scope > 0).collect::<Vec<_>>();
        to.count(covered.len());
        let mut next = 1;
        for (scope, known) in covered {
            to.count((scope - next) as usize);
            to.u8(u8::from(known));
            next = scope + 1;
        }
    }

    fn write_parents(&self, to: &mut Writer, facts: &Facts, scope: &str) {
        let key = ScopeId::parse(scope).map(FactKey::Scope);
        let parents = match key.ok().and_then(|key| facts.get(&key)) {
            Some(Fact::Scope { parents }) => parents.as_slice(),
            _ => &[],
        };
        write_set(to, parents.iter().map(|parent| self.scope(parent.as_str()).saturating_sub(SCOPES_FROM)));
    }

    fn write_roles(&self, to: &mut Writer, facts: &Facts) {
        to.count(self.roles.len());
        self.roles.iter().for_each(|id| to.uuid(id.key()));
        for id in &self.roles {
            let Some(Fact::Role { name, permissions, includes }) = facts.get(&FactKey::Role(*id)) else {
                continue;
            };
            to.text(name);
            let number = |permission: &alloc::string::String| {
                self.permissions.binary_search(&permission.as_str()).unwrap_or(self.permissions.len()) as u32
            };
            write_set(to, permissions.iter().map(number));
            write_set(to, includes.iter().map(|id| self.role(*id)));
        }
    }

    fn write_groups(&self, to: &mut Writer, facts: &Facts) {
        to.count(self.groups.len());
        self.groups.iter().for_each(|group| to.uuid(group.id.key()));
        let told = |group: &GroupNumbered| match facts.get(&FactKey::Group(group.id)) {
            Some(Fact::Group { slug, state }) => (slug.as_str(), *state),
            _ => ("", GroupState::Disabled),
        };
        self.groups.iter().for_each(|group| to.text(told(group).0));
        for group in &self.groups {
            let state = match told(group).1 {
                GroupState::Enabled => 0,
                GroupState::Disabled => 1,
                GroupState::Archived => 2,
            };
            to.u8(state | via_number(group.usual()) << 2);
        }
        for group in &self.groups {
            let member = Member::Group(group.id);
            let first = FactKey::Edge(member, GroupId::from_u128(0), Via::Manual);
            let edges = facts.range(first..).map_while(|(key, fact)| match (key, fact) {
                (FactKey::Edge(one, above, via), Fact::Edge { spans }) if *one == member => {
                    Some((*above, *via, spans.as_slice()))
                }
                _ => None,
            });
            self.write_edges(to, edges.collect());
        }
    }

    fn write_edges(&self, to: &mut Writer, edges: Vec<(GroupId, Via, &[Span])>) {
        let numbered = edges.into_iter().map(|(group, via, spans)| (self.group(group), via, spans));
        let mut edges: Vec<_> = numbered.collect();
        edges.sort_unstable_by_key(|(group, via, _)| (*group, *via));
        to.count(edges.len());
        let mut last = GROUPS_FROM;
        for (group, via, spans) in edges {
            to.count((group - last) as usize);
            last = group;
            let timed = spans != [Span::ALWAYS];
            to.u8(via_number(via) | u8::from(timed) << 2);
            if timed {
                format::write_spans(to, spans);
            }
        }
    }

    /// The grants of everyone, of each group, and of persons; those of users are told with them.
    fn write_grants(&self, to: &mut Writer, facts: &Facts) {
        self.write_grants_of(to, &grants_of(facts, Principal::Everyone));
        for group in &self.groups {
            self.write_grants_of(to, &grants_of(facts, Principal::Group(group.id)));
        }
        let persons: BTreeSet<PersonId> = facts
            .keys()
            .rev()
            .filter_map(
                |key| if let FactKey::Grant(Principal::Person(id), _) = key { Some(*id) } else { None },
            )
            .collect();
        to.count(persons.len());
        for person in persons {
            to.uuid(person.key());
            self.write_grants_of(to, &grants_of(facts, Principal::Person(person)));
        }
    }

    fn write_grants_of(&self, to: &mut Writer, grants: &[(Key, &GrantFact)]) {
        to.count(grants.len());
        for (id, grant) in grants {
            to.uuid(*id);
            to.count(self.role(grant.role) as usize);
            to.count(self.scope(grant.scope.as_str()) as usize);
            let exact = if grant.reach == Reach::Exact { EXACT } else { 0 };
            let deny = if grant.effect == Effect::Deny { DENY } else { 0 };
            let requires = if grant.requires.is_empty() { 0 } else { REQUIRES };
            to.u8(exact | deny | requires | format::bounds_of(grant.span) << SPAN_SHIFT);
            if !grant.requires.is_empty() {
                let number = |name: &alloc::string::String| {
                    self.conditions.binary_search(&name.as_str()).unwrap_or(self.conditions.len()) as u32
                };
                write_set(to, grant.requires.iter().map(number));
            }
            format::write_bounds(to, grant.span);
        }
    }
}

/// Numbers in ascending order, each once.
fn write_set(to: &mut Writer, numbers: impl Iterator<Item = u32>) {
    let numbers: BTreeSet<u32> = numbers.collect();
    to.numbers(&numbers.into_iter().collect::<Vec<_>>());
}

fn indexed(groups: &[GroupNumbered]) -> Keys {
    let mut keys = Keys::EMPTY;
    keys.prepare(0, groups.len());
    for group in groups {
        keys.push(&group.id.key());
    }
    keys
}

fn grants_of(facts: &Facts, principal: Principal) -> Vec<(Key, &GrantFact)> {
    let first = FactKey::Grant(principal, crate::id::GrantId::from_u128(0));
    let grants = facts.range(first..).map_while(|(key, fact)| match (key, fact) {
        (FactKey::Grant(one, id), Fact::Grant(grant)) if *one == principal => Some((id.key(), grant)),
        _ => None,
    });
    grants.collect()
}

const fn via_number(via: Via) -> u8 {
    match via {
        Via::Manual => 0,
        Via::Scim => 1,
        Via::Rule => 2,
    }
}

/// Users in the order of their ids, as columns of bytes.
#[derive(Default)]
struct People<'a> {
    ids: Writer,
    lens: Writer,
    rows: Writer,
    more: Writer,
    names: Vec<&'a str>,
}

/// What facts say about one user.
struct Person<'a> {
    active: bool,
    edges: Vec<(GroupId, Via, &'a [Span])>,
    grants: Vec<(Key, &'a GrantFact)>,
    person: Option<PersonId>,
}

impl<'a> People<'a> {
    /// Walks the users beside their edges, grants and persons, all in the order of users.
    fn of(facts: &'a Facts, numbers: &Numbers<'_>) -> Self {
        let least = UserId::from_u128(0);
        let first_edge = FactKey::Edge(Member::User(least), GroupId::from_u128(0), Via::Manual);
        let first_grant = FactKey::Grant(Principal::User(least), crate::id::GrantId::from_u128(0));
        let mut edges = facts.range(first_edge..).peekable();
        let mut grants = facts.range(first_grant..).peekable();
        let mut persons = facts.range(FactKey::Person(least)..).peekable();
        let mut people = Self::default();
        for (key, fact) in facts.range(FactKey::User(least)..) {
            let (FactKey::User(id), Fact::User { name, active }) = (key, fact) else { break };
            let edges = taken(&mut edges, |key, fact| match (key, fact) {
                (FactKey::Edge(Member::User(one), group, via), Fact::Edge { spans }) if one == id => {
                    Some((*group, *via, spans.as_slice()))
                }
                _ => None,
            });
            let grants = taken(&mut grants, |key, fact| match (key, fact) {
                (FactKey::Grant(Principal::User(one), grant), Fact::Grant(fact)) if one == id => {
                    Some((grant.key(), fact))
                }
                _ => None,
            });
            let person = taken(&mut persons, |key, fact| match (key, fact) {
                (FactKey::Person(one), Fact::Person { id: person }) if one == id => Some(*person),
                _ => None,
            });
            let person = Person { active: *active, edges, grants, person: person.first().copied() };
            people.add(*id, name, &person, numbers);
        }
        people
    }

    fn add(&mut self, id: UserId, name: &'a str, person: &Person<'a>, numbers: &Numbers<'_>) {
        self.ids.uuid(id.key());
        self.names.push(name);
        match person.row(numbers).filter(|row| row.len() <= usize::from(ROW_LEN_MAX)) {
            Some(row) => {
                self.lens.u8(row.len() as u8);
                let mut next = GROUPS_FROM;
                for group in row {
                    self.rows.count((group - next) as usize);
                    next = group + 1;
                }
            }
            None => {
                self.lens.u8(MORE_LEN);
                person.write(&mut self.more, numbers);
            }
        }
    }

    fn write(&self, to: &mut Writer) {
        to.count(self.names.len());
        for column in [&self.ids, &self.lens, &self.rows, &self.more] {
            to.raw(column.as_bytes());
        }
    }
}

impl Person<'_> {
    /// The groups of one about whom there is nothing else to say.
    fn row(&self, numbers: &Numbers<'_>) -> Option<Vec<u32>> {
        if !self.active || self.person.is_some() || !self.grants.is_empty() {
            return None;
        }
        let plain = |(group, via, spans): &(GroupId, Via, &[Span])| {
            let number = numbers.group(*group);
            let is_plain = *spans == [Span::ALWAYS] && numbers.usual(*group) == *via && number < SLOTS_END;
            is_plain.then_some(number)
        };
        let mut row = self.edges.iter().map(plain).collect::<Option<Vec<u32>>>()?;
        row.sort_unstable();
        Some(row)
    }

    fn write(&self, to: &mut Writer, numbers: &Numbers<'_>) {
        to.u8(u8::from(self.active) | u8::from(self.person.is_some()) << 1);
        self.person.into_iter().for_each(|person| to.uuid(person.key()));
        numbers.write_edges(to, self.edges.clone());
        numbers.write_grants_of(to, &self.grants);
    }
}

/// The items at the front for which `item` gives something.
fn taken<'a, T>(
    from: &mut Peekable<impl Iterator<Item = (&'a FactKey, &'a Fact)>>,
    item: impl Fn(&'a FactKey, &'a Fact) -> Option<T>,
) -> Vec<T> {
    let mut items = Vec::new();
    while let Some(next) = from.peek().and_then(|(key, fact)| item(key, fact)) {
        items.push(next);
        from.next();
    }
    items
}
