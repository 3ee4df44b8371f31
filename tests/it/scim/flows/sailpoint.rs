//! SailPoint: reads everything about the server first, then all accounts and groups page by page, and compares.

use cohort_tests::client::Client;
use serde_json::{Value, json};

use crate::scim::{GROUP, Place, USER, made, patched, replaced, text, twice, values};

/// All resources of a type, page by page.
async fn aggregated(client: &Client, kind: &str) -> Vec<Value> {
    let mut all: Vec<Value> = Vec::new();
    loop {
        let page = client.get(&format!("/{kind}?startIndex={}&count=7", all.len() + 1)).await.unwrap();
        let resources = page.get("Resources").and_then(Value::as_array).cloned().unwrap_or_default();
        if resources.is_empty() {
            assert_eq!(page["totalResults"], all.len(), "{kind}");
            return all;
        }
        all.extend(resources);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sailpoint_pass_twice() {
    let place = Place::new().await;
    let client = place.connection("sailpoint", "default").await;
    twice(&place, async || {
        for path in
            ["/ServiceProviderConfig", "/ResourceTypes", "/ResourceTypes/User", "/ResourceTypes/Group"]
        {
            client.get(path).await.unwrap();
        }
        let schemas = client.get("/Schemas").await.unwrap();
        for schema in schemas["Resources"].as_array().unwrap() {
            let urn = text(schema, "id");
            assert_eq!(&client.get(&format!("/Schemas/{urn}")).await.unwrap(), schema, "{urn}");
        }

        for number in 0..20 {
            let name = format!("u{number:02}");
            let accounts = aggregated(&client, "Users").await;
            if !accounts.iter().any(|account| text(account, "userName") == name) {
                let body = json!({"schemas": [USER], "userName": name, "active": true});
                made(&client, "/Users", &body).await;
            }
        }
        let accounts = aggregated(&client, "Users").await;
        let names: Vec<&str> = accounts.iter().map(|account| text(account, "userName")).collect();
        assert_eq!(names, (0..20).map(|number| format!("u{number:02}")).collect::<Vec<_>>());

        let first = &accounts[0];
        let path = format!("/Users/{}", text(first, "id"));
        let mut body = first.clone();
        body["title"] = json!("Engineer");
        assert_eq!(text(&replaced(&client, &path, &body).await, "title"), "Engineer");

        let groups = aggregated(&client, "Groups").await;
        let sales = match groups.iter().find(|group| text(group, "displayName") == "Sales") {
            Some(group) => text(group, "id").to_owned(),
            None => made(&client, "/Groups", &json!({"schemas": [GROUP], "displayName": "Sales"})).await,
        };
        let entitle = json!([{"op": "add", "path": "members", "value": [{"value": text(first, "id")}]}]);
        let found = patched(&client, &format!("/Groups/{sales}"), entitle).await;
        assert_eq!(values(&found, "members"), [text(first, "id")]);
        let account = client.get(&path).await.unwrap();
        assert_eq!(values(&account, "groups"), [sales], "an account tells its groups");
    })
    .await;
}
