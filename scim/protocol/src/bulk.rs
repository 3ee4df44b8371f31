//! Many operations in one request (RFC 7644 section 3.7).
//!
//! A request is read here, put into an order in which each operation finds what it refers to, and its references
//! are resolved; carrying the operations out is the caller's. What is wrong with one operation is its own error and
//! leaves the others alone; what is wrong with the request as a whole refuses it.

mod order;
mod reference;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use self::reference::{PREFIX, in_data, in_path};
use crate::body;
use crate::dialect::Dialect;
use crate::error::{JsonKind, ScimError};
use crate::limits::BULK_OPERATIONS_MAX;
use crate::patch::PATCH_SCHEMA;
use crate::schema::ResourceType;

/// The schema of a bulk request.
pub const BULK_REQUEST_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";
/// The schema of the answer.
pub const BULK_RESPONSE_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:BulkResponse";

/// A bulk request.
#[derive(Debug, Clone, PartialEq)]
pub struct Bulk {
    /// After how many failures the rest is not tried; `None` tries all.
    pub fail_on_errors: Option<u64>,
    /// The operations as they were sent.
    pub entries: Vec<Entry>,
}

/// One operation of a request, understood or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What the answer repeats of it.
    pub head: Head,
    /// What it asks for.
    pub operation: Result<Operation, ScimError>,
}

/// What the answer repeats of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The method as sent; empty if there was none.
    pub method: String,
    /// The name by which other operations call what this one makes.
    pub bulk_id: Option<String>,
}

/// What one operation asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// What happens.
    pub action: Action,
    /// The type of the resource.
    pub kind: ResourceType,
    /// The resource; empty for [`Action::Create`].
    pub id: String,
    /// The version that the client expects, as in `If-Match`.
    pub version: Option<String>,
    /// The body of the request that the operation stands for; null for [`Action::Delete`].
    pub data: Value,
    /// The `bulkId`s of the resources that it refers to.
    pub refers_to: BTreeSet<String>,
}

/// The four methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// POST
    Create,
    /// PUT
    Replace,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
}

/// How one operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The HTTP status.
    pub status: u16,
    /// The URL of the resource; none for one that could not be made.
    pub location: Option<String>,
    /// The ETag of the resource; none if it failed or the resource is gone.
    pub version: Option<String>,
    /// Why it failed.
    pub error: Option<ScimError>,
}

impl Bulk {
    /// Reads a request.
    ///
    /// ```
    /// use cohort_scim::{Dialect, body, bulk::Bulk};
    /// let body = body::read(br#"{"Operations": [
    ///     {"method": "POST", "path": "/Groups", "bulkId": "g",
    ///      "data": {"displayName": "Staff", "members": [{"value": "bulkId:u"}]}},
    ///     {"method": "POST", "path": "/Users", "bulkId": "u", "data": {"userName": "ada"}}
    /// ]}"#)?;
    /// let bulk = Bulk::read(body, &Dialect::TOLERANT)?;
    /// assert_eq!(bulk.units(), [vec![1], vec![0]]);
    /// # Ok::<(), cohort_scim::ScimError>(())
    /// ```
    ///
    /// # Errors
    /// [`ScimError::WrongShape`], [`ScimError::MissingPart`]; [`ScimError::TooManyOperations`];
    /// [`ScimError::BulkIdTwice`]; by dialect those of `schemas`.
    pub fn read(mut body: Value, dialect: &Dialect) -> Result<Self, ScimError> {
        let message = body::object(&body, "bulk request")?;
        body::check_schemas(message, BULK_REQUEST_SCHEMA, &[], dialect)?;
        let fail_on_errors = fail_on_errors(message)?;
        let expected = "an array of operations";
        let listed = match body.as_object_mut().and_then(|message| body::take(message, "Operations")) {
            Some(Value::Array(listed)) => listed,
            None => return Err(ScimError::MissingPart { what: "`Operations`", expected }),
            Some(other) => {
                let (what, found) = ("`Operations`", JsonKind::of(&other));
                return Err(ScimError::WrongShape { what, found, expected });
            }
        };
        if listed.len() > BULK_OPERATIONS_MAX {
            let (count, count_max) = (listed.len(), BULK_OPERATIONS_MAX);
            return Err(ScimError::TooManyOperations { count, count_max });
        }
        let mut entries = listed.into_iter().map(Entry::read).collect::<Result<Vec<_>, _>>()?;
        let known = known(&entries)?;
        for entry in &mut entries {
            let strange =
                |operation: &Operation| operation.refers_to.iter().find(|id| !known.contains(*id)).cloned();
            if let Some(bulk_id) = entry.operation.as_ref().ok().and_then(strange) {
                entry.operation = Err(ScimError::UnknownBulkId { bulk_id: bulk_id.into() });
            }
        }
        Ok(Self { fail_on_errors, entries })
    }

