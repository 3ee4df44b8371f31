//! The ways in which the providers of the load speak, as data.

use serde_json::{Value, json};

use super::worker::Person;

pub(super) const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub(super) const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub(super) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// One provider's way.
#[derive(Debug)]
pub(super) struct Habit {
    /// The connection's name.
    pub(super) name: &'static str,
    /// The connection's dialect.
    pub(super) dialect: &'static str,
    update: Update,
    removal: Removal,
}

/// How a provider changes a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Update {
    /// All of them again.
    Put,
    /// An operation for each attribute, in capitals, with booleans as texts.
    Capitals,
    /// An operation for each attribute.
    Each,
    /// One operation without path.
    Pathless,
}

/// How a provider takes a member out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Removal {
    Values,
    Filter,
}

pub(super) const HABITS: [&Habit; 8] = [
    &Habit { name: "entra", dialect: "entra", update: Update::Capitals, removal: Removal::Values },
    &Habit {
        name: "entra-flag",
        dialect: "entra-062020",
        update: Update::Pathless,
        removal: Removal::Filter,
    },
    &Habit { name: "okta-aiw", dialect: "okta", update: Update::Put, removal: Removal::Filter },
    &Habit { name: "okta-oin", dialect: "okta", update: Update::Pathless, removal: Removal::Filter },
    &Habit { name: "onelogin", dialect: "onelogin", update: Update::Put, removal: Removal::Filter },
    &Habit { name: "jumpcloud", dialect: "jumpcloud", update: Update::Each, removal: Removal::Values },
    &Habit { name: "ping", dialect: "default", update: Update::Put, removal: Removal::Filter },
    &Habit { name: "authentik", dialect: "default", update: Update::Pathless, removal: Removal::Values },
];

impl Habit {
    /// The body that makes or replaces a person.
    pub(super) fn user(person: &Person) -> Value {
        json!({
            "schemas": [USER, ENTERPRISE],
            "userName": person.name,
            "externalId": format!("x-{}", person.name),
            "title": person.title,
            "active": person.active,
            "emails": [{"value": format!("{}@x.example", person.name), "type": "work", "primary": true}],
            ENTERPRISE: {"department": person.department},
        })
    }

    /// The method and body that make a person, whom the server has, as they are now.
    pub(super) fn update(&self, person: &Person) -> (bool, Value) {
        let department = format!("{ENTERPRISE}:department");
        let word = if person.active { "True" } else { "False" };
        let each = |op: &str, active: Value| {
            patch(&json!([
                {"op": op, "path": "title", "value": person.title},
                {"op": op, "path": department, "value": person.department},
                {"op": op, "path": "active", "value": active},
            ]))
        };
        match self.update {
            Update::Put => (true, Self::user(person)),
            Update::Capitals => (false, each("Replace", json!(word))),
            Update::Each => (false, each("replace", json!(person.active))),
            Update::Pathless => {
                let value =
                    json!({"title": person.title, department: person.department, "active": person.active});
                (false, patch(&json!([{"op": "replace", "value": value}])))
            }
        }
    }

    /// The query that looks for a person by name.
    pub(super) fn query(&self, name: &str) -> String {
        match self.update {
            Update::Capitals => format!("/Users?filter=userName+eq+%22{name}%22"),
            _ => format!("/Users?filter=userName%20eq%20%22{name}%22&startIndex=1&count=100"),
        }
    }

    /// The body that puts somebody into a group.
    pub(super) fn add_member(&self, id: &str) -> Value {
        let op = if self.update == Update::Capitals { "Add" } else { "add" };
        patch(&json!([{"op": op, "path": "members", "value": [{"value": id}]}]))
    }

    /// The body that takes somebody out of a group.
    pub(super) fn remove_member(&self, id: &str) -> Value {
        match self.removal {
            Removal::Filter => {
                patch(&json!([{"op": "remove", "path": format!("members[value eq \"{id}\"]")}]))
            }
            Removal::Values => patch(&json!([{"op": "Remove", "path": "members", "value": [{"value": id}]}])),
        }
    }
}

/// A PATCH of these operations.
pub(super) fn patch(operations: &Value) -> Value {
    json!({"schemas": [PATCH_OP], "Operations": operations})
}
