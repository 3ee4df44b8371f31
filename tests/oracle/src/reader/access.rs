//! The statements about scopes, roles and grants.

use std::collections::BTreeSet;

use crate::error::{Kind, Problem};
use crate::reader::people::takes_title;
use crate::reader::{scope, takes_bound};
use crate::scope::Scope;
use crate::time::Span;
use crate::words::Words;
use crate::world::{Effect, Grant, Principal, Role, World};

/// Names of conditions that all grants may require together.
const CONDITIONS_MAX: usize = 64;

impl World {
    /// scope SCOPE under SCOPE [and SCOPE ..]
    pub(super) fn tell_scope(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        let child = one_scope(words)?;
        words.keyword("`under`")?;
        let mut parents = vec![one_scope(words)?];
        while words.takes("and") {
            parents.push(one_scope(words)?);
        }
        self.scopes.retain(|(declared, _)| *declared != child);
        if parents.iter().any(|parent| self.scopes_of(parent, None).contains(&child)) {
            return Err(Problem::Cycle { kind: Kind::Scope, name: child.to_string() });
        }
        self.scopes.push((child, parents));
        Ok(())
    }

    /// role NAME grants PERMISSION, .. [includes ROLE, ..] [title=".."]
    pub(super) fn tell_role(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        let mut role = Role { name: words.name("a role")?, patterns: Vec::new(), includes: Vec::new() };
        while !words.is_at_end() {
            if words.takes("grants") {
                role.patterns = words.list("a permission", Words::any)?;
            } else if words.takes("includes") {
                role.includes = words.list("a role", Words::name)?;
            } else if takes_title(words)?.is_none() {
                return Err(words.expected("`grants`, `includes` or `title`"));
            }
        }
        self.check_permissions(&role)?;
        self.roles.retain(|other| other.name != role.name);
        for included in &role.includes {
            if self.roles_within(included).contains(role.name.as_str()) {
                return Err(Problem::Cycle { kind: Kind::Role, name: role.name });
            }
            if self.role(included).is_none() {
                return Err(Problem::Unknown { kind: Kind::Role, name: included.clone() });
            }
        }
        self.roles.push(role);
        Ok(())
    }

    fn check_permissions(&self, role: &Role) -> Result<(), Problem> {
        let is_permission = |text: &str| {
            (1..=128).contains(&text.len())
                && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "_.:/-".contains(letter))
        };
        let fits = |pattern: &&String| match pattern.strip_suffix('*') {
            Some("") => true,
            Some(start) => start.ends_with(['.', ':', '/']) && is_permission(start),
            None => is_permission(pattern),
        };
        match role.patterns.iter().find(|pattern| !fits(pattern)) {
            Some(pattern) => Err(Problem::Expected {
                what: "a permission such as `quote:create`, `invoice.*` or `*`",
                found: Some(pattern.clone()),
            }),
            None => Ok(()),
        }
    }

    /// grant|deny ROLE to PRINCIPAL [on SCOPE] [exact] [requires CONDITION, ..] [from T] [until T]
    pub(super) fn tell_grant(&mut self, statement: &str, words: &mut Words<'_>) -> Result<(), Problem> {
        let role = self.known_role(words)?;
        words.keyword("`to`")?;
        let effect = if statement == "deny" { Effect::Deny } else { Effect::Allow };
        let mut grant = Grant {
            role,
            principal: self.principal(words)?,
            scope: Scope::org(),
            exact: false,
            effect,
            requires: Vec::new(),
            span: Span::default(),
        };
        while !words.is_at_end() {
            if words.takes("on") {
                grant.scope = scope(words)?;
            } else if words.takes("exact") {
                grant.exact = true;
            } else if effect == Effect::Allow && words.takes("requires") {
                grant.requires = words.list("a condition", Words::name)?;
            } else if !takes_bound(words, &mut grant.span)? {
                return Err(words.expected("`on`, `exact`, `requires` (of an allow), `from` or `until`"));
            }
        }
        if grant.scope.is_realm() && !matches!(grant.principal, Principal::Person(_)) {
            return Err(Problem::RealmGrant);
        }
        let grants = self.grants.iter().chain([&grant]);
        if grants.flat_map(|grant| &grant.requires).collect::<BTreeSet<_>>().len() > CONDITIONS_MAX {
            return Err(Problem::TooManyConditions);
        }
        self.grants.push(grant);
        Ok(())
    }

    /// revoke ROLE from PRINCIPAL [on SCOPE]
    pub(super) fn tell_revoke(&mut self, words: &mut Words<'_>) -> Result<(), Problem> {
        let role = self.known_role(words)?;
        words.keyword("`from`")?;
        let principal = self.principal(words)?;
        let scope = if words.takes("on") { scope(words)? } else { Scope::org() };
        let is_it =
            |grant: &Grant| grant.role == role && grant.principal == principal && grant.scope == scope;
        if !self.grants.iter().any(is_it) {
            return Err(Problem::Absent { kind: Kind::Grant });
        }
        self.grants.retain(|grant| !is_it(grant));
        Ok(())
    }

    /// GROUP | group:GROUP | user:NAME | person:NAME | everyone
    fn principal(&self, words: &mut Words<'_>) -> Result<Principal, Problem> {
        if words.takes("everyone") {
            return Ok(Principal::Everyone);
        }
        // A quoted name is a word of its own, so its prefix is one too.
        if words.takes("user:") {
            return self.known_user(words).map(Principal::User);
        }
        if words.takes("person:") {
            let name = words.name("a person")?;
            return self.known_person(&name);
        }
        if words.takes("group:") || words.peek().is_some_and(|word| word.quoted) {
            return self.known_group(words).map(Principal::Group);
        }
        let word = words.any("a principal: a group, `user:NAME`, `person:NAME` or `everyone`")?;
        if let Some(name) = word.strip_prefix("person:") {
            return self.known_person(name);
        }
        if let Some(name) = word.strip_prefix("user:") {
            let known = self.user(name).map(|user| Principal::User(user.name.clone()));
            return known.ok_or_else(|| Problem::Unknown { kind: Kind::User, name: name.to_owned() });
        }
        let name = word.strip_prefix("group:").unwrap_or(&word);
        let known = self.group(name).map(|group| Principal::Group(group.name.clone()));
        known.ok_or_else(|| Problem::Unknown { kind: Kind::Group, name: name.to_owned() })
    }

    fn known_person(&self, name: &str) -> Result<Principal, Problem> {
        let name = name.to_owned();
        let known = self.persons.contains(&name);
        if known { Ok(Principal::Person(name)) } else { Err(Problem::Unknown { kind: Kind::Person, name }) }
    }

    fn known_role(&self, words: &mut Words<'_>) -> Result<String, Problem> {
        let name = words.name("a role")?;
        if self.role(&name).is_some() { Ok(name) } else { Err(Problem::Unknown { kind: Kind::Role, name }) }
    }
}

/// Takes a scope that has a place of its own, as `project:*` has not.
fn one_scope(words: &mut Words<'_>) -> Result<Scope, Problem> {
    let found = scope(words)?;
    if found.is_realm() || found.type_wide() == Some(found.clone()) {
        let what = "a scope of one resource such as `project:42`";
        return Err(Problem::Expected { what, found: Some(found.to_string()) });
    }
    Ok(found)
}
