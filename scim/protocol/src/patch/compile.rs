//! Operations to edits: paths resolved, values in stored form, characteristics enforced.

use serde_json::{Map, Value};

use crate::dialect::Dialect;
use crate::error::{Excerpt, JsonKind, ScimError};
use crate::filter::{Comparison, Filter, Operator, check_element, element_equalities};
use crate::limits::PATCH_VALUES_MAX;
use crate::member::MemberEdit;
use crate::patch::edit::{Change, Edit, Parts};
use crate::patch::elements::{Selection, Unmatched};
use crate::patch::members;
use crate::patch::operation::{Action, Operation, operations};
use crate::path;
use crate::path::Path;
use crate::schema::{Attribute, Resolved, ResourceType, Schema};
use crate::value;

/// Where the name of a target stood, which decides how an unsuitable one is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The `path` of an operation: somebody meant this very attribute.
    Path,
    /// A key inside the value of an operation: one attribute of many, as in a body.
    Key,
}

/// An operation on one known attribute.
#[derive(Clone, Copy)]
struct Target<'a> {
    action: Action,
    /// The path or key as written.
    text: &'a str,
    resolved: Resolved,
    value: Option<&'a Value>,
}

/// Collects the edits of a PATCH body.
pub(super) struct Compiler<'a> {
    resource_type: ResourceType,
    dialect: &'a Dialect,
    values: usize,
    pub(super) edits: Vec<Edit>,
    pub(super) members: Vec<MemberEdit>,
}

impl<'a> Compiler<'a> {
    /// All edits of `body`, or the first error.
    pub(super) fn run(
        body: &Value,
        resource_type: ResourceType,
        dialect: &'a Dialect,
    ) -> Result<Self, ScimError> {
        let mut compiler = Self { resource_type, dialect, values: 0, edits: Vec::new(), members: Vec::new() };
        for operation in operations(body, dialect)? {
            compiler.operation(operation)?;
        }
        Ok(compiler)
    }

    fn operation(&mut self, operation: Operation<'_>) -> Result<(), ScimError> {
        let Operation { action, path, value } = operation;
        match path {
            Some(path) if path.eq_ignore_ascii_case(self.resource_type.core_urn()) => {
                self.keys(action, value)
            }
            Some(path) => match self.resource_type.extension(path) {
                Some(schema) => self.extension(action, schema, value),
                None => self.named(action, path, value, Origin::Path),
            },
            None if action == Action::Remove => Err(ScimError::RemoveWithoutPath),
            None if !self.dialect.pathless_patch.tolerates() => Err(ScimError::OperationWithoutPath),
            None => self.keys(action, value),
        }
    }

    /// An object of attributes, each by its name, dotted name, path or URN.
    fn keys(&mut self, action: Action, value: Option<&Value>) -> Result<(), ScimError> {
        for (key, value) in object_of_attributes(value)? {
            match self.resource_type.extension(key) {
                Some(schema) => self.extension(action, schema, Some(value))?,
                None => self.named(action, key, Some(value), Origin::Key)?,
            }
        }
        Ok(())
    }

    /// The attributes of an extension, or for `remove` all it has.
    fn extension(
        &mut self,
        action: Action,
        schema: &'static Schema,
        value: Option<&Value>,
    ) -> Result<(), ScimError> {
        let emptied = action == Action::Replace && value.is_some_and(value::is_unassigned);
        if action == Action::Remove || emptied {
            let unset = |attribute| Edit { extension: Some(&schema.id), attribute, change: Change::Unset };
            self.edits.extend(schema.attributes.iter().map(unset));
            return Ok(());
        }
        if value.is_some_and(Value::is_null) {
            return Ok(());
        }
        for (key, value) in object_of_attributes(value)? {
            self.named(action, &format!("{}:{key}", schema.id), Some(value), Origin::Key)?;
        }
        Ok(())
    }

    /// An attribute named by `text`.
    fn named(
        &mut self,
        action: Action,
        text: &str,
        value: Option<&Value>,
        origin: Origin,
    ) -> Result<(), ScimError> {
        let path = match (path::parse(text), origin) {
            (Ok(path), _) => path,
            (Err(_), Origin::Key) => return self.unknown(text, origin),
            (Err(error), Origin::Path) => return Err(error),
        };
        let Some(resolved) = self.resource_type.resolve(&path.attribute) else {
            return self.unknown(text, origin);
        };
        let target = Target { action, text, resolved, value };
        let is_top = |name: &str| resolved.extension.is_none() && resolved.attribute.name == name;
        if is_top("schemas") {
            // What a resource contains says which schemas it has; a client's own list changes nothing.
            return Ok(());
        }
        if is_top("members") {
            let edit = members::compile(action, &path, value, text, self.dialect)?;
            self.members.extend(edit);
            return Ok(());
        }
        if resolved.attribute.is_read_only() || resolved.sub.is_some_and(Attribute::is_read_only) {
            if origin == Origin::Key && self.dialect.read_only_values.tolerates() {
                return Ok(());
            }
            return Err(ScimError::ReadOnly { attribute: resolved.path() });
        }
        let change = self.change(&target, &path)?;
        let Resolved { extension, attribute, .. } = resolved;
        self.edits.extend(change.map(|change| Edit { extension, attribute, change }));
        Ok(())
    }

