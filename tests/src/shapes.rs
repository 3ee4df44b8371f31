//! SCIM requests in the shapes that identity providers send, from the facts of public captures.
//!
//! Okta matches by a percent-encoded filter, creates with `groups: []` and a password, updates profiles by a full
//! PUT and group members by filter paths. Entra encodes blanks as `+`, creates with `meta` and `roles: []`, writes
//! operations in capitals and booleans as strings, and removes members by a value array.

use serde_json::{Map, Value, json};

use crate::world::{Attribute, User};

const CORE_USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const CORE_GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const ENTRA_GROUP: &str = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

/// Whose habits a connection has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Provider {
    /// Okta's.
    Okta,
    /// Entra's; also those of connections of other names.
    Entra,
}

impl Provider {
    /// The provider that a connection of this name stands for.
    #[must_use]
    pub fn of(connection: &str) -> Self {
        if connection == "okta" { Self::Okta } else { Self::Entra }
    }

    /// The dialect's name on the command line.
    #[must_use]
    pub const fn dialect(self) -> &'static str {
        match self {
            Self::Okta => "okta",
            Self::Entra => "entra",
        }
    }

    /// The query by which the provider looks for a resource before it creates one.
    #[must_use]
    pub fn match_query(self, attribute: &str, value: &str) -> String {
        match self {
            Self::Okta => format!("?filter={attribute}%20eq%20%22{value}%22&startIndex=1&count=100"),
            Self::Entra => format!("?filter={attribute}+eq+%22{value}%22"),
        }
    }

    /// The body that creates a person.
    #[must_use]
    pub fn user(self, user: &User) -> Value {
        let mut body = self.profile(&user.name, &user.attributes);
        body.insert("active".into(), json!(user.active));
        match self {
            Self::Okta => {
                body.insert("groups".into(), json!([]));
                body.insert("locale".into(), json!("en-US"));
                body.insert("password".into(), json!("1mz050nq"));
            }
            Self::Entra => {
                body.insert("meta".into(), json!({"resourceType": "User"}));
                body.insert("roles".into(), json!([]));
            }
        }
        Value::Object(body)
    }

    /// What the provider keeps about a person, without state.
    fn profile(self, name: &str, attributes: &[Attribute]) -> Map<String, Value> {
        let told = |field: &str| attributes.iter().find(|one| one.field == field)?.values.first().cloned();
        let display = told("name").unwrap_or_else(|| display_name(name));
        let (given, family) = display.split_once(' ').unwrap_or((&display, ""));
        let mut enterprise: Map<String, Value> = ENTERPRISE_FIELDS
            .iter()
            .filter_map(|(field, attribute)| Some((attribute.to_string(), json!(told(field)?))))
            .collect();
        enterprise.extend(told("manager").map(|id| ("manager".to_string(), json!({"value": id}))));
        let mut schemas = vec![CORE_USER];
        let mut body = Map::new();
        if !enterprise.is_empty() {
            schemas.push(ENTERPRISE);
            body.insert(ENTERPRISE.into(), Value::Object(enterprise));
        }
        body.insert("schemas".into(), json!(schemas));
        body.insert("externalId".into(), json!(format!("{}-{name}", self.dialect())));
        body.insert("userName".into(), json!(name));
        body.insert("displayName".into(), json!(display));
        body.insert("name".into(), json!({"formatted": display, "givenName": given, "familyName": family}));
        let email = json!({"primary": true, "type": "work", "value": format!("{name}@acme.example")});
        body.insert("emails".into(), json!([email]));
        if let Some(job) = told("job") {
            body.insert("title".into(), json!(job));
        }
        let (location, country) = (told("location"), told("country"));
        if location.is_some() || country.is_some() {
            let mut address =
                Map::from_iter([("type".to_string(), json!("work")), ("primary".into(), json!(true))]);
            address.extend(location.map(|location| ("formatted".to_string(), json!(location))));
            address.extend(country.map(|country| ("country".to_string(), json!(country))));
            body.insert("addresses".into(), json!([address]));
        }
        body
    }

    /// The requests that change a person: a full PUT, or a PATCH with an operation for each field.
    #[must_use]
    pub fn change_user(self, now: &User, changed: &[Attribute], active: Option<bool>) -> UserChange {
        if self == Self::Okta {
            let mut body = self.profile(&now.name, &now.attributes);
            body.insert("active".into(), json!(now.active));
            return UserChange::Put(Value::Object(body));
        }
        let mut operations: Vec<Value> = changed
            .iter()
            .map(|attribute| match attribute.values.first() {
                Some(value) => json!({"op": "Replace", "path": path_of(&attribute.field), "value": value}),
                None => json!({"op": "Remove", "path": path_of(&attribute.field)}),
            })
            .collect();
        let activity = |active| if active { "True" } else { "False" };
        operations.extend(
            active.map(|active| json!({"op": "Replace", "path": "active", "value": activity(active)})),
        );
        UserChange::Patch(patch(&operations))
    }

    /// The body that creates a group.
    #[must_use]
    pub fn group(self, title: &str) -> Value {
        match self {
            Self::Okta => json!({"schemas": [CORE_GROUP], "displayName": title, "members": []}),
            Self::Entra => json!({
                "schemas": [CORE_GROUP, ENTRA_GROUP],
                "externalId": format!("entra-{title}"),
                "displayName": title,
                "meta": {"resourceType": "Group"},
            }),
        }
    }

    /// The body that puts people, by id, into a group.
    #[must_use]
    pub fn add_members(self, ids: &[String]) -> Value {
        match self {
            Self::Okta => {
                let members: Vec<Value> = ids.iter().map(|id| json!({"value": id, "display": id})).collect();
                patch(&[json!({"op": "add", "path": "members", "value": members})])
            }
            Self::Entra => patch(&[json!({"op": "Add", "path": "members", "value": entra_members(ids)})]),
        }
    }

    /// The body that takes people, by id, out of a group.
    #[must_use]
    pub fn remove_members(self, ids: &[String]) -> Value {
        match self {
            Self::Okta => {
                let remove =
                    |id: &String| json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")});
                patch(&ids.iter().map(remove).collect::<Vec<_>>())
            }
            Self::Entra => patch(&[json!({"op": "Remove", "path": "members", "value": entra_members(ids)})]),
        }
    }
}

