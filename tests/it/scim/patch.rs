//! PATCH (RFC 7644 section 3.5.2): each row a body before, operations, and what a GET says then.

use cohort_tests::client::{Client, Reply};
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    ENTERPRISE, GROUP, PATCH_OP, Place, USER, check_refused, check_status, made, patched, text, values,
};

async fn client(place: &Place) -> Client {
    place.connection("corp", "default").await
}

async fn sent(client: &Client, path: &str, operations: Value) -> Reply {
    let body = json!({"schemas": [PATCH_OP], "Operations": operations});
    client.send(Method::PATCH, path, Some(&body)).await.unwrap()
}

/// What of a resource is not the server's.
fn own(mut resource: Value) -> Value {
    let fields = resource.as_object_mut().unwrap();
    fields.retain(|name, _| !["id", "meta", "schemas", "userName", "active"].contains(&name.as_str()));
    resource
}

#[tokio::test(flavor = "multi_thread")]
async fn operations_do_what_the_rfc_says() {
    let place = Place::new().await;
    let client = client(&place).await;
    let work = json!({"value": "a@x.org", "type": "work"});
    let home = json!({"value": "b@x.org", "type": "home"});
    let both = json!({"emails": [work, home]});
    for (number, (before, operations, after)) in [
        // add: single, complex, multi-valued, already there, absent path.
        (json!({}), json!([{"op": "add", "path": "title", "value": "x"}]), json!({"title": "x"})),
        (json!({"title": "y"}), json!([{"op": "ADD", "path": "TITLE", "value": "x"}]), json!({"title": "x"})),
        (json!({"name": {"givenName": "A"}}), json!([{"op": "add", "path": "name", "value": {"familyName": "L"}}]),
            json!({"name": {"givenName": "A", "familyName": "L"}})),
        (json!({"emails": [work]}), json!([{"op": "add", "path": "emails", "value": [home]}]), both.clone()),
        (json!({"emails": [work]}), json!([{"op": "add", "path": "emails", "value": [work]}]), json!({"emails": [work]})),
        (json!({}), json!([{"op": "add", "value": {"title": "x", "emails": [work]}}]), json!({"title": "x", "emails": [work]})),
        // remove: all, by filter, a part, the last one.
        (both.clone(), json!([{"op": "remove", "path": "emails"}]), json!({})),
        (both.clone(), json!([{"op": "remove", "path": "emails[type eq \"home\"]"}]), json!({"emails": [work]})),
        (json!({"emails": [work]}), json!([{"op": "remove", "path": "emails[type eq \"work\"]"}]), json!({})),
        (json!({"emails": [work]}), json!([{"op": "remove", "path": "emails[type eq \"work\"].type"}]),
            json!({"emails": [{"value": "a@x.org"}]})),
        (json!({"name": {"givenName": "A", "familyName": "L"}}), json!([{"op": "remove", "path": "name.familyName"}]),
            json!({"name": {"givenName": "A"}})),
        (json!({"name": {"givenName": "A"}}), json!([{"op": "remove", "path": "name.givenName"}]), json!({})),
        (json!({}), json!([{"op": "remove", "path": "title"}]), json!({})),
        // replace: single, absent, complex by parts, the whole list, a part of each match.
        (json!({"title": "y"}), json!([{"op": "replace", "path": "title", "value": "x"}]), json!({"title": "x"})),
        (json!({}), json!([{"op": "replace", "path": "title", "value": "x"}]), json!({"title": "x"})),
        (json!({"name": {"givenName": "A", "familyName": "L"}}),
            json!([{"op": "replace", "path": "name", "value": {"familyName": "K"}}]),
            json!({"name": {"givenName": "A", "familyName": "K"}})),
        (both.clone(), json!([{"op": "replace", "path": "emails", "value": [home]}]), json!({"emails": [home]})),
        (both.clone(), json!([{"op": "replace", "path": "emails[type eq \"home\"].value", "value": "c@x.org"}]),
            json!({"emails": [work, {"value": "c@x.org", "type": "home"}]})),
        (both.clone(), json!([{"op": "replace", "path": "emails[type eq \"home\"]", "value": {"value": "c@x.org", "type": "other"}}]),
            json!({"emails": [work, {"value": "c@x.org", "type": "other"}]})),
        (json!({"title": "y"}), json!([{"op": "replace", "value": {"title": "x"}}]), json!({"title": "x"})),
        // URN paths, and one operation after the other.
        (json!({}), json!([{"op": "add", "path": format!("{ENTERPRISE}:department"), "value": "d"}]), json!({ENTERPRISE: {"department": "d"}})),
        (json!({}), json!([{"op": "add", "path": format!("{USER}:title"), "value": "x"}]), json!({"title": "x"})),
        (json!({}), json!([{"op": "add", "path": "title", "value": "x"}, {"op": "remove", "path": "title"},
            {"op": "add", "path": "nickName", "value": "n"}]), json!({"nickName": "n"})),
    ]
    .into_iter()
    .enumerate()
    {
        let mut body = before.clone();
        body["schemas"] = json!([USER]);
        body["userName"] = json!(format!("u{number}"));
        let id = made(&client, "/Users", &body).await;
        let found = patched(&client, &format!("/Users/{id}"), operations.clone()).await;
        assert_eq!(own(found), after, "{operations}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_that_cannot_be_changes_nothing() {
    let place = Place::new().await;
    let client = place.connection("strict", "strict").await;
    made(&client, "/Users", &json!({"schemas": [USER], "userName": "bob"})).await;
    let body = json!({"schemas": [USER], "userName": "ada", "title": "x", "emails": [{"value": "a@x.org", "type": "work"}]});
    let path = format!("/Users/{}", made(&client, "/Users", &body).await);
    let (before, revision) = (client.get(&path).await.unwrap(), place.revision().await);
    for (operation, status, kind) in [
        (json!({"op": "remove"}), 400, "noTarget"),
        (json!({"op": "remove", "path": "userName"}), 400, "mutability"),
        (json!({"op": "replace", "path": "id", "value": "x"}), 400, "mutability"),
        (
            json!({"op": "replace", "path": "meta.created", "value": "2020-01-01T00:00:00Z"}),
            400,
            "mutability",
        ),
        (json!({"op": "replace", "path": "groups", "value": []}), 400, "mutability"),
        (json!({"op": "replace", "path": "shoeSize", "value": 1}), 400, "invalidPath"),
        (json!({"op": "replace", "path": "emails[type eq", "value": 1}), 400, "invalidPath"),
        (json!({"op": "replace", "path": "emails[kind eq \"x\"].value", "value": "x"}), 400, "invalidFilter"),
        (json!({"op": "replace", "path": "emails[type eq \"home\"].value", "value": "x"}), 400, "noTarget"),
        (json!({"op": "replace", "path": "active", "value": "maybe"}), 400, "invalidValue"),
        (json!({"op": "replace", "path": "userName", "value": "BOB"}), 409, "uniqueness"),
        (json!({"op": "replace", "path": "userName", "value": ""}), 400, "invalidValue"),
        (json!({"op": "move", "path": "title", "value": "x"}), 400, "invalidSyntax"),
        (json!({"path": "title", "value": "x"}), 400, "invalidSyntax"),
        (json!({"op": "add", "path": "title"}), 400, "invalidSyntax"),
    ] {
        // The first operation is a good one: all or nothing.
        let good = json!({"op": "replace", "path": "title", "value": "changed"});
        let reply = sent(&client, &path, json!([good, operation])).await;
        let found = text(&reply.json(), "scimType").to_owned();
        assert_eq!((reply.status.as_u16(), found.as_str()), (status, kind), "{operation}: {}", reply.text);
        assert_eq!(client.get(&path).await.unwrap(), before, "{operation}");
    }
    for body in [
        json!({}),
        json!({"schemas": [PATCH_OP]}),
        json!({"schemas": [PATCH_OP], "Operations": {}}),
        json!({"schemas": [USER], "Operations": [{"op": "add", "path": "title", "value": "x"}]}),
    ] {
        let reply = client.send(Method::PATCH, &path, Some(&body)).await.unwrap();
        assert_eq!(reply.status.as_u16(), 400, "{body}: {}", reply.text);
    }
    assert_eq!(place.revision().await, revision);
    let absent = "/Users/01a20159-d608-7b20-8be9-fe62e6fe6b94";
    let reply = sent(&client, absent, json!([{"op": "add", "path": "title", "value": "x"}])).await;
    check_refused(&reply, 404, None);
}

/// Neither the resource nor the organisation has a new version.
#[tokio::test(flavor = "multi_thread")]
async fn a_patch_of_what_is_so_already_changes_nothing() {
    let place = Place::new().await;
    let client = client(&place).await;
    let ada = json!({"schemas": [USER], "userName": "ada", "title": "x", "emails": [{"value": "a@x.org"}]});
    let ada = made(&client, "/Users", &ada).await;
    let group = json!({"schemas": [GROUP], "displayName": "Sales", "members": [{"value": ada}]});
    let group = made(&client, "/Groups", &group).await;
    let revision = place.revision().await;
    for (path, operation) in [
        (format!("/Users/{ada}"), json!({"op": "add", "path": "title", "value": "x"})),
        (format!("/Users/{ada}"), json!({"op": "add", "path": "emails", "value": [{"value": "a@x.org"}]})),
        (format!("/Users/{ada}"), json!({"op": "replace", "value": {"title": "x"}})),
        (format!("/Groups/{group}"), json!({"op": "add", "path": "members", "value": [{"value": ada}]})),
        (format!("/Groups/{group}"), json!({"op": "replace", "path": "members", "value": [{"value": ada}]})),
        (format!("/Groups/{group}"), json!({"op": "remove", "path": "members[value eq \"x\"]"})),
    ] {
        let before = client.get(&path).await.unwrap();
        assert_eq!(patched(&client, &path, json!([operation])).await, before, "{operation}");
    }
    assert_eq!(place.revision().await, revision);
}

#[tokio::test(flavor = "multi_thread")]
async fn members_change_one_by_one_and_by_the_hundred() {
    let place = Place::new().await;
    let client = client(&place).await;
    let mut ids = Vec::new();
    for number in 0..120 {
        ids.push(
            made(&client, "/Users", &json!({"schemas": [USER], "userName": format!("u{number}")})).await,
        );
    }
    let group = made(&client, "/Groups", &json!({"schemas": [GROUP], "displayName": "Staff"})).await;
    let path = format!("/Groups/{group}");
    let one = |op: &str, id: &String| json!({"op": op, "path": "members", "value": [{"value": id}]});
    let adds: Value = ids.iter().map(|id| one("add", id)).collect();
    assert_eq!(values(&patched(&client, &path, adds).await, "members"), ids);
    let removes: Value = ids[..60]
        .iter()
        .map(|id| json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")}))
        .collect();
    assert_eq!(values(&patched(&client, &path, removes).await, "members"), ids[60..]);
    let found = patched(&client, &path, json!([one("remove", &ids[60])])).await;
    assert_eq!(values(&found, "members"), ids[61..], "a remove with a value takes out that value alone");
    let found =
        patched(&client, &path, json!([{"op": "replace", "path": "displayName", "value": "All"}])).await;
    assert_eq!((text(&found, "displayName"), values(&found, "members").len()), ("All", 59));
    let found = patched(&client, &path, json!([{"op": "remove", "path": "members"}])).await;
    assert!(found.get("members").is_none(), "{found}");
    assert_eq!(text(&found, "displayName"), "All", "the last member gone, the group stays");
}

/// A member that is not there yet waits, grants nothing and is not told; when it comes, it is one.
#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_comes_later_is_one_then() {
    let place = Place::new().await;
    let client = client(&place).await;
    let group = made(&client, "/Groups", &json!({"schemas": [GROUP], "displayName": "Sales"})).await;
    let path = format!("/Groups/{group}");
    let add = json!([{"op": "add", "path": "members", "value": [{"value": "e-ada"}]}]);
    assert!(patched(&client, &path, add.clone()).await.get("members").is_none());
    let ada =
        made(&client, "/Users", &json!({"schemas": [USER], "userName": "ada", "externalId": "e-ada"})).await;
    assert_eq!(values(&client.get(&path).await.unwrap(), "members"), [ada]);

    let strict = place.connection("strict", "strict").await;
    let group = made(&strict, "/Groups", &json!({"schemas": [GROUP], "displayName": "Sales"})).await;
    check_refused(&sent(&strict, &format!("/Groups/{group}"), add).await, 400, Some("invalidValue"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_strict_dialect_takes_operations_with_a_path_only() {
    let place = Place::new().await;
    let strict = place.connection("strict", "strict").await;
    let path =
        format!("/Users/{}", made(&strict, "/Users", &json!({"schemas": [USER], "userName": "ada"})).await);
    let reply = sent(&strict, &path, json!([{"op": "replace", "value": {"title": "x"}}])).await;
    check_status(&reply, 400);
    let found = patched(&strict, &path, json!([{"op": "replace", "path": "title", "value": "x"}])).await;
    assert_eq!(text(&found, "title"), "x");
}

/// A member is put in or taken out as a whole; nothing else of a user or group is immutable.
#[tokio::test(flavor = "multi_thread")]
async fn parts_of_a_member_are_immutable() {
    let place = Place::new().await;
    let client = client(&place).await;
    let schemas = client.get("/Schemas").await.unwrap();
    for schema in schemas["Resources"].as_array().unwrap() {
        for attribute in schema["attributes"].as_array().unwrap() {
            assert_ne!(text(attribute, "mutability"), "immutable", "{attribute}");
            let parts = attribute["subAttributes"].as_array().cloned().unwrap_or_default();
            let immutable: Vec<&str> = parts
                .iter()
                .filter(|part| text(part, "mutability") == "immutable")
                .map(|part| text(part, "name"))
                .collect();
            let is_members = text(attribute, "name") == "members";
            assert_eq!(immutable, if is_members { vec!["value", "$ref", "type"] } else { vec![] });
        }
    }
    let ada = made(&client, "/Users", &json!({"schemas": [USER], "userName": "ada"})).await;
    let bob = made(&client, "/Users", &json!({"schemas": [USER], "userName": "bob"})).await;
    let group = json!({"schemas": [GROUP], "displayName": "Sales", "members": [{"value": ada}]});
    let path = format!("/Groups/{}", made(&client, "/Groups", &group).await);
    let before = client.get(&path).await.unwrap();
    for (part, value) in [("value", bob.as_str()), ("type", "Group"), ("$ref", "https://x.org/Users/1")] {
        let operation =
            json!({"op": "replace", "path": format!("members[value eq \"{ada}\"].{part}"), "value": value});
        let reply = sent(&client, &path, json!([operation])).await;
        assert_eq!(reply.status.as_u16(), 400, "{part}: {}", reply.text);
        assert_eq!(client.get(&path).await.unwrap(), before, "{part}");
    }
}
