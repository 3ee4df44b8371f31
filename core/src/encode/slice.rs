//! What one user may do, as a snapshot of its own: nothing in it is about anybody else.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::snapshot::{self, Asked};
use crate::id::{ScopeId, UserId};
use crate::view::{
    EVERYONE, Fact, FactKey, Facts, Grants, Header, Key, Kind, NONE, ORG, Places, REALM, Snapshot, State,
    Subject, UserNames, told,
};

/// What a slice is asked for.
#[derive(Clone, Copy, Debug)]
pub struct SliceRequest<'a> {
    /// Whose slice.
    pub user: UserId,
    /// The permissions that it shall answer about.
    pub permissions: &'a [&'a str],
    /// The scopes that it shall answer about, besides the organisation.
    pub scopes: &'a [ScopeId],
}

/// The bytes of a slice of `snapshot`; none for a user who is not there, or of another slice.
///
/// To every question that it was asked for the slice answers what the snapshot answers; to every other one that, or
/// indeterminate. Cost: the groups above the user, their grants, and the scopes asked for.
#[must_use]
pub fn slice(snapshot: &Snapshot, request: &SliceRequest<'_>) -> Option<Vec<u8>> {
    let state = snapshot.state();
    let user = state.users.find(&request.user.key()).filter(|user| state.users.is_present(*user))?;
    if state.coverage.is_some() {
        return None;
    }
    let mut part = Part { state, facts: Facts::new(), permissions: BTreeSet::new(), scopes: BTreeSet::new() };
    let (mut known, mut unknown) = (BTreeSet::new(), BTreeSet::new());
    for name in request.permissions {
        match state.permissions.names.find(name).filter(|number| state.permissions.is_known(*number)) {
            Some(number) => {
                part.permissions.insert(number);
                known.insert(*name);
            }
            None => _ = unknown.insert(*name),
        }
    }
    let covered: BTreeSet<&ScopeId> = request.scopes.iter().collect();
    let scopes = covered.into_iter().map(|scope| (scope.as_str(), part.add_scope(scope))).collect();
    part.facts.extend(state.org_enabled.map(|enabled| (FactKey::Org, Fact::Org { enabled })));
    part.add_user(user);
    // A name that several users have means nobody.
    let own = state.users.names.get(user);
    let is_clear = !own.is_empty() && snapshot.subject(own) == Subject::User(request.user);
    let names = if is_clear { UserNames::Told } else { UserNames::Withheld };
    let header = Header { kind: Kind::Slice, names, ..*snapshot.header() };
    Some(snapshot::write(&header, &part.facts, Some(&Asked { known, unknown, scopes })))
}

/// The facts that a slice needs.
struct Part<'a> {
    state: &'a State,
    facts: Facts,
    permissions: BTreeSet<u32>,
    /// Where grants may count, but for the organisation and the realm.
    scopes: BTreeSet<u32>,
}

impl Part<'_> {
    /// Takes in a scope and what lies above; whether the directory has heard of it.
    fn add_scope(&mut self, scope: &ScopeId) -> bool {
        let scopes = &self.state.scopes;
        let place = scopes.place(scope.as_str());
        for one in scopes.places(&place).iter().flat_map(Places::as_slice) {
            let above = scopes.place(scopes.names.get(*one));
            self.scopes.extend([*one].into_iter().chain(scopes.wide_of(&above)));
            self.facts.extend(self.state.scope_fact(*one));
        }
        self.scopes.extend(scopes.wide_of(&place));
        place.scope != NONE && scopes.is_known(place.scope)
    }

    fn add_user(&mut self, user: u32) {
        let state = self.state;
        let holder = (told::USER, state.users.id(user));
        self.facts.extend(state.user_fact(user));
        let mut waiting = Vec::new();
        state.each_edge(user, &mut |edge| {
            waiting.push(edge.group);
            self.facts.extend(state.edge_fact(holder, &edge));
        });
        let mut seen = BTreeSet::new();
        while let Some(group) = waiting.pop() {
            if seen.insert(group) {
                self.add_group(group);
                waiting.extend(state.groups.parents(group).map(|edge| edge.group));
            }
        }
        self.add_grants((told::EVERYONE, Key::default()), state.grants(EVERYONE));
        let row = state.users.row(user);
        self.add_grants(holder, row.grants());
        if let Some(person) = row.person() {
            self.facts.extend(state.person_fact(user));
            let grants = state.grants_of_person(Some(person));
            self.add_grants((told::PERSON, state.persons.get(person)), grants);
        }
    }

    fn add_group(&mut self, group: u32) {
        let state = self.state;
        let holder = (told::GROUP, state.groups.key(group));
        self.facts.extend(state.group_fact(group));
        self.facts.extend(state.groups.parents(group).filter_map(|edge| state.edge_fact(holder, &edge)));
        self.add_grants(holder, state.grants(group));
    }

    /// Takes in the grants that may count where the slice was asked for, and their roles.
    fn add_grants(&mut self, holder: (u8, Key), grants: Grants<'_>) {
        for grant in grants {
            if matches!(grant.scope(), ORG | REALM) || self.scopes.contains(&grant.scope()) {
                self.facts.extend(self.state.grant_fact(holder, &grant));
                self.add_role(grant.role());
                self.state.roles.includes.get(grant.role()).iter().for_each(|role| self.add_role(*role));
            }
        }
    }

    /// Takes in a role, with as many of its permissions as were asked for.
    fn add_role(&mut self, role: u32) {
        let Some((key, Fact::Role { name, includes, .. })) = self.state.role_fact(role) else { return };
        let asked =
            self.state.roles.permissions.get(role).iter().filter(|one| self.permissions.contains(one));
        let mut permissions: Vec<String> =
            asked.map(|permission| String::from(self.state.permissions.names.get(*permission))).collect();
        permissions.sort_unstable();
        self.facts.insert(key, Fact::Role { name, permissions, includes });
    }
}