/// How a provider changes a person.
#[derive(Clone, Debug)]
pub enum UserChange {
    /// Replaces everything.
    Put(Value),
    /// Changes what it names.
    Patch(Value),
}

/// Fields of worlds and the enterprise attributes that carry them.
const ENTERPRISE_FIELDS: &[(&str, &str)] = &[
    ("department", "department"),
    ("division", "division"),
    ("organization", "organization"),
    ("costcenter", "costCenter"),
    ("employeenumber", "employeeNumber"),
];

fn path_of(field: &str) -> String {
    match ENTERPRISE_FIELDS.iter().find(|(name, _)| *name == field) {
        Some((_, attribute)) => format!("{ENTERPRISE}:{attribute}"),
        None => match field {
            "job" => "title".into(),
            "name" => "displayName".into(),
            "location" => "addresses[type eq \"work\"].formatted".into(),
            "country" => "addresses[type eq \"work\"].country".into(),
            "manager" => format!("{ENTERPRISE}:manager"),
            other => other.into(),
        },
    }
}

fn entra_members(ids: &[String]) -> Vec<Value> {
    ids.iter().map(|id| json!({"$ref": null, "value": id})).collect()
}

fn patch(operations: &[Value]) -> Value {
    json!({"schemas": [PATCH_OP], "Operations": operations})
}

/// `Sophie Martin` of `sophie.martin`.
fn display_name(user_name: &str) -> String {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    };
    user_name.split(['.', '@']).map(capital).collect::<Vec<_>>().join(" ")
}
