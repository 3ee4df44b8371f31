//! Microsoft Entra ID with the flag `aadOptscim062020`: operations in lower case, true booleans, one replace without
//! path whose keys are paths, members removed by a filter.

use cohort_tests::client::Client;
use reqwest::Method;
use serde_json::json;

use crate::scim::{
    ENTERPRISE, GROUP, PATCH_OP, Place, USER, check_status, matched, patched, text, twice, values,
};

async fn user_id(client: &Client, name: &str) -> String {
    if let Some(found) = matched(client, &format!("/Users?filter=userName+eq+%22{name}%22")).await {
        return text(&found, "id").to_owned();
    }
    let body = json!({
        "schemas": [USER, ENTERPRISE],
        "userName": name,
        "externalId": format!("x-{name}"),
        "active": true,
        "emails": [{"primary": true, "type": "work", "value": format!("{name}@contoso.com")}],
        "name": {"givenName": name},
    });
    text(&client.post("/Users", &body).await.unwrap(), "id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn entra_062020_pass_twice() {
    let place = Place::new().await;
    let client = place.connection("entra", "entra-062020").await;
    twice(&place, async || {
        let (ada, bob) = (user_id(&client, "ada").await, user_id(&client, "bob").await);
        let value = json!({
            "displayName": "Ada L.",
            "active": true,
            "name.givenName": "Ada",
            "name.familyName": "Lovelace",
            "emails[type eq \"work\"].value": "ada@contoso.com",
            "phoneNumbers[type eq \"mobile\"].value": "555 0101",
            format!("{ENTERPRISE}:employeeNumber"): "701984",
            format!("{ENTERPRISE}:manager"): {"value": bob},
        });
        let found =
            patched(&client, &format!("/Users/{ada}"), json!([{"op": "replace", "value": value}])).await;
        assert_eq!((text(&found, "displayName"), &found["active"]), ("Ada L.", &json!(true)));
        assert_eq!(found["name"], json!({"givenName": "Ada", "familyName": "Lovelace"}));
        assert_eq!(values(&found, "emails"), ["ada@contoso.com"]);
        assert_eq!(values(&found, "phoneNumbers"), ["555 0101"]);
        assert_eq!(text(&found[ENTERPRISE], "employeeNumber"), "701984");
        assert_eq!(found[ENTERPRISE]["manager"]["value"], bob.as_str());

        let query = "/Groups?excludedAttributes=members&filter=displayName+eq+%22Sales%22";
        let sales = match matched(&client, query).await {
            Some(found) => text(&found, "id").to_owned(),
            None => {
                let body = json!({"schemas": [GROUP], "displayName": "Sales", "externalId": "g-1"});
                text(&client.post("/Groups", &body).await.unwrap(), "id").to_owned()
            }
        };
        let both = json!([{"op": "add", "path": "members", "value": [{"value": ada}, {"value": bob}]}]);
        let found = patched(&client, &format!("/Groups/{sales}"), both).await;
        assert_eq!(values(&found, "members"), [ada, bob]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn entra_062020_members_go_by_a_filter() {
    let place = Place::new().await;
    let client = place.connection("entra", "entra-062020").await;
    let (ada, bob) = (user_id(&client, "ada").await, user_id(&client, "bob").await);
    let body =
        json!({"schemas": [GROUP], "displayName": "Sales", "members": [{"value": ada}, {"value": bob}]});
    let sales = text(&client.post("/Groups", &body).await.unwrap(), "id").to_owned();
    let path = format!("/Groups/{sales}");
    let gone = json!({"schemas": [PATCH_OP],
        "Operations": [{"op": "remove", "path": format!("members[value eq \"{ada}\"]")}]});
    check_status(&client.send(Method::PATCH, &path, Some(&gone)).await.unwrap(), 204);
    assert_eq!(values(&client.get(&path).await.unwrap(), "members"), [bob]);
}

#[tokio::test(flavor = "multi_thread")]
async fn entra_062020_user_is_suspended_and_restored() {
    let place = Place::new().await;
    let client = place.connection("entra", "entra-062020").await;
    let path = format!("/Users/{}", user_id(&client, "ada").await);
    for active in [false, true] {
        let found =
            patched(&client, &path, json!([{"op": "replace", "path": "active", "value": active}])).await;
        assert_eq!(found["active"], active);
    }
}