    fn unknown(&self, text: &str, origin: Origin) -> Result<(), ScimError> {
        match origin {
            Origin::Path if self.dialect.unknown_paths.tolerates() => Ok(()),
            Origin::Key if self.dialect.unknown_attributes.tolerates() => Ok(()),
            Origin::Path => {
                let resource_type = self.resource_type.name();
                Err(ScimError::UnknownPath { path: text.into(), resource_type })
            }
            Origin::Key => Err(ScimError::UnknownAttribute { attribute: text.into() }),
        }
    }

    /// What the operation does to its attribute; `None` if nothing.
    fn change(&mut self, target: &Target<'_>, path: &Path) -> Result<Option<Change>, ScimError> {
        let target = match (target.action, target.value) {
            (Action::Add, Some(Value::Null)) => return Ok(None),
            (Action::Replace, Some(value)) if value::is_unassigned(value) => {
                Target { action: Action::Remove, value: None, ..*target }
            }
            (Action::Add | Action::Replace, None) => {
                return Err(ScimError::MissingPart { what: "`value`", expected: "the value to set" });
            }
            _ => *target,
        };
        let Resolved { attribute, sub, .. } = target.resolved;
        match (&path.condition, sub) {
            (Some(condition), _) => self.selected(&target, condition),
            (None, Some(sub)) => self.part(&target, sub),
            (None, None) if target.action == Action::Remove => self.removal(&target),
            (None, None) if attribute.multi_valued => self.list(&target),
            (None, None) => self.single(&target),
        }
    }

    /// `remove` of a whole attribute, or of the values it names.
    fn removal(&mut self, target: &Target<'_>) -> Result<Option<Change>, ScimError> {
        let attribute = target.resolved.attribute;
        if attribute.required {
            return Err(ScimError::RemovesRequired { attribute: target.resolved.path() });
        }
        let value = target.value.filter(|value| !value.is_null());
        match value {
            Some(_) if !self.dialect.remove_values.tolerates() => {
                Err(ScimError::RemoveWithValue { path: target.text.into() })
            }
            Some(_) if attribute.multi_valued => Ok(Some(Change::Discard(self.elements(target)?))),
            _ => Ok(Some(Change::Unset)),
        }
    }

    /// `add` or `replace` of a list.
    fn list(&mut self, target: &Target<'_>) -> Result<Option<Change>, ScimError> {
        let elements = self.elements(target)?;
        Ok(match target.action {
            Action::Add => Some(Change::Append(elements)),
            _ if elements.is_empty() => Some(Change::Unset),
            _ => Some(Change::Set(Value::Array(elements))),
        })
    }

    fn elements(&mut self, target: &Target<'_>) -> Result<Vec<Value>, ScimError> {
        let Some(Value::Array(elements)) = self.accepted(target, target.resolved.attribute)? else {
            return Ok(Vec::new());
        };
        self.values += elements.len();
        if self.values > PATCH_VALUES_MAX {
            let (attribute, count_max) = (target.resolved.path(), PATCH_VALUES_MAX);
            return Err(ScimError::TooManyValues { attribute, count_max });
        }
        Ok(elements)
    }

    /// `add` or `replace` of a single value. Objects change the parts they name; a bare id where an object belongs
    /// changes the whole, because the parts of another object say nothing about it.
    fn single(&self, target: &Target<'_>) -> Result<Option<Change>, ScimError> {
        let attribute = target.resolved.attribute;
        match target.value {
            Some(Value::Object(parts)) if attribute.is_complex() => {
                self.parts(target, parts).map(|parts| Some(Change::Merge(parts)))
            }
            _ => Ok(Some(self.accepted(target, attribute)?.map_or(Change::Unset, Change::Set))),
        }
    }

    /// One sub-attribute, of all elements if there are several.
    fn part(&self, target: &Target<'_>, sub: &'static Attribute) -> Result<Option<Change>, ScimError> {
        let parts = self.sub_value(target, sub)?;
        if !target.resolved.attribute.multi_valued {
            return Ok(Some(Change::Merge(parts)));
        }
        let unmatched = match target.action {
            Action::Remove => Unmatched::Ignore,
            Action::Add | Action::Replace => Unmatched::Create(Map::new()),
        };
        Ok(Some(Change::MergeElements(Selection { condition: None, unmatched }, parts)))
    }

