use super::{Dialect, ENTERPRISE, Value, ada, json, patched};

/// `ada` with one change.
fn with(change: impl FnOnce(&mut Value)) -> Value {
    let mut user = ada();
    change(&mut user);
    user
}

fn without(user: &mut Value, attribute: &str) {
    user.as_object_mut().expect("an object").remove(attribute);
}

#[test]
fn rfc_7644_section_3_5_2_in_every_dialect() {
    let mobile = json!({"value": "+4420", "type": "mobile"});
    let cases = [
        // Add: sets, merges, appends; what is there already changes nothing.
        (
            json!([{"op": "add", "path": "title", "value": "Countess"}]),
            with(|u| u["title"] = json!("Countess")),
        ),
        (json!([{"op": "add", "path": "userName", "value": "ada"}]), ada()),
        (
            json!([{"op": "add", "path": "name", "value": {"middleName": "K"}}]),
            with(|u| u["name"]["middleName"] = json!("K")),
        ),
        (
            json!([{"op": "add", "path": "emails", "value": [{"value": "a@x.org", "type": "other"}]}]),
            with(|u| {
                u["emails"]
                    .as_array_mut()
                    .expect("a list")
                    .push(json!({"value": "a@x.org", "type": "other"}));
            }),
        ),
        (
            json!([{"op": "add", "path": "emails", "value": [{"value": "ada@home.example", "type": "home"}]}]),
            ada(),
        ),
        (
            json!([{"op": "add", "path": "phoneNumbers", "value": [mobile]}]),
            with(|u| u["phoneNumbers"] = json!([mobile])),
        ),
        (json!([{"op": "add", "path": "title", "value": null}]), ada()),
        // Remove: the attribute, a part of it, elements, the part of an element, the last value.
        (json!([{"op": "remove", "path": "emails"}]), with(|u| without(u, "emails"))),
        (json!([{"op": "remove", "path": "name.givenName"}]), with(|u| without(&mut u["name"], "givenName"))),
        (
            json!([{"op": "remove", "path": "name.givenName"}, {"op": "remove", "path": "name.familyName"}]),
            with(|u| without(u, "name")),
        ),
        (
            json!([{"op": "remove", "path": "emails[type eq \"home\"]"}]),
            with(|u| {
                u["emails"].as_array_mut().expect("a list").remove(1);
            }),
        ),
        (json!([{"op": "remove", "path": "emails[value co \"example\"]"}]), with(|u| without(u, "emails"))),
        (
            json!([{"op": "remove", "path": "emails[type eq \"work\"].primary"}]),
            with(|u| without(&mut u["emails"][0], "primary")),
        ),
        (
            json!([{"op": "remove", "path": "emails[type eq \"work\"].value"}]),
            with(|u| {
                u["emails"].as_array_mut().expect("a list").remove(0);
            }),
        ),
        (json!([{"op": "remove", "path": "title"}]), ada()),
        (
            json!([{"op": "remove", "path": format!("{ENTERPRISE}:department")}]),
            with(|u| without(&mut u[ENTERPRISE], "department")),
        ),
        (json!([{"op": "remove", "path": ENTERPRISE}]), with(|u| without(u, ENTERPRISE))),
        // Replace: absent acts as add, complex by parts, lists as a whole, elements by path.
        (
            json!([{"op": "replace", "path": "title", "value": "Countess"}]),
            with(|u| u["title"] = json!("Countess")),
        ),
        (
            json!([{"op": "replace", "path": "name", "value": {"familyName": "King"}}]),
            with(|u| u["name"]["familyName"] = json!("King")),
        ),
        (
            json!([{"op": "replace", "path": "name", "value": {"familyName": null}}]),
            with(|u| without(&mut u["name"], "familyName")),
        ),
        (
            json!([{"op": "replace", "path": "emails", "value": [{"value": "only@x.org"}]}]),
            with(|u| u["emails"] = json!([{"value": "only@x.org"}])),
        ),
        (json!([{"op": "replace", "path": "emails", "value": []}]), with(|u| without(u, "emails"))),
        (
            json!([{"op": "replace", "path": "emails[type eq \"work\"].value", "value": "new@x.org"}]),
            with(|u| u["emails"][0]["value"] = json!("new@x.org")),
        ),
        (
            json!([{"op": "replace", "path": "emails[type eq \"home\"]", "value": {"value": "new@x.org", "type": "home"}}]),
            with(|u| u["emails"][1] = json!({"value": "new@x.org", "type": "home"})),
        ),
        (
            json!([{"op": "replace", "path": "emails.display", "value": "Ada"}]),
            with(|u| {
                u["emails"][0]["display"] = json!("Ada");
                u["emails"][1]["display"] = json!("Ada");
            }),
        ),
        // A new primary takes the mark from the old one.
        (
            json!([{"op": "replace", "path": "emails[type eq \"home\"].primary", "value": true}]),
            with(|u| {
                without(&mut u["emails"][0], "primary");
                u["emails"][1]["primary"] = json!(true);
            }),
        ),
        (
            json!([{"op": "add", "path": "emails", "value": [{"value": "p@x.org", "primary": true}]}]),
            with(|u| {
                without(&mut u["emails"][0], "primary");
                u["emails"]
                    .as_array_mut()
                    .expect("a list")
                    .push(json!({"value": "p@x.org", "primary": true}));
            }),
        ),
        // In order: the second operation sees what the first did.
        (
            json!([{"op": "add", "path": "title", "value": "A"}, {"op": "replace", "path": "title", "value": "B"}]),
            with(|u| u["title"] = json!("B")),
        ),
        (
            json!([{"op": "add", "path": "nickName", "value": "A"}, {"op": "remove", "path": "nickName"}]),
            ada(),
        ),
    ];
    for (operations, after) in &cases {
        // The interoperability profile forbids a form that the RFC allows; here the RFC counts.
        let letter = Dialect { whole_value_paths: crate::Stance::Tolerate, ..Dialect::STRICT };
        patched(&letter, &ada(), operations, after);
        patched(&Dialect::TOLERANT, &ada(), operations, after);
    }
}

