//! The two resource types and the schemas they are made of.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use crate::schema::{Attribute, AttributePath, ENTERPRISE_SCHEMA, GROUP_SCHEMA, USER_SCHEMA};

const USER_TEXT: &str = include_str!("../../schemas/user.json");
const GROUP_TEXT: &str = include_str!("../../schemas/group.json");
const ENTERPRISE_TEXT: &str = include_str!("../../schemas/enterprise_user.json");
const COMMON_TEXT: &str = include_str!("../../schemas/common.json");

/// A named set of attributes.
#[derive(Debug, Deserialize)]
pub struct Schema {
    /// The URN.
    pub id: String,
    /// The attributes in the order in which they are rendered.
    pub attributes: Vec<Attribute>,
    /// The whole definition as it is published, in the form of RFC 7643 section 7.
    #[serde(skip)]
    pub published: Value,
}

impl Schema {
    fn embedded(text: &str) -> Self {
        let read = || -> serde_json::Result<Self> {
            Ok(Self { published: serde_json::from_str(text)?, ..serde_json::from_str(text)? })
        };
        #[expect(
            clippy::expect_used,
            reason = "the text is part of this crate and a test reads each of them"
        )]
        read().expect("an embedded schema is well-formed")
    }

    /// The attribute called `name`, in any case.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }
}

static SCHEMAS: LazyLock<[Schema; 3]> =
    LazyLock::new(|| [USER_TEXT, GROUP_TEXT, ENTERPRISE_TEXT].map(Schema::embedded));

static COMMON: LazyLock<Vec<Attribute>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the text is part of this crate and a test reads it")]
    serde_json::from_str(COMMON_TEXT).expect("the embedded common attributes are well-formed")
});

/// Every schema, in the order of the `/Schemas` endpoint.
pub fn all() -> &'static [Schema] {
    SCHEMAS.as_slice()
}

/// The attributes of every resource: `schemas`, `id`, `externalId`, `meta` (RFC 7643 section 3.1).
pub fn common() -> &'static [Attribute] {
    &COMMON
}

/// What kind of thing a resource is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ResourceType {
    /// A person with an account.
    User,
    /// A set of users and groups.
    Group,
}

impl ResourceType {
    /// Both types, in the order of the `/ResourceTypes` endpoint.
    pub const ALL: [Self; 2] = [Self::User, Self::Group];

    /// The name, as in `meta.resourceType`.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
        }
    }

    /// The endpoint below the base URL, without slash.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::User => "Users",
            Self::Group => "Groups",
        }
    }

    /// The type called `name`, in any case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// The URN of the schema whose attributes stand at the top of the resource.
    pub fn core_urn(self) -> &'static str {
        match self {
            Self::User => USER_SCHEMA,
            Self::Group => GROUP_SCHEMA,
        }
    }

    /// The URNs of the schemas whose attributes stand in an object of their own.
    pub fn extension_urns(self) -> &'static [&'static str] {
        match self {
            Self::User => &[ENTERPRISE_SCHEMA],
            Self::Group => &[],
        }
    }

    /// The schema whose attributes stand at the top of the resource.
    pub fn core(self) -> &'static Schema {
        let [user, group, _] = &*SCHEMAS;
        match self {
            Self::User => user,
            Self::Group => group,
        }
    }

    /// The schemas whose attributes stand in objects named by their URNs.
    pub fn extensions(self) -> impl Iterator<Item = &'static Schema> {
        let urns = self.extension_urns();
        all().iter().filter(move |schema| urns.contains(&schema.id.as_str()))
    }

    /// The extension named `urn`, in any case.
    pub fn extension(self, urn: &str) -> Option<&'static Schema> {
        self.extensions().find(|schema| schema.id.eq_ignore_ascii_case(urn))
    }

    /// The attributes at the top of a resource: the common ones, then those of the core schema.
    pub fn top_attributes(self) -> impl Iterator<Item = &'static Attribute> {
        common().iter().chain(&self.core().attributes)
    }

    /// The attribute that `path` names; `None` if the type has none there.
    ///
    /// Names and URNs are compared without case. Attributes of an extension are found by its URN only, those of
    /// the core schema and the common ones with and without it.
    ///
    /// ```
    /// use cohort_scim::{ResourceType, schema::AttributePath};
    /// let path = AttributePath::parse("NAME.familyname").expect("a path");
    /// let found = ResourceType::User.resolve(&path).expect("an attribute");
    /// assert_eq!(found.path(), "name.familyName");
    /// ```
    pub fn resolve(self, path: &AttributePath) -> Option<Resolved> {
        let extension = match path.urn.as_deref() {
            Some(urn) if !urn.eq_ignore_ascii_case(self.core_urn()) => Some(self.extension(urn)?),
            _ => None,
        };
        let attribute = match extension {
            Some(schema) => schema.attribute(&path.name)?,
            None => self.top_attributes().find(|a| a.name.eq_ignore_ascii_case(&path.name))?,
        };
        let sub = match path.sub.as_deref() {
            Some(name) => Some(attribute.sub(name)?),
            None => None,
        };
        Some(Resolved { extension: extension.map(|schema| schema.id.as_str()), attribute, sub })
    }
}

/// An attribute found by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resolved {
    /// The URN of the extension, `None` at the top of the resource.
    pub extension: Option<&'static str>,
    /// The attribute.
    pub attribute: &'static Attribute,
    /// The sub-attribute, if the path names one.
    pub sub: Option<&'static Attribute>,
}

impl Resolved {
    /// The path in canonical spelling, such as `emails.value` or `urn:...:User:department`.
    pub fn path(&self) -> String {
        AttributePath {
            urn: self.extension.map(str::to_owned),
            name: self.attribute.name.clone(),
            sub: self.sub.map(|sub| sub.name.clone()),
        }
        .to_string()
    }

    /// The path of [`Resolved::leaf`]: `emails.value` for `emails`.
    pub fn leaf_path(&self) -> String {
        let value = self.attribute.sub("value");
        Self { sub: self.sub.or(value), ..*self }.path()
    }

    /// The attribute whose values are compared: the sub-attribute, else `value` of a complex attribute that has
    /// one, else the attribute itself (RFC 7644 section 3.4.2.2).
    pub fn leaf(&self) -> &'static Attribute {
        self.sub.or_else(|| self.attribute.sub("value")).unwrap_or(self.attribute)
    }
}