    /// The operations by their indexes, in the order in which they are to be carried out.
    ///
    /// An operation stands where it was sent, or right behind the last one that it refers to. Operations that make
    /// resources which refer to each other in a circle are one unit; others are units of their own.
    ///
    /// Cost: the operations and their references.
    pub fn units(&self) -> Vec<Vec<usize>> {
        let makers: BTreeMap<&str, usize> = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.makes())
            .filter_map(|(index, entry)| Some((entry.head.bulk_id.as_deref()?, index)))
            .collect();
        let needs: Vec<Vec<usize>> = self
            .entries
            .iter()
            .map(|entry| match &entry.operation {
                Ok(operation) => {
                    operation.refers_to.iter().filter_map(|id| makers.get(id.as_str()).copied()).collect()
                }
                Err(_) => Vec::new(),
            })
            .collect();
        order::units(&needs)
    }
}

impl Entry {
    fn read(mut listed: Value) -> Result<Self, ScimError> {
        let members = body::object(&listed, "operation")?;
        let text = |what, name, expected| match body::member(members, name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(other) => Err(ScimError::WrongShape { what, found: JsonKind::of(other), expected }),
        };
        let method = text("`method`", "method", "a string")?.unwrap_or_default();
        let bulk_id = text("`bulkId`", "bulkId", "a string")?;
        let version = text("`version`", "version", "a string")?;
        let path = text("`path`", "path", "a string")?.unwrap_or_default();
        let data = listed.as_object_mut().and_then(|members| body::take(members, "data")).unwrap_or_default();
        let operation = Operation::read(&method, bulk_id.as_deref(), &path, version, data);
        Ok(Self { head: Head { method, bulk_id }, operation })
    }

    /// Whether it makes a resource.
    pub fn makes(&self) -> bool {
        match &self.operation {
            Ok(operation) => operation.action == Action::Create,
            Err(_) => self.head.method.eq_ignore_ascii_case("POST"),
        }
    }
}

impl Head {
    /// What the answer says of the operation.
    pub fn answer(&self, outcome: &Outcome) -> Value {
        let mut answer = Map::new();
        answer.insert("method".to_owned(), json!(self.method));
        answer.extend(self.bulk_id.as_ref().map(|id| ("bulkId".to_owned(), json!(id))));
        answer.extend(outcome.location.as_ref().map(|url| ("location".to_owned(), json!(url))));
        answer.extend(outcome.version.as_ref().map(|tag| ("version".to_owned(), json!(tag))));
        answer.insert("status".to_owned(), json!(outcome.status.to_string()));
        answer.extend(outcome.error.as_ref().map(|error| ("response".to_owned(), error.to_json())));
        Value::Object(answer)
    }
}

impl Operation {
    fn read(
        method: &str,
        bulk_id: Option<&str>,
        path: &str,
        version: Option<String>,
        data: Value,
    ) -> Result<Self, ScimError> {
        let action = Action::named(method).ok_or_else(|| ScimError::BulkMethod { found: method.into() })?;
        let (kind, id) = target(action, path)?;
        let missing = |what, expected| Err(ScimError::MissingPart { what, expected });
        if action == Action::Create && bulk_id.is_none_or(str::is_empty) {
            return missing("`bulkId`", "a name for what a POST makes");
        }
        let data = match (action, data) {
            (Action::Delete, _) => Value::Null,
            (_, Value::Null) => return missing("`data`", "the body of the request"),
            // The examples of the RFC leave the message around the operations of a PATCH out.
            (Action::Patch, Value::Array(operations)) => {
                json!({ "schemas": [PATCH_SCHEMA], "Operations": operations })
            }
            (_, data) => data,
        };
        let mut operation =
            Self { action, kind, id: id.to_owned(), version, data, refers_to: BTreeSet::new() };
        let mut refers_to = BTreeSet::new();
        operation.each_reference(&mut |id| {
            refers_to.insert(id.to_owned());
            None
        });
        operation.refers_to = refers_to;
        Ok(operation)
    }

