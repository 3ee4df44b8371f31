//! Faults of slices: what is told to one user, and what it may answer.

use crate::mutants::fault::Fault;

const DECIDE: &str = "core/src/decide.rs";
const SLICE: &str = "core/src/encode/slice.rs";
const READ: &str = "core/src/view/state/read.rs";
const STATE: &str = "core/src/view/state.rs";

pub(super) const FAULTS: &[Fault] = &[
    Fault {
        name: "slice-without-denies",
        file: SLICE,
        text: "if matches!(grant.scope(), ORG | REALM) ||",
        replacement: "if grant.effect() == crate::view::Effect::Deny {\n                continue;\n            }\n            if matches!(grant.scope(), ORG | REALM) ||",
        means: "a slice leaves denies out",
    },
    Fault {
        name: "slice-without-type-wide",
        file: SLICE,
        text: "self.scopes.extend([*one].into_iter().chain(scopes.wide_of(&above)));",
        replacement: "self.scopes.insert(*one);",
        means: "a slice leaves out what is granted on all of a type above",
    },
    Fault {
        name: "slice-without-type-wide-of-the-unheard-of",
        file: SLICE,
        text: "self.scopes.extend(scopes.wide_of(&place));",
        replacement: "",
        means: "a slice leaves out what is granted on all of a type",
    },
    Fault {
        name: "slice-without-everyone",
        file: SLICE,
        text: "self.add_grants((told::EVERYONE, Key::default()), state.grants(EVERYONE));",
        replacement: "",
        means: "a slice leaves out what everyone is granted",
    },
    Fault {
        name: "slice-without-person",
        file: SLICE,
        text: "self.add_grants((told::PERSON, state.persons.get(person)), grants);",
        replacement: "let _ = grants;",
        means: "a slice leaves out what the person is granted",
    },
    Fault {
        name: "slice-of-everything-heard-of",
        file: SLICE,
        text: "place.scope != NONE && scopes.is_known(place.scope)",
        replacement: "true",
        means: "a slice says that all its scopes have been heard of",
    },
    Fault {
        name: "slice-of-nothing-heard-of",
        file: SLICE,
        text: "place.scope != NONE && scopes.is_known(place.scope)",
        replacement: "false",
        means: "a slice says that none of its scopes has been heard of",
    },
    Fault {
        name: "slice-tells-all-permissions",
        file: SLICE,
        text: ".filter(|one| self.permissions.contains(one));",
        replacement: ".filter(|_| true);",
        means: "a slice names permissions that it was not asked for",
    },
    Fault {
        name: "slice-tells-all-grants",
        file: SLICE,
        text: "if matches!(grant.scope(), ORG | REALM) || self.scopes.contains(&grant.scope()) {",
        replacement: "if true {",
        means: "a slice names scopes that it was not asked for",
    },
    Fault {
        name: "slice-forgets-unknown-permissions",
        file: SLICE,
        text: "None => _ = unknown.insert(*name),",
        replacement: "None => {}",
        means: "a slice cannot tell a misspelt permission",
    },
    Fault {
        name: "slice-of-a-slice",
        file: SLICE,
        text: "if state.coverage.is_some() {",
        replacement: "if false {",
        means: "a slice is made of one that does not know everything",
    },
    Fault {
        name: "slice-of-one-who-left",
        file: SLICE,
        text: ".filter(|user| state.users.is_present(*user))?;",
        replacement: "?;",
        means: "a user who is not there any more gets a slice",
    },
    Fault {
        name: "slice-by-an-ambiguous-name",
        file: SLICE,
        text: "let is_clear = !own.is_empty() && snapshot.subject(own) == Subject::User(request.user);",
        replacement: "let is_clear = !own.is_empty();",
        means: "a slice answers to a name that several users have",
    },
    Fault {
        name: "slice-knows-other-users",
        file: DECIDE,
        text: "Ok(None) if coverage.is_some() => return OUTSIDE,",
        replacement: "",
        means: "a slice says that other users do not exist",
    },
    Fault {
        name: "slice-knows-other-permissions",
        file: DECIDE,
        text: "None if coverage.is_none_or(is_asked) =>",
        replacement: "None if coverage.is_none_or(|_| true) =>",
        means: "a slice says that permissions do not exist of which it knows nothing",
    },
    Fault {
        name: "slice-answers-elsewhere",
        file: DECIDE,
        text: "asked.at = query.at;\n    uncovered(snapshot, &asked.place)",
        replacement: "asked.at = query.at;\n    None",
        means: "a slice answers about scopes that it was not asked for",
    },
    Fault {
        name: "slice-answers-handles-elsewhere",
        file: DECIDE,
        text: ".or_else(|| uncovered(snapshot, &asked.place))",
        replacement: "",
        means: "a slice answers handles of scopes that it was not asked for",
    },
    Fault {
        name: "slice-does-not-know-its-permissions",
        file: STATE,
        text: "self.is_slice || !self.roles.get(permission).is_empty()",
        replacement: "!self.roles.get(permission).is_empty()",
        means: "a slice does not know a permission that only others have",
    },
    Fault {
        name: "slice-forgets-what-is-heard-of",
        file: READ,
        text: "self.scopes.count_grant(scope, 1);\n            }",
        replacement: "}",
        means: "a question to a slice may put a known scope elsewhere",
    },
    Fault {
        name: "slice-of-several-users",
        file: READ,
        text: "if self.users.len() != 1 {",
        replacement: "if false {",
        means: "a slice of several users is opened",
    },
    Fault {
        name: "slice-takes-facts",
        file: "core/src/view/snapshot.rs",
        text: "if self.header.kind == Kind::Slice && count > 0 {",
        replacement: "if false {",
        means: "a slice takes the facts of others",
    },
    Fault {
        name: "heartbeat-makes-whole",
        file: "core/src/view/snapshot.rs",
        text: "let Header { kind, names, .. } = self.header;",
        replacement: "let (kind, names) = (Kind::Snapshot, self.header.names);",
        means: "a slice is taken for a snapshot after a heartbeat",
    },
];
