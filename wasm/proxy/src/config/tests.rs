use super::{Config, SubjectSource};
use serde_json::{Value, json};

const KEY: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

fn whole() -> Value {
    json!({
        "server": {"cluster": "cohort", "authority": "cohort.internal", "org": "acme", "token": "s3cret"},
        "keys": [KEY],
        "subject": {"claim": ["envoy.filters.http.jwt_authn", "payload", "sub"]},
        "routes": [
            {"methods": ["GET"], "path": "/health", "public": true},
            {"path": "/projects/{id}", "permission": "project:read", "scope": "project:{id}", "conditions": ["mfa"]},
        ],
    })
}

/// The whole configuration with one thing otherwise.
fn with(pointer: &str, value: Value) -> Result<Config, String> {
    let mut config = whole();
    let (above, name) = pointer.rsplit_once('/').unwrap();
    let above = config.pointer_mut(above).unwrap();
    match above {
        Value::Object(object) => drop(object.insert(name.to_owned(), value)),
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
        _ => panic!("{pointer}"),
    }
    Config::parse(config.to_string().as_bytes()).map_err(|cause| cause.to_string())
}

#[track_caller]
fn refuses(pointer: &str, value: Value, expected: &str) {
    let said = with(pointer, value).unwrap_err();
    assert!(said.contains(expected), "{pointer}: {said}");
    assert!(!said.contains("s3cret"), "{said}");
}

#[test]
fn a_whole_configuration_is_read() {
    let config = with("/keys", json!([KEY, KEY.to_uppercase()])).unwrap();
    assert_eq!((config.keys.len(), config.routes.len()), (2, 2));
    assert!(!config.lets_unknown_through && config.tells_reason && !config.tells_revision);
    assert!(with("/unknownRoute", json!("allow")).unwrap().lets_unknown_through);
    assert!(!with("/reasonHeader", json!(false)).unwrap().tells_reason);
    assert!(with("/revisionHeader", json!(true)).unwrap().tells_revision);
    let header = with("/subject", json!({"header": "x-user"})).unwrap();
    assert_eq!(header.subject, SubjectSource::Header("x-user".to_owned()));
}

#[test]
fn what_is_missing_or_too_much_is_named() {
    assert!(Config::parse(b"").unwrap_err().to_string().contains("EOF"));
    assert!(Config::parse(b"{}").unwrap_err().to_string().contains("missing field `server`"));
    refuses("/other", json!(1), "unknown field `other`");
    refuses("/server/port", json!(1), "unknown field `port`");
    refuses("/routes/1/scopes", json!("org"), "unknown field `scopes`");
    refuses("/unknownRoute", json!("pass"), "unknown variant `pass`");
    refuses("/server/token", Value::Null, "expected a string");
}

/// A value in the wrong place may be a secret.
#[test]
fn no_message_repeats_a_value() {
    refuses("/keys", json!("s3cret"), "expected a sequence at line 1");
    refuses("/server", json!("s3cret"), "expected struct ServerForm at line 1");
    assert!(!format!("{:?}", with("/keys", json!([KEY])).unwrap()).contains("s3cret"));
}

#[test]
fn values_that_cannot_be_are_refused() {
    refuses("/server/cluster", json!(""), "`server.cluster`");
    refuses("/server/authority", json!("a b"), "`server.authority`");
    refuses("/server/authority", json!("a\r\nx: y"), "`server.authority`");
    refuses("/server/org", json!("acme/../beta"), "`server.org`");
    refuses("/server/token", json!("a b"), "`server.token`");
    refuses("/server/token", json!(""), "`server.token`");
    refuses("/keys", json!([]), "1 to 16 public keys");
    refuses("/keys/0", json!("00"), "`keys[0]`");
    refuses("/keys/0", json!(format!("{KEY}0")), "`keys[0]`");
    refuses("/keys/0", json!("zz".repeat(32)), "`keys[0]`");
    refuses("/keys/0", json!(format!("02{}", "00".repeat(31))), "`keys[0]`");
}

#[test]
fn there_is_one_source_of_subjects() {
    refuses("/subject", json!({}), "either `claim` or `header`");
    refuses("/subject", json!({"claim": ["a", "b"], "header": "x-user"}), "either `claim` or `header`");
    refuses("/subject/claim", json!(["sub"]), "`subject.claim`");
    refuses("/subject/claim", json!(["a", ""]), "`subject.claim`");
    refuses("/subject", json!({"header": "X-User"}), "`subject.header`");
    refuses("/subject", json!({"header": ":path"}), "`subject.header`");
}

#[test]
fn routes_are_whole() {
    refuses(
        "/routes/0/path",
        json!("health"),
        "`routes[0].path` of the configuration: a path template must begin",
    );
    refuses("/routes/0/methods", json!(["get"]), "`routes[0].methods`");
    refuses("/routes/0/methods", json!([]), "`routes[0].methods`");
    refuses("/routes/0/public", json!(false), "`routes[0].permission`");
    refuses("/routes/0/scope", json!("org"), "`routes[0].public`");
    refuses("/routes/1/public", json!(true), "either `permission` or `public`");
    refuses("/routes/1/permission", json!("a b"), "`routes[1].permission`");
    refuses("/routes/1/scope", json!("project:{name}"), "no name `name`");
    refuses("/routes/1/scope", json!("Project:{id}"), "`routes[1].scope`");
    refuses("/routes/1/parent", json!("nonsense"), "`routes[1].parent`");
    refuses("/routes/1/conditions", json!(vec!["mfa"; 65]), "at most 64 conditions");
}
