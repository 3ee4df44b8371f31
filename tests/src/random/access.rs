//! Random statements about roles, scopes and grants.

use super::cast::{Bundle, CONDITIONS, Given, PERMISSIONS, WILDCARDS};
use super::world::World;

/// Scopes that have places of their own. `app/project` is another name of `project`.
const SCOPES: &[&str] = &[
    "area:1",
    "project:1",
    "folder:1",
    "folder:2",
    "app/project:2",
    "doc:1",
    "doc:2",
    "crm/note:1",
    "bill:x|1",
];

impl World {
    pub(super) fn tell_access(&mut self) {
        for number in 1..=self.prng.between(1, 5) {
            self.tell_role(&format!("r{number}"));
        }
        for scope in SCOPES.iter().take(self.prng.between(1, 6)) {
            self.tell_scope(scope);
        }
        if self.prng.chance(3) {
            self.tell_ladder();
        }
        for _ in 0..self.prng.between(2, 8) {
            self.tell_grant(false);
        }
        for _ in 0..self.prng.weighted(&[(45, 0), (35, 1), (20, 2)]).unwrap_or(0) {
            self.tell_grant(true);
        }
    }

    /// A role, new or told anew. What was registered stays so: a role told anew only gains names.
    pub(super) fn tell_role(&mut self, name: &str) {
        let known = self.cast.roles.iter().position(|role| role.name == name);
        let before = known.and_then(|at| self.cast.roles.get(at)).map(|role| role.permissions.clone());
        let mut permissions = before.unwrap_or_default();
        for _ in 0..self.prng.between(1, 2) {
            permissions.push(self.prng.word(PERMISSIONS));
        }
        let mut patterns = permissions.clone();
        if let Some((wildcard, _)) =
            self.prng.pick(WILDCARDS).filter(|(_, needs)| self.registers(needs, &permissions))
            && self.prng.chance(30)
        {
            patterns.push(wildcard);
        }
        let includes = match self.prng.pick(&self.cast.roles) {
            Some(role) if self.prng.chance(35) => format!(" includes {}", role.name),
            _ => String::new(),
        };
        self.lines.push(format!("role {name} grants {}{includes}", patterns.join(", ")));
        match known.and_then(|at| self.cast.roles.get_mut(at)) {
            Some(role) => role.permissions = permissions,
            None => self.cast.roles.push(Bundle { name: name.to_owned(), permissions }),
        }
    }

    fn registers(&self, permission: &str, new: &[&str]) -> bool {
        let names = self.cast.roles.iter().flat_map(|role| &role.permissions);
        permission.is_empty() || names.chain(new).any(|name| *name == permission)
    }

    pub(super) fn tell_role_anew(&mut self) {
        let name = self.cast.role(&mut self.prng);
        self.tell_role(&name);
    }

    /// A scope below the organisation or some of those told before; later this may run into a circle, which both
    /// sides refuse.
    pub(super) fn tell_scope(&mut self, scope: &str) {
        let count = self.prng.between(0, 3);
        let mut parents: Vec<String> =
            (0..count).filter_map(|_| self.prng.pick(&self.cast.scopes).cloned()).collect();
        parents.retain(|parent| parent != scope);
        parents.dedup();
        self.tell_place(scope, &parents);
    }

    fn tell_place(&mut self, scope: &str, parents: &[String]) {
        let words = if parents.is_empty() { "org".to_owned() } else { parents.join(" and ") };
        self.lines.push(format!("scope {scope} under {words}"));
        self.cast.under.extend(parents.iter().map(|parent| (scope.to_owned(), parent.clone())));
        if !self.cast.scopes.iter().any(|known| known == scope) {
            self.cast.scopes.push(scope.to_owned());
        }
    }

    /// Scopes that each have two parents below the next: few scopes, and a great many ways up.
    fn tell_ladder(&mut self) {
        for step in 1..=9 {
            let below = step - 1;
            let parents = [format!("step:{below}a"), format!("step:{below}b")];
            let parents = if step == 1 { &[][..] } else { &parents[..] };
            for side in ["a", "b"] {
                self.tell_place(&format!("step:{step}{side}"), parents);
            }
        }
    }

    pub(super) fn tell_scope_anew(&mut self) {
        if let Some(scope) = self.prng.pick(&self.cast.scopes).cloned() {
            self.tell_scope(&scope);
        }
    }

    pub(super) fn tell_grant(&mut self, is_deny: bool) {
        let role = self.cast.role(&mut self.prng);
        let principal = self.principal(is_deny);
        let is_realm = principal.starts_with("person:") && self.prng.chance(60);
        let scope = if is_realm { "realm".to_owned() } else { self.granted_scope() };
        let on = if scope == "org" { String::new() } else { format!(" on {scope}") };
        let exact = if self.prng.chance(15) { " exact" } else { "" };
        let mut requires: Vec<&'static str> = Vec::new();
        while !is_deny && requires.len() < 3 && self.prng.chance(15) {
            requires.push(self.prng.word(CONDITIONS));
        }
        requires.dedup();
        let needs =
            if requires.is_empty() { String::new() } else { format!(" requires {}", requires.join(", ")) };
        let (span, word) = (self.span(), if is_deny { "deny" } else { "grant" });
        self.lines.push(format!("{word} {role} to {principal}{on}{exact}{needs}{span}"));
        self.cast.grants.push(Given { role, principal, scope, requires });
    }

    fn principal(&mut self, is_deny: bool) -> String {
        let user = format!("user:{}", self.cast.user(&mut self.prng));
        let group = self.cast.group(&mut self.prng);
        let everyone = "everyone".to_owned();
        let person = self.prng.pick(&self.cast.persons).map(|(_, name)| format!("person:{name}"));
        match self.prng.below(100) {
            0..20 => person.filter(|_| self.prng.chance(50)).unwrap_or(user),
            20..26 if is_deny => everyone,
            20..30 if !is_deny => everyone,
            _ => group,
        }
    }

    fn granted_scope(&mut self) -> String {
        match self.prng.below(10) {
            0..4 => "org".to_owned(),
            4 => self.prng.word(&["doc:*", "project:*", "folder:*", "crm/note:*"]).to_owned(),
            _ => self.prng.pick(&self.cast.scopes).cloned().unwrap_or_else(|| "doc:7".to_owned()),
        }
    }

    pub(super) fn tell_revocation(&mut self) {
        if let Some(Given { role, principal, scope, .. }) = self.prng.pick(&self.cast.grants) {
            self.lines.push(format!("revoke {role} from {principal} on {scope}"));
        }
    }
}
