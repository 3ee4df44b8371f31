//! Adding one member to a large group costs the one member: not memory for the others, not their rows.
//!
//! Counted is what Rust allocates, on the writing thread too; the database engine keeps its pages in a cache of its own.

use std::sync::Arc;

use cohort_directory::{Caller, Directory, Purpose, ScimView, System, Turn, counted};
use cohort_scim::{Projection, ResourceType};
use cohort_tests::program::Scratch;
use serde_json::{Value, json};

use crate::allocated;

/// Members that are there before.
const MEMBERS: usize = 100_000;
/// Users that one bulk request makes.
const CHUNK: usize = 1_000;
const BYTES_MAX: usize = 1024 * 1024;
const ROWS_MAX: u64 = 10;
const BASE: &str = "https://c.example/v2";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const BULK: &str = "urn:ietf:params:scim:api:messages:2.0:BulkRequest";

pub(crate) fn takes_little() {
    let folder = Scratch::new();
    let directory = Directory::open(folder.path(), Arc::new(System)).unwrap();
    directory.create_org("acme", "Acme").unwrap();
    let purpose = Purpose::Scim { connection: "entra".to_owned(), dialect: Some("entra".to_owned()) };
    let token = directory.issue_token(Some("acme"), purpose).unwrap();
    let caller = directory.caller(&token, "acme").unwrap();
    let ids = people(&directory, &caller, MEMBERS + 3);
    let (newcomers, members) = ids.split_at(3);
    let group = group(&directory, &caller, members);
    // The first one reads what stays in memory, such as the organisation's graph.
    add(&directory, &caller, &group, &newcomers[0]);
    for newcomer in &newcomers[1..] {
        let (((), rows), counters) = allocated(|| counted(|| add(&directory, &caller, &group, newcomer)));
        let bytes = counters.bytes_allocated;
        assert!(bytes > 0 && bytes < BYTES_MAX, "{counters:?}");
        assert!(rows > 0 && rows <= ROWS_MAX, "{rows} rows");
        eprintln!("one of {MEMBERS} members added: {bytes} bytes, {rows} rows");
    }
    let view = view(Some(Projection::default()));
    let read = directory.scim_get(&caller, ResourceType::Group, &group, &view).unwrap();
    assert_eq!(read.body["members"].as_array().unwrap().len(), ids.len());
}

fn view(projection: Option<Projection>) -> ScimView {
    ScimView { base: BASE.to_owned(), projection, members_max: usize::MAX }
}

/// The ids of so many users, made many at a time.
fn people(directory: &Directory, caller: &Caller, count: usize) -> Vec<String> {
    let numbers: Vec<usize> = (0..count).collect();
    let mut ids = Vec::new();
    for chunk in numbers.chunks(CHUNK) {
        let operations: Vec<Value> = chunk
            .iter()
            .map(|number| {
                let data = json!({"schemas": [USER], "userName": format!("u{number}")});
                json!({"method": "POST", "path": "/Users", "bulkId": number.to_string(), "data": data})
            })
            .collect();
        let body = json!({"schemas": [BULK], "Operations": operations});
        let answer = directory.scim_bulk(caller, body, BASE).unwrap().value;
        let made = answer["Operations"].as_array().unwrap().iter();
        ids.extend(made.map(|one| one["location"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()));
    }
    assert_eq!(ids.len(), count);
    ids
}

fn group(directory: &Directory, caller: &Caller, members: &[String]) -> String {
    let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
    let body = json!({"schemas": [GROUP], "displayName": "staff", "members": members});
    let made =
        directory.scim_create(caller, ResourceType::Group, &body, view(None)).and_then(Turn::wait).unwrap();
    made.value.location.rsplit('/').next().unwrap().to_owned()
}

fn add(directory: &Directory, caller: &Caller, group: &str, id: &str) {
    let operation = json!({"op": "add", "path": "members", "value": [{"value": id}]});
    let body = json!({"schemas": [PATCH], "Operations": [operation]});
    directory
        .scim_patch(caller, ResourceType::Group, group, None, &body, view(None))
        .and_then(Turn::wait)
        .unwrap();
}
