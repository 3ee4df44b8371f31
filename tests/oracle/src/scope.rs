//! Where a permission is asked for or given.

use std::fmt;

/// A place: `realm`, `org`, `project:42`, `invoice:7`, or all of a type, `invoice:*`.
///
/// `app/project` is another name of `project`, and `app/group` of `group`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Scope {
    /// Empty for the organisation.
    kind: String,
    /// Empty for the organisation and the realm.
    id: String,
}

impl Scope {
    /// The organisation itself.
    #[must_use]
    pub fn org() -> Self {
        Self { kind: String::new(), id: String::new() }
    }

    /// What lies above the organisation.
    #[must_use]
    pub fn realm() -> Self {
        Self { kind: "realm".to_owned(), id: String::new() }
    }

    /// The scope that `text` names; `None` when it names none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text == "org" {
            return Some(Self::org());
        }
        if text == "realm" {
            return Some(Self::realm());
        }
        let (kind, id) = text.split_once(':')?;
        let kind = match kind {
            "app/project" => "project",
            "app/group" => "group",
            "org" | "realm" => return None,
            other => other,
        };
        let id_fits = (1..=256).contains(&id.len()) && !id.chars().any(char::is_control);
        let kind_fits = kind.split('/').count() <= 2 && kind.split('/').all(is_type_name);
        (id_fits && kind_fits).then(|| Self { kind: kind.to_owned(), id: id.to_owned() })
    }

    /// Whether this is the organisation.
    #[must_use]
    pub fn is_org(&self) -> bool {
        self.kind.is_empty()
    }

    /// Whether this is the realm.
    #[must_use]
    pub fn is_realm(&self) -> bool {
        *self == Self::realm()
    }

    /// `type:*` for `type:id`; the organisation and the realm have none.
    #[must_use]
    pub fn type_wide(&self) -> Option<Self> {
        (!self.id.is_empty()).then(|| Self { kind: self.kind.clone(), id: "*".to_owned() })
    }
}

/// `[a-z][a-z0-9_]*`
fn is_type_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

impl fmt::Display for Scope {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.kind.as_str(), self.id.as_str()) {
            ("", _) => out.write_str("org"),
            (kind, "") => out.write_str(kind),
            (kind, id) => write!(out, "{kind}:{id}"),
        }
    }
}
