//! OneLogin: schema names of SCIM 1 on SCIM 2 bodies, a `?` and a `&` too many, nulls, PUT for every update.

use cohort_tests::client::Client;
use serde_json::{Value, json};

use crate::scim::{GROUP, Place, made, matched, patched, replaced, text, twice, values};

const SCHEMAS: [&str; 2] = ["urn:scim:schemas:core:2.0", "urn:scim:schemas:extension:enterprise:2.0"];
const OLD_ENTERPRISE: &str = "urn:scim:schemas:extension:enterprise:2.0";

fn user(name: &str, title: &str) -> Value {
    json!({
        "schemas": SCHEMAS,
        "userName": name,
        "externalId": format!("7-{name}"),
        "name": {"givenName": name, "familyName": "One", "formatted": format!("{name} One")},
        "displayName": format!("{name} One"),
        "title": title,
        "active": true,
        "locale": null,
        "phoneNumbers": [],
        "emails": [{"value": format!("{name}@one.example"), "type": "work", "primary": true}],
        OLD_ENTERPRISE: {"department": null, "manager": null},
    })
}

async fn user_id(client: &Client, name: &str) -> String {
    match matched(client, &format!("/Users?filter=userName%20eq%20%22{name}%22&")).await {
        Some(found) => text(&found, "id").to_owned(),
        None => text(&client.post("/Users?", &user(name, "Clerk")).await.unwrap(), "id").to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn onelogin_pass_twice() {
    let place = Place::new().await;
    let client = place.connection("onelogin", "onelogin").await.speaking("application/json", &[]);
    twice(&place, async || {
        let config = client.get("/ServiceProviderConfig").await.unwrap();
        assert_eq!(config["patch"]["supported"], true);
        let (ada, bob) = (user_id(&client, "ada").await, user_id(&client, "bob").await);
        let found = replaced(&client, &format!("/Users/{ada}?"), &user("ada", "Engineer")).await;
        assert_eq!((text(&found, "title"), text(&found, "userName")), ("Engineer", "ada"));
        assert!(found.get("locale").is_none(), "null is no value: {found}");

        let query = "/Groups?filter=displayName%20eq%20%22Sales%22&";
        let sales = match matched(&client, query).await {
            Some(found) => text(&found, "id").to_owned(),
            None => made(&client, "/Groups", &json!({"schemas": [GROUP], "displayName": "Sales"})).await,
        };
        let add = json!([{"op": "add", "path": "members", "value": [{"value": ada}, {"value": bob}]}]);
        let found = patched(&client, &format!("/Groups/{sales}"), add).await;
        assert_eq!(values(&found, "members"), [ada, bob]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn onelogin_user_is_suspended_and_leaves_a_group() {
    let place = Place::new().await;
    let client = place.connection("onelogin", "onelogin").await.speaking("application/json", &[]);
    let ada = user_id(&client, "ada").await;
    let body = json!({"schemas": [GROUP], "displayName": "Sales", "members": [{"value": ada}]});
    let sales = made(&client, "/Groups", &body).await;
    let remove = json!([{"op": "remove", "path": format!("members[value eq \"{ada}\"]")}]);
    assert!(patched(&client, &format!("/Groups/{sales}"), remove).await.get("members").is_none());
    let suspend = json!([{"op": "replace", "path": "active", "value": false}]);
    assert_eq!(patched(&client, &format!("/Users/{ada}"), suspend).await["active"], false);
    let found = replaced(&client, &format!("/Users/{ada}?"), &user("ada", "Clerk")).await;
    assert_eq!(found["active"], true);
}