    /// Elements that meet a condition, or one sub-attribute of them.
    fn selected(&self, target: &Target<'_>, condition: &Filter) -> Result<Option<Change>, ScimError> {
        let Resolved { attribute, sub, .. } = target.resolved;
        if !attribute.multi_valued || !attribute.is_complex() {
            return Err(ScimError::NotSelectable { path: target.text.into() });
        }
        if sub.is_none() && !self.dialect.whole_value_paths.tolerates() {
            return Err(ScimError::WholeValues { path: target.text.into() });
        }
        check_element(condition, attribute, self.resource_type)?;
        let unmatched = self.unmatched(target, condition)?;
        let selection = Selection { condition: Some(condition.clone()), unmatched };
        if let Some(sub) = sub {
            return Ok(Some(Change::MergeElements(selection, self.sub_value(target, sub)?)));
        }
        let (Some(value), false) = (target.value, target.action == Action::Remove) else {
            return Ok(Some(Change::RemoveElements(selection)));
        };
        let value = match value {
            Value::Array(items) if self.dialect.loose_types.tolerates() && items.len() == 1 => {
                items.first().unwrap_or(value)
            }
            other => other,
        };
        let element = value::accepted_element(attribute, &target.resolved.path(), value, self.dialect)?;
        let Some(Value::Object(element)) = element else { return Ok(None) };
        Ok(Some(match target.action {
            Action::Replace => Change::ReplaceElements(selection, element),
            _ => {
                let parts = element.into_iter().map(|(name, value)| (name, Some(value))).collect();
                Change::MergeElements(selection, parts)
            }
        }))
    }

    /// What follows if no element meets the condition. Only equalities say what a new element has to be.
    fn unmatched(&self, target: &Target<'_>, condition: &Filter) -> Result<Unmatched, ScimError> {
        if !self.dialect.unmatched_paths.tolerates() {
            return Ok(Unmatched::Refuse(Excerpt::from(target.text)));
        }
        if target.action == Action::Remove {
            return Ok(Unmatched::Ignore);
        }
        if !is_equalities(condition) {
            return Ok(Unmatched::Refuse(Excerpt::from(target.text)));
        }
        let attribute = target.resolved.attribute;
        let mut template = Map::new();
        for (sub, value) in element_equalities(condition, attribute) {
            let path = format!("{}.{}", attribute.name, sub.name);
            if let Some(value) = value::accepted(sub, &path, value, self.dialect)? {
                template.insert(sub.name.clone(), value);
            }
        }
        Ok(Unmatched::Create(template))
    }

    /// The named sub-attributes with their values; `null` and `[]` unassign.
    fn parts(&self, target: &Target<'_>, named: &Map<String, Value>) -> Result<Parts, ScimError> {
        let attribute = target.resolved.attribute;
        let mut parts = Parts::new();
        for (name, value) in named {
            let path = format!("{}.{name}", target.resolved.path());
            let Some(sub) = attribute.sub(name) else {
                self.unknown(&path, Origin::Key)?;
                continue;
            };
            if sub.is_read_only() {
                continue;
            }
            parts.push((sub.name.clone(), value::accepted(sub, &path, value, self.dialect)?));
        }
        Ok(parts)
    }

    fn sub_value(&self, target: &Target<'_>, sub: &'static Attribute) -> Result<Parts, ScimError> {
        let value = match target.action {
            Action::Remove => None,
            Action::Add | Action::Replace => self.accepted(target, sub)?,
        };
        Ok(vec![(sub.name.clone(), value)])
    }

    fn accepted(&self, target: &Target<'_>, attribute: &Attribute) -> Result<Option<Value>, ScimError> {
        let value = target.value.unwrap_or(&Value::Null);
        value::accepted(attribute, &target.resolved.path(), value, self.dialect)
    }
}

fn object_of_attributes(value: Option<&Value>) -> Result<&Map<String, Value>, ScimError> {
    let expected = "an object of attributes";
    let value = value.ok_or(ScimError::MissingPart { what: "`value`", expected })?;
    let (what, found) = ("`value` without a path", JsonKind::of(value));
    value.as_object().ok_or(ScimError::WrongShape { what, found, expected })
}

fn is_equalities(condition: &Filter) -> bool {
    match condition {
        Filter::And(parts) => parts.iter().all(is_equalities),
        Filter::Compare(Comparison { operator: Operator::Equal, .. }) => true,
        _ => false,
    }
}