    /// Puts the ids of resources in the place of the `bulkId`s that `ids` knows.
    pub fn resolve(&mut self, ids: &BTreeMap<String, String>) {
        self.each_reference(&mut |bulk_id| ids.get(bulk_id).cloned());
    }

    /// Shows each `bulkId` that is referred to, and replaces it by what `visit` gives.
    fn each_reference(&mut self, visit: &mut dyn FnMut(&str) -> Option<String>) {
        if let Some(id) = self.id.strip_prefix(PREFIX).and_then(&mut *visit) {
            self.id = id;
        }
        match self.action {
            Action::Create | Action::Replace => in_data(&mut self.data, visit),
            Action::Patch => {
                let operations = self.data.as_object_mut().into_iter().flatten();
                let operations = operations.filter(|(name, _)| name.eq_ignore_ascii_case("Operations"));
                for operation in operations.filter_map(|(_, listed)| listed.as_array_mut()).flatten() {
                    in_path(operation, visit);
                }
            }
            Action::Delete => {}
        }
    }
}

impl Action {
    fn named(method: &str) -> Option<Self> {
        let known = [Self::Create, Self::Replace, Self::Patch, Self::Delete];
        known.into_iter().find(|action| action.method().eq_ignore_ascii_case(method))
    }

    fn method(self) -> &'static str {
        match self {
            Self::Create => "POST",
            Self::Replace => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// The body of the answer.
pub fn response(operations: impl IntoIterator<Item = Value>) -> Value {
    let operations: Value = operations.into_iter().collect();
    json!({ "schemas": [BULK_RESPONSE_SCHEMA], "Operations": operations })
}

fn fail_on_errors(message: &Map<String, Value>) -> Result<Option<u64>, ScimError> {
    let expected = "a whole number from 1";
    match body::member(message, "failOnErrors") {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match value.as_u64().filter(|count| *count > 0) {
            Some(count) => Ok(Some(count)),
            None => {
                Err(ScimError::WrongShape { what: "`failOnErrors`", found: JsonKind::of(value), expected })
            }
        },
    }
}

/// The names that operations give to what they make.
fn known(entries: &[Entry]) -> Result<BTreeSet<String>, ScimError> {
    let mut known = BTreeSet::new();
    for bulk_id in
        entries.iter().filter(|entry| entry.makes()).filter_map(|entry| entry.head.bulk_id.as_ref())
    {
        if !known.insert(bulk_id.clone()) {
            return Err(ScimError::BulkIdTwice { bulk_id: bulk_id.as_str().into() });
        }
    }
    Ok(known)
}

/// The type and id of `/Users` or `/Users/{id}`, relative to the base URL.
fn target(action: Action, path: &str) -> Result<(ResourceType, &str), ScimError> {
    let expected = match action {
        Action::Create => "/Users or /Groups",
        _ => "/Users/{id} or /Groups/{id}",
    };
    let bad = || ScimError::BulkPath { found: path.into(), expected };
    let local = path.strip_prefix('/').unwrap_or(path);
    let (endpoint, id) = local.split_once('/').unwrap_or((local, ""));
    let kind = ResourceType::ALL.into_iter().find(|kind| kind.endpoint() == endpoint).ok_or_else(bad)?;
    let is_one = !id.is_empty() && !id.contains(['/', '?', '#']);
    if is_one == (action == Action::Create) || (!is_one && !id.is_empty()) {
        return Err(bad());
    }
    Ok((kind, id))
}

#[cfg(test)]
mod tests;