#[test]
fn entra_id() {
    let cases = [
        (
            json!([{"op": "Replace", "path": "active", "value": "False"}]),
            with(|u| u["active"] = json!(false)),
        ),
        (json!([{"op": "Add", "path": "active", "value": "True"}]), ada()),
        // A value path creates the element that it describes.
        (
            json!([{"op": "Add", "path": "phoneNumbers[type eq \"mobile\"].value", "value": "+4420"}]),
            with(|u| u["phoneNumbers"] = json!([{"type": "mobile", "value": "+4420"}])),
        ),
        (
            json!([{"op": "Replace", "path": "addresses[type eq \"work\"].locality", "value": "Paris"},
                {"op": "Replace", "path": "addresses[type eq \"work\"].country", "value": "FR"}]),
            with(|u| u["addresses"] = json!([{"type": "work", "locality": "Paris", "country": "FR"}])),
        ),
        (
            json!([{"op": "Add", "path": "roles[primary eq \"True\"].value", "value": "admin"}]),
            with(|u| u["roles"] = json!([{"primary": true, "value": "admin"}])),
        ),
        (
            json!([{"op": "Replace", "path": "emails[primary eq true].value", "value": "new@x.org"}]),
            with(|u| u["emails"][0]["value"] = json!("new@x.org")),
        ),
        (json!([{"op": "Remove", "path": "phoneNumbers[type eq \"fax\"].value"}]), ada()),
        // The extension by URN; the manager as a bare id or in an array.
        (
            json!([{"op": "Add", "path": format!("{ENTERPRISE}:department"), "value": "Sales"}]),
            with(|u| u[ENTERPRISE]["department"] = json!("Sales")),
        ),
        (
            json!([{"op": "Add", "path": format!("{ENTERPRISE}:manager"), "value": "8"}]),
            with(|u| u[ENTERPRISE]["manager"] = json!({"value": "8"})),
        ),
        (
            json!([{"op": "Add", "path": format!("{ENTERPRISE}:manager"),
                 "value": [{"$ref": "http://example.com/scim/Users/8", "value": "8"}]}]),
            with(|u| u[ENTERPRISE]["manager"] = json!({"value": "8"})),
        ),
        (
            json!([{"op": "Remove", "path": format!("{ENTERPRISE}:manager"), "value": "7"}]),
            with(|u| without(&mut u[ENTERPRISE], "manager")),
        ),
        (
            json!([{"op": "Replace", "path": format!("{ENTERPRISE}:manager"), "value": ""}]),
            with(|u| without(&mut u[ENTERPRISE], "manager")),
        ),
        // Mapped attributes that we lack do not stop the job.
        (
            json!([{"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:Other:2.0:User:tag", "value": "x"},
                {"op": "Add", "path": "title", "value": "Countess"}]),
            with(|u| u["title"] = json!("Countess")),
        ),
        // With the flag: one operation without path, its keys dotted names and URNs.
        (
            json!([{"op": "replace", "value": {
               "displayName": "Ada King",
               "name.givenName": "Augusta",
               format!("{ENTERPRISE}:department"): "Sales",
               format!("{ENTERPRISE}:manager.value"): "9",
               "emails[type eq \"work\"].value": "new@x.org",
            }}]),
            with(|u| {
                u["displayName"] = json!("Ada King");
                u["name"]["givenName"] = json!("Augusta");
                u[ENTERPRISE] = json!({"department": "Sales", "manager": {"value": "9"}});
                u["emails"][0]["value"] = json!("new@x.org");
            }),
        ),
    ];
    for (operations, after) in &cases {
        patched(&Dialect::ENTRA, &ada(), operations, after);
    }
}

