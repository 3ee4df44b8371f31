//! A stored resource as clients read it.

use serde_json::{Map, Value, json};

use crate::member::MemberKind;
use crate::projection::Projection;
use crate::schema::{Attribute, ResourceType, common};
use crate::value::Document;

/// `meta` as the caller knows it; times in RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Meta<'a> {
    /// When the resource was made.
    pub created: &'a str,
    /// When it last changed.
    pub last_modified: &'a str,
    /// Its URL.
    pub location: &'a str,
    /// Its ETag, such as `W/"7"`.
    pub version: &'a str,
}

/// A member of a group, or a group of a user, as answers list them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Related<'a> {
    /// The id.
    pub value: &'a str,
    /// The URL.
    pub location: &'a str,
    /// The name for display.
    pub display: Option<&'a str>,
    /// What binds the two.
    pub relation: Relation,
}

/// The `type` of a related resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The member of a group is of this kind.
    Member(MemberKind),
    /// The user was put into the group itself.
    Direct,
    /// The user belongs to the group through another one or by a rule.
    Indirect,
}

impl Relation {
    fn name(self) -> &'static str {
        match self {
            Self::Member(kind) => kind.name(),
            Self::Direct => "direct",
            Self::Indirect => "indirect",
        }
    }
}

/// Everything an answer about one resource is made of.
#[derive(Debug, Clone, Copy)]
pub struct Representation<'a> {
    /// What it is.
    pub resource_type: ResourceType,
    /// Its id.
    pub id: &'a str,
    /// Its own attributes.
    pub document: &'a Document,
    /// What the server knows about it.
    pub meta: Meta<'a>,
    /// `members` of a group, `groups` of a user; may be left empty if the projection does not want them.
    pub related: &'a [Related<'a>],
}

impl Representation<'_> {
    /// The JSON answer, without the attributes that the projection leaves out.
    ///
    /// Attributes come in the order of their schemas, so the same resource gives the same bytes.
    pub fn render(&self, projection: &Projection) -> Map<String, Value> {
        let mut answer = Map::new();
        for attribute in common().iter().filter(|attribute| attribute.name != "meta") {
            self.show(&mut answer, attribute, projection);
        }
        for attribute in &self.resource_type.core().attributes {
            self.show(&mut answer, attribute, projection);
        }
        for schema in self.resource_type.extensions() {
            let Some(Value::Object(stored)) = self.document.get(&schema.id) else { continue };
            let mut inner = Map::new();
            for attribute in &schema.attributes {
                let value = stored.get(&attribute.name).cloned();
                let shown = value.and_then(|value| projection.shown(Some(&schema.id), attribute, value));
                inner.extend(shown.map(|value| (attribute.name.clone(), value)));
            }
            if !inner.is_empty() {
                answer.insert(schema.id.clone(), Value::Object(inner));
            }
        }
        for attribute in common().iter().filter(|attribute| attribute.name == "meta") {
            self.show(&mut answer, attribute, projection);
        }
        answer
    }

    fn show(&self, answer: &mut Map<String, Value>, attribute: &Attribute, projection: &Projection) {
        let value = match attribute.name.as_str() {
            "schemas" => Some(self.schemas()),
            "id" => Some(json!(self.id)),
            "meta" => Some(self.meta()),
            "members" | "groups" => self.related(),
            stored => self.document.get(stored).cloned(),
        };
        let shown = value.and_then(|value| projection.shown(None, attribute, value));
        answer.extend(shown.map(|value| (attribute.name.clone(), value)));
    }

    fn schemas(&self) -> Value {
        let used = self.resource_type.extension_urns().iter().copied();
        let used = used.filter(|urn| self.document.contains_key(*urn));
        std::iter::once(self.resource_type.core_urn()).chain(used).collect()
    }

    fn meta(&self) -> Value {
        json!({
            "resourceType": self.resource_type.name(),
            "created": self.meta.created,
            "lastModified": self.meta.last_modified,
            "location": self.meta.location,
            "version": self.meta.version,
        })
    }

    fn related(&self) -> Option<Value> {
        let listed = self.related.iter().map(|related| {
            let mut members = Map::new();
            members.insert("value".to_owned(), json!(related.value));
            members.insert("$ref".to_owned(), json!(related.location));
            members.extend(related.display.map(|display| ("display".to_owned(), json!(display))));
            members.insert("type".to_owned(), json!(related.relation.name()));
            Value::Object(members)
        });
        (!self.related.is_empty()).then(|| listed.collect())
    }
}
