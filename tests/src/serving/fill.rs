//! Users and groups as they are before anything is measured, made by as few requests as the server takes.

use serde_json::{Value, json};

use super::{BULK_REQUEST, GROUP, Place, USER, said, text};
use crate::failure::Failure;

/// Users that one bulk request makes, as many as it may (`bulk.maxOperations`).
const BULK: usize = 1_000;
/// Sizes of groups, as far as there are users for them.
pub(super) const GROUPS: [usize; 3] = [10, 10_000, 100_000];
/// Groups of less than a hundred members, each: those who are added are shared out, so that small groups stay small.
const TWINS: usize = 40;
/// Users beside the others, in no group.
pub(super) const NEWCOMERS: usize = 400;

/// What is there.
pub(super) struct Filled {
    /// Ids of users; their names and other values follow from their place.
    pub(super) users: Vec<String>,
    /// Ids of further users, whom no group has.
    pub(super) newcomers: Vec<String>,
    /// Sizes of groups, and the ids of those of each size.
    pub(super) groups: Vec<(usize, Vec<String>)>,
}

/// The document of a user; `number` makes it unique.
pub(super) fn user(number: usize, title: &str) -> Value {
    json!({
        "schemas": [USER],
        "userName": name(number),
        "externalId": external_id(number),
        "displayName": format!("Given{number} Family"),
        "name": {"givenName": format!("Given{number}"), "familyName": "Family"},
        "emails": [{"value": name(number), "type": "work", "primary": true}],
        "title": title,
        "active": true,
    })
}

pub(super) fn name(number: usize) -> String {
    format!("person{number}@corp.example")
}

pub(super) fn external_id(number: usize) -> String {
    format!("00u{number:012}")
}

/// Makes users of these numbers by bulk requests; their ids in this order.
pub(super) async fn users(place: &Place, numbers: std::ops::Range<usize>) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::with_capacity(numbers.len());
    let all: Vec<usize> = numbers.collect();
    for chunk in all.chunks(BULK) {
        let operation = |number: &usize| {
            let data = user(*number, "Engineer");
            json!({"method": "POST", "path": "/Users", "bulkId": number.to_string(), "data": data})
        };
        let operations: Vec<Value> = chunk.iter().map(operation).collect();
        let body = json!({"schemas": [BULK_REQUEST], "Operations": operations});
        let answer = place.client.post("/Bulk", &body).await?;
        for made in answer.get("Operations").and_then(Value::as_array).into_iter().flatten() {
            let id = text(made, "location").rsplit('/').next().unwrap_or_default();
            if text(made, "status") != "201" || id.is_empty() {
                return Err(said(format!("a bulk request answered {made}; expected 201")));
            }
            ids.push(id.to_owned());
        }
    }
    match ids.len() == all.len() {
        true => Ok(ids),
        false => Err(said(format!("{} users made; expected {}", ids.len(), all.len()))),
    }
}

/// A group of these members, made by one request.
pub(super) async fn group(place: &Place, name: &str, members: &[String]) -> Result<String, Failure> {
    let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
    let body = json!({"schemas": [GROUP], "displayName": name, "members": members});
    let made = place.client.post("/Groups?excludedAttributes=members", &body).await?;
    Ok(text(&made, "id").to_owned())
}

/// Groups of each size that there are users for.
pub(super) async fn groups(place: &Place, users: &[String]) -> Result<Vec<(usize, Vec<String>)>, Failure> {
    let mut groups = Vec::new();
    for size in GROUPS {
        if size > users.len() {
            continue;
        }
        let mut twins = Vec::new();
        for twin in 0..if size < 100 { TWINS } else { 1 } {
            let members = spread(users, size, twin);
            twins.push(group(place, &format!("group {twin} of {size}"), &members).await?);
        }
        groups.push((size, twins));
    }
    Ok(groups)
}

/// So many of the users, evenly spread over all, so that each page of a walk has as many memberships.
fn spread(users: &[String], count: usize, from: usize) -> Vec<String> {
    let step = users.len() / count;
    (0..count).filter_map(|number| users.get((number * step + from) % users.len()).cloned()).collect()
}