#[test]
fn okta_onelogin_and_jumpcloud() {
    let cases = [
        (
            &Dialect::OKTA,
            json!([{"op": "replace", "value": {"active": false}}]),
            with(|u| u["active"] = json!(false)),
        ),
        (&Dialect::OKTA, json!([{"op": "replace", "value": {"password": "secret", "active": true}}]), ada()),
        (
            &Dialect::OKTA,
            json!([{"op": "replace", "value": {"id": "1", "groups": [], "nickName": "A", ENTERPRISE: {
            "department": "Sales"}}}]),
            with(|u| {
                u["nickName"] = json!("A");
                u[ENTERPRISE]["department"] = json!("Sales");
            }),
        ),
        (
            &Dialect::ONELOGIN,
            json!([{"op": "replace", "path": "active", "value": false}]),
            with(|u| u["active"] = json!(false)),
        ),
        (
            &Dialect::ONELOGIN,
            json!([{"op": "replace", "value": {"title": null, "name": null, ENTERPRISE: null}}]),
            with(|u| {
                without(u, "name");
                without(u, ENTERPRISE);
            }),
        ),
        (
            &Dialect::JUMPCLOUD,
            json!([
            {"op": "replace", "path": "name.familyName", "value": "King"},
            {"op": "replace", "path": "phoneNumbers", "value": [{"type": "work", "value": "tel:+44-20"}]}]),
            with(|u| {
                u["name"]["familyName"] = json!("King");
                u["phoneNumbers"] = json!([{"type": "work", "value": "tel:+44-20"}]);
            }),
        ),
        (
            &Dialect::JUMPCLOUD,
            json!([{"op": "remove", "path": "emails", "value": [{"value": "ada@home.example"}]}]),
            with(|u| {
                u["emails"].as_array_mut().expect("a list").remove(1);
            }),
        ),
        (&Dialect::JUMPCLOUD, json!([{"op": "remove", "path": "emails", "value": []}]), ada()),
    ];
    for (dialect, operations, after) in &cases {
        patched(dialect, &ada(), operations, after);
    }
}

#[test]
fn the_schema_list_of_a_body_changes_nothing() {
    let operations = json!([{"op": "add", "path": "schemas", "value": ["urn:example:any"]}]);
    patched(&Dialect::STRICT, &ada(), &operations, &ada());
    let operations = json!([{"op": "replace", "value": {"schemas": ["urn:example:any"], "title": "A"}}]);
    patched(&Dialect::TOLERANT, &ada(), &operations, &with(|u| u["title"] = json!("A")));
}
