//! Microsoft Entra ID without its flag: operations in capitals, one for each attribute, booleans as texts, members
//! removed by a list of values. (learn.microsoft.com, "Develop a SCIM endpoint".)

use cohort_tests::client::Client;
use reqwest::Method;
use serde_json::{Value, json};

use crate::scim::{
    ENTERPRISE, GROUP, PATCH_OP, Place, USER, check_status, matched, patched, text, twice, values,
};

const ENTRA_GROUP: &str = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";

fn user(name: &str) -> Value {
    json!({
        "schemas": [USER, ENTERPRISE],
        "externalId": format!("0a21f0f2-{name}"),
        "userName": format!("{name}@contoso.com"),
        "active": true,
        "displayName": null,
        "emails": [{"primary": true, "type": "work", "value": format!("{name}@contoso.com")}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": format!("{name} one"), "familyName": "one", "givenName": name},
        "roles": [],
        ENTERPRISE: {"department": "Sales"},
    })
}

async fn user_id(client: &Client, name: &str) -> String {
    let query = format!("/Users?filter=userName+eq+%22{name}%40contoso.com%22");
    if let Some(found) = matched(client, &query).await {
        return text(&found, "id").to_owned();
    }
    text(&client.post("/Users", &user(name)).await.unwrap(), "id").to_owned()
}

async fn group_id(client: &Client, title: &str) -> String {
    let query = format!("/Groups?excludedAttributes=members&filter=displayName+eq+%22{title}%22");
    if let Some(found) = matched(client, &query).await {
        assert!(found.get("members").is_none(), "{found}");
        return text(&found, "id").to_owned();
    }
    let body = json!({
        "schemas": [GROUP, ENTRA_GROUP],
        "externalId": format!("8aa1a0c0-{title}"),
        "displayName": title,
        "meta": {"resourceType": "Group"},
    });
    text(&client.post("/Groups", &body).await.unwrap(), "id").to_owned()
}

/// A group's PATCH, which Entra expects 204 for, and what a GET says then.
async fn patched_group(client: &Client, id: &str, operations: Value) -> Value {
    let path = format!("/Groups/{id}");
    let body = json!({"schemas": [PATCH_OP], "Operations": operations});
    check_status(&client.send(Method::PATCH, &path, Some(&body)).await.unwrap(), 204);
    client.get(&path).await.unwrap()
}

fn replace(path: &str, value: &str) -> Value {
    json!({"op": "Replace", "path": path, "value": value})
}

fn members(ids: &[&String]) -> Value {
    ids.iter().map(|id| json!({"$ref": null, "value": id})).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn entra_pass_twice() {
    let place = Place::new().await;
    let client = place.connection("entra", "entra").await.speaking(
        "application/scim+json; charset=utf-8",
        &[("user-agent", ""), ("accept", "application/scim+json")],
    );
    twice(&place, async || {
        let nobody = "/Users?filter=userName+eq+%225b3d3d6a-6d4a-4d3e-9c1c-0f4a1b2c3d4e%22";
        assert!(matched(&client, nobody).await.is_none(), "the connection test finds nobody");
        client.get("/Schemas").await.unwrap();

        let (ada, bob) = (user_id(&client, "ada").await, user_id(&client, "bob").await);
        let by_mail = "/Users?filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22ada%40contoso.com%22";
        assert_eq!(text(&matched(&client, by_mail).await.unwrap(), "id"), ada);
        let by_external = "/Users?filter=externalId+eq+%220a21f0f2-ada%22";
        assert_eq!(text(&matched(&client, by_external).await.unwrap(), "id"), ada);

        let profile = json!([
            replace("displayName", "Ada L."),
            replace("active", "True"),
            replace("emails[type eq \"work\"].value", "ada@contoso.com"),
            replace("name.familyName", "Lovelace"),
            json!({"op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "555 0101"}),
            replace(&format!("{ENTERPRISE}:department"), "Engines"),
            json!({"op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": bob}),
        ]);
        let found = patched(&client, &format!("/Users/{ada}"), profile).await;
        assert_eq!((text(&found, "displayName"), &found["active"]), ("Ada L.", &json!(true)));
        assert_eq!(values(&found, "emails"), ["ada@contoso.com"], "{found}");
        assert_eq!(found["phoneNumbers"], json!([{"type": "mobile", "value": "555 0101"}]));
        assert_eq!(text(&found["name"], "familyName"), "Lovelace");
        assert_eq!(text(&found[ENTERPRISE], "department"), "Engines");
        assert_eq!(found[ENTERPRISE]["manager"]["value"], bob.as_str());
        let sales = group_id(&client, "Sales").await;
        let add = |ids: &[&String]| json!([{"op": "Add", "path": "members", "value": members(ids)}]);
        let found = patched_group(&client, &sales, add(&[&ada])).await;
        assert!(values(&found, "members").contains(&ada), "{found}");
        let found = patched_group(&client, &sales, add(&[&ada, &bob])).await;
        assert_eq!(values(&found, "members"), [ada.clone(), bob.clone()]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entra_members_go_by_a_list_of_values() {
    let place = Place::new().await;
    let client = place.connection("entra", "entra").await;
    let ids = [user_id(&client, "ada").await, user_id(&client, "bob").await, user_id(&client, "eve").await];
    let sales = group_id(&client, "Sales").await;
    let all: Vec<&String> = ids.iter().collect();
    patched_group(&client, &sales, json!([{"op": "Add", "path": "members", "value": members(&all)}])).await;
    let gone = json!([{"op": "Remove", "path": "members", "value": members(&[&ids[1]])}]);
    let found = patched_group(&client, &sales, gone).await;
    assert_eq!(values(&found, "members"), [ids[0].clone(), ids[2].clone()]);
    let renamed = patched_group(&client, &sales, json!([replace("displayName", "Field")])).await;
    assert_eq!(text(&renamed, "displayName"), "Field");
    assert_eq!(values(&renamed, "members").len(), 2, "a rename keeps the members");
}

#[tokio::test(flavor = "multi_thread")]
async fn entra_user_is_suspended_restored_and_deleted() {
    let place = Place::new().await;
    let client = place.connection("entra", "entra").await;
    let ada = user_id(&client, "ada").await;
    let path = format!("/Users/{ada}");
    let found = patched(&client, &path, json!([replace("active", "False")])).await;
    assert_eq!(found["active"], false);
    assert_eq!(user_id(&client, "ada").await, ada, "a suspended user is still found");
    let found = patched(&client, &path, json!([replace("active", "True")])).await;
    assert_eq!(found["active"], true);
    let moved = json!([replace("emails[type eq \"work\"].value", "ada.l@contoso.com")]);
    assert_eq!(values(&patched(&client, &path, moved).await, "emails"), ["ada.l@contoso.com"]);
    let removed = patched(&client, &path, json!([{"op": "Remove", "path": "name.familyName"}])).await;
    assert!(removed["name"].get("familyName").is_none(), "{removed}");
    check_status(&client.send(Method::DELETE, &path, None).await.unwrap(), 204);
    check_status(&client.send(Method::GET, &path, None).await.unwrap(), 404);
    assert_ne!(user_id(&client, "ada").await, ada, "after a DELETE, a POST is somebody new");
}
