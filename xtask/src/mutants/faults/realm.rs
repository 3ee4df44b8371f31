//! Faults of persons and the realm, and of those who own groups.

use crate::mutants::fault::Fault;

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "person-is-nobody",
        file: "core/src/decide/walk.rs",
        text: "self.own = [row.grants(), state.grants_of_person(row.person()), ",
        replacement: "self.own = [row.grants(), state.grants_of_person(None), ",
        means: "grants to the person that a user is do not count",
    },
    Fault {
        name: "person-is-nobody-at-first",
        file: "core/src/decide/quick.rs",
        text: "self.is_named(self.state.grants_of_person(row.person()))",
        replacement: "self.is_named(self.state.grants_of_person(None))",
        means: "what the person is granted is not even looked for",
    },
    Fault {
        name: "realm-forgotten",
        file: "core/src/view/state/scopes.rs",
        text: "scope == REALM\n            || places",
        replacement: "scope == ORG\n            || places",
        means: "what is granted on the realm does not hold in its organisations",
    },
    Fault {
        name: "anybody-on-the-realm",
        file: "core/src/graph/check.rs",
        text: "_ if grant.scope.is_realm() => Err(GraphError::RealmGrant),",
        replacement: "",
        means: "a group of one organisation is granted something on the realm",
    },
    Fault {
        name: "account-outlives-user",
        file: "core/src/graph/derive.rs",
        text: "self.set_person(id, None);",
        replacement: "",
        means: "a removed user is still a person's account",
    },
    Fault {
        name: "owner-not-demoted",
        file: "core/src/graph/derive.rs",
        text: "self.owners.remove(key);\n                self.set_edge(key, *span);",
        replacement: "self.set_edge(key, *span);",
        means: "whoever is made a plain member still owns the group",
    },
    Fault {
        name: "owner-for-ever",
        file: "core/src/graph/owners.rs",
        text: "self.owners.contains(&key) && self.edge_holds(key.member, group, key.via, at)",
        replacement: "{ let _ = at; self.owners.contains(&key) }",
        means: "an owner stays one when the edge has ended",
    },
    Fault {
        name: "last-owner-leaves",
        file: "core/src/graph/owners.rs",
        text: "if leaves && members.any(",
        replacement: "if false && members.any(",
        means: "the last owner leaves a group with members",
    },
];
