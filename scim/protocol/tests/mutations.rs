//! Damaged input never panics and never stores what could not be sent: filters, paths and PATCH bodies, bent at
//! random.
//!
//! Each case starts from real input and is changed in a few places. A failing test prints the seed; the same seed
//! gives the same cases on every machine.

mod bending;

use bending::{FILTERS, Random};
use cohort_scim::bulk::{Bulk, Entry};
use cohort_scim::{Dialect, ResourceType, body, filter, patch, path, resource};
use serde_json::{Map, Value, json};

const SEED: u64 = 0x5eed_c0de_2026_0301;
const CASES: usize = 20_000;

const PATCHES: [&str; 4] = [
    r#"{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"emails[type eq \"work\"].value","value":"a"},{"op":"Remove","path":"members","value":[{"value":"1"}]}]}"#,
    r#"{"Operations":[{"op":"replace","value":{"active":"False","name.givenName":"A","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":"7"},"members":[{"value":"1","type":"User"}]}}]}"#,
    r#"{"Operations":[{"op":"add","path":"emails","value":[{"value":"a","primary":true},{"value":"b","type":"home"}]},{"op":"remove","path":"emails[value eq \"a\"]"}]}"#,
    r#"{"Operations":[{"op":"add","path":"displayName","value":"x"},{"op":"remove","path":"members[value eq \"1\" or value eq \"2\"]"},{"op":"replace","path":"name","value":{"familyName":null}}]}"#,
];

/// Runs `case` on inputs made from `samples`.
fn each_bent(samples: &[&str], mut case: impl FnMut(&str)) {
    println!("seed {SEED:#x}");
    let mut random = Random(SEED);
    for _ in 0..CASES {
        let sample = random.pick(samples);
        case(&random.bent(sample));
    }
}

fn ada() -> Map<String, Value> {
    let user = json!({
        "userName": "ada",
        "displayName": "Ada",
        "name": {"givenName": "Ada"},
        "emails": [{"value": "a", "type": "work"}, {"value": "b", "primary": true}],
    });
    user.as_object().cloned().unwrap_or_default()
}

#[test]
fn bent_filters_parse_or_fail() {
    let (user, mut parsed) = (ada(), 0);
    each_bent(&FILTERS, |text| {
        if let Ok(filter) = filter::parse(text) {
            parsed += 1;
            assert_eq!(filter::parse(&filter.to_string()).as_ref(), Ok(&filter), "{text}");
            for resource_type in ResourceType::ALL {
                filter::matches(&filter, &user, resource_type);
                filter::required(&filter, resource_type);
            }
        }
    });
    assert!(parsed > CASES / 50, "only {parsed} of {CASES} parsed: the cases miss the evaluator");
}

#[test]
fn bent_paths_parse_or_fail() {
    let paths =
        [r#"emails[type eq "work"].value"#, "name.familyName", r#"members[value eq "1"]"#, "urn:a:b:c.d"];
    let mut parsed = 0;
    each_bent(&paths, |text| parsed += usize::from(path::parse(text).is_ok()));
    assert!(parsed > CASES / 50, "only {parsed} of {CASES} parsed");
}

#[test]
fn bent_patches_keep_documents_storable() {
    let (user, mut applied) = (ada(), 0);
    each_bent(&PATCHES, |text| {
        let Ok(read) = body::read(text.as_bytes()) else { return };
        for dialect in Dialect::ALL {
            let _ = patch::group(&read, dialect);
            let Ok(patched) = patch::user(&read, dialect).and_then(|edits| edits.apply(&user)) else {
                continue;
            };
            applied += 1;
            assert_eq!(patched.changed, patched.document != user, "{text}");
            // What PATCH makes, the strictest reading of a PUT takes without a change.
            let strict = Dialect { loose_schemas: Dialect::TOLERANT.loose_schemas, ..Dialect::STRICT };
            let put = Value::Object(patched.document.clone());
            let again = resource::for_create(&put, ResourceType::User, &strict);
            let mut stored = again.unwrap_or_else(|error| panic!("{error}: {text}")).document;
            if !patched.document.contains_key("active") {
                stored.shift_remove("active");
            }
            assert_eq!(stored, patched.document, "{text}");
        }
    });
    assert!(applied > CASES / 50, "only {applied} of {CASES} applied: the cases miss the edits");
}

const BULKS: [&str; 2] = [
    r#"{"failOnErrors":1,"Operations":[{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"G","members":[{"value":"bulkId:u"},{"value":"bulkId:h"}]}},{"method":"POST","path":"/Groups","bulkId":"h","data":{"members":["bulkId:g"]}},{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"u","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"bulkId:u"}}}}]}"#,
    r#"{"Operations":[{"method":"PATCH","path":"/Groups/bulkId:g","version":"W/\"1\"","data":[{"op":"remove","path":"members[value eq \"bulkId:u\"]"}]},{"method":"DELETE","path":"/Users/bulkId:u"},{"method":"POST","path":"/Users","bulkId":"u","data":{}},{"method":"POST","path":"/Groups","bulkId":"g","data":{}}]}"#,
];

#[test]
fn bent_bulk_requests_have_an_order_or_fail() {
    let mut understood = 0;
    each_bent(&BULKS, |text| {
        let Ok(body) = body::read(text.as_bytes()) else { return };
        let Ok(mut bulk) = Bulk::read(body, &Dialect::TOLERANT) else { return };
        understood += 1;
        let units = bulk.units();
        let mut all = units.concat();
        all.sort_unstable();
        assert_eq!(all, (0..bulk.entries.len()).collect::<Vec<_>>(), "{text}");
        // Whom an operation needs comes before it, or in its unit.
        let place = |index: usize| units.iter().position(|unit| unit.contains(&index));
        for (index, entry) in bulk.entries.iter().enumerate() {
            let needed = entry.operation.iter().flat_map(|operation| &operation.refers_to);
            for bulk_id in needed {
                let named = |one: &Entry| one.makes() && one.head.bulk_id.as_ref() == Some(bulk_id);
                let maker = bulk.entries.iter().position(named);
                assert!(maker.is_some_and(|maker| place(maker) <= place(index)), "{text}: {bulk_id}");
            }
        }
        for operation in bulk.entries.iter_mut().filter_map(|entry| entry.operation.as_mut().ok()) {
            let ids = operation.refers_to.iter().map(|name| (name.clone(), "7".to_owned())).collect();
            operation.resolve(&ids);
        }
    });
    assert!(understood > CASES / 50, "only {understood} of {CASES} were understood");
}
