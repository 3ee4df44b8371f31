//! Rules as JSON: what they say, what is said about bad ones, and how they are kept.

use cohort_core::attribute::Registry;
use cohort_core::rule::Rule;
use cohort_core::rule::form::RuleForm;
use cohort_tests::build::fold;

fn read(json: &str) -> Result<Rule, String> {
    let form: RuleForm = serde_json::from_str(json).map_err(|error| error.to_string())?;
    form.rule(&Registry::new(), fold).map_err(|error| error.to_string())
}

#[track_caller]
fn check(text: &str, json: &str) {
    let rule = Rule::parse(text, fold).unwrap();
    assert_eq!(serde_json::to_string(&RuleForm::from(&rule)).unwrap(), json);
    assert_eq!(read(json), Ok(rule));
}

#[test]
fn text_and_json_say_the_same_in_the_same_order() {
    let cases = [
        (
            r#"location = "Paris, France""#,
            r#"{"v":1,"all":[{"f":"location","op":"eq","v":"Paris, France"}]}"#,
        ),
        (
            "status = Active AND (job LIKE VP OR job LIKE (CEO, CFO)) OR NOT department = sales",
            r#"{"v":1,"any":[{"all":[{"f":"status","op":"eq","v":"Active"},{"any":[{"f":"job","op":"like","v":"VP"},{"f":"job","op":"like","v":["CEO","CFO"]}]}]},{"not":{"f":"department","op":"eq","v":"sales"}}]}"#,
        ),
        (
            "NOT (name != a OR name == B)",
            r#"{"v":1,"not":{"any":[{"f":"name","op":"ne","v":"a"},{"f":"name","op":"eqx","v":"B"}]}}"#,
        ),
        (
            "attr.a < 1 AND attr.a <= 2 AND attr.a > 2026-03-01 AND attr.a >= NOW-7d",
            r#"{"v":1,"all":[{"f":"attr.a","op":"lt","v":"1"},{"f":"attr.a","op":"le","v":"2"},{"f":"attr.a","op":"gt","v":"2026-03-01"},{"f":"attr.a","op":"ge","v":{"now":"-7d"}}]}"#,
        ),
        (
            "name NOT LIKE a AND name STARTS WITH b AND name NOT STARTS WITH c AND name ENDS WITH d AND name NOT ENDS WITH e",
            r#"{"v":1,"all":[{"f":"name","op":"nlike","v":"a"},{"f":"name","op":"sw","v":"b"},{"f":"name","op":"nsw","v":"c"},{"f":"name","op":"ew","v":"d"},{"f":"name","op":"new","v":"e"}]}"#,
        ),
        (
            "name IN (a, b) AND name NOT IN (c, d) AND name IS NULL AND name IS NOT NULL",
            r#"{"v":1,"all":[{"f":"name","op":"in","v":["a","b"]},{"f":"name","op":"nin","v":["c","d"]},{"f":"name","op":"null"},{"f":"name","op":"nnull"}]}"#,
        ),
        (
            "REPORTS TO ada AND REPORTS TO bob DEEP AND MEMBER OF (staff, \"x y\")",
            r#"{"v":1,"all":[{"op":"reports","v":"ada"},{"op":"reports_deep","v":"bob"},{"op":"memberof","v":["staff","x y"]}]}"#,
        ),
        (
            "ALL(attr.x) = a AND ANY(attr.x) != b",
            r#"{"v":1,"all":[{"f":"attr.x","op":"eq","q":"all","v":"a"},{"f":"attr.x","op":"ne","q":"any","v":"b"}]}"#,
        ),
    ];
    for (text, json) in cases {
        check(text, json);
    }
}

#[test]
fn numbers_and_booleans_are_taken_for_their_text() {
    let json = r#"{"v":1,"all":[{"f":"Job Title","op":"in","v":[7,-2.5,true]}]}"#;
    assert_eq!(read(json), Ok(Rule::parse("job IN (7, -2.5, true)", fold).unwrap()));
}

#[test]
fn mistakes_name_the_condition_or_the_key() {
    let cases = [
        (r#"{"any":[{"f":"job","op":"eq","v":"a"}]}"#, "no version; expected \"v\":1"),
        (r#"{"v":2,"any":[{"f":"job","op":"eq","v":"a"}]}"#, "no version; expected \"v\":1"),
        (r#"{"v":1,"f":"job","op":"eq"}"#, "no all, any or not beside the version"),
        (r#"{"v":1,"all":[]}"#, "all or any of nothing; expected at least one node"),
        (r#"{"v":1,"all":[{"op":"eq","v":"a"}]}"#, "missing field `f`"),
        (r#"{"v":1,"all":[{"f":"job","v":"a"}]}"#, "missing field `op`"),
        (r#"{"v":1,"all":[{"f":"job","op":"eq","v":"a","w":1}]}"#, "unknown field `w`"),
        (r#"{"v":1,"all":[{"f":"job","op":"is","v":"a"}]}"#, "unknown variant `is`"),
        (r#"{"v":1,"all":[{"f":"job","op":"eq","v":["a"]}]}"#, "`eq` takes one value at v"),
        (r#"{"v":1,"all":[{"f":"job","op":"in","v":"a"}]}"#, "`in` takes a list of values at v"),
        (r#"{"v":1,"all":[{"f":"job","op":"like","v":[]}]}"#, "`like` takes one or several values at v"),
        (r#"{"v":1,"all":[{"f":"job","op":"null","v":"a"}]}"#, "`null` with v; expected none"),
        (r#"{"v":1,"all":[{"f":"job","op":"eq","v":[["a"]]}]}"#, "invalid type: sequence"),
        (r#"{"v":1,"all":[{"f":"job","op":"eq","q":"some","v":"a"}]}"#, "unknown variant `some`"),
        (r#"{"v":1,"all":[{"f":"job","op":"eq","v":{"now":"7w"}}]}"#, "an object that is no instant"),
        (r#"{"v":1,"all":[{"op":"memberof","v":"a"}]}"#, "`memberof` takes a list of groups at v"),
        (r#"{"v":1,"all":[{"op":"reports","v":["a"]}]}"#, "`reports` takes one manager at v"),
        (r#"{"v":1,"all":[{"op":"reports","v":{"now":"-7d"}}]}"#, "`reports` takes names"),
        (r#"{"v":1,"all":[{"f":"job","op":"reports","v":"a"}]}"#, "`reports` with f or q; expected v alone"),
        (
            r#"{"v":1,"all":[{"f":"a","op":"eq","not":{"op":"memberof","v":["a"]}}]}"#,
            "a node with the keys of a condition",
        ),
        (
            r#"{"v":1,"all":[{"f":"job","op":"eq","v":"a"},{"f":"job IS NULL OR job","op":"eq","v":"a"}]}"#,
            "unknown field `job is null or job`; expected attr.NAME or one of name job department division organization costcenter employeenumber location country manager status gender in condition 2",
        ),
        (
            r#"{"v":1,"any":[{"f":"job","op":"nnull"},{"f":"status","op":"eq","v":"Activ"}]}"#,
            "the field never is `Activ`; expected one of active inactive in condition 2",
        ),
        (
            r#"{"v":1,"not":{"op":"memberof","v":["a"]}}"#,
            "MEMBER OF below NOT in condition 1\nhint: keep people out by excluding them from the group",
        ),
    ];
    for (json, expected) in cases {
        let error = read(json).unwrap_err();
        assert!(error.starts_with(expected), "{json}: {error}");
    }
}

#[test]
fn deep_json_is_refused_before_it_is_built() {
    let deep = format!("{{\"v\":1,\"not\":{}{}", "{\"not\":".repeat(100), "}".repeat(101));
    let error = read(&deep).unwrap_err();
    assert!(error.starts_with("more than 19 nodes inside each other"), "{error}");
    // The deepest text has the deepest form.
    let text = format!("{}name = a{}", "name = x OR name = y AND (".repeat(8), ")".repeat(8));
    let rule = Rule::parse(&text, fold).unwrap();
    assert_eq!(read(&serde_json::to_string(&RuleForm::from(&rule)).unwrap()), Ok(rule));
}

#[test]
fn a_kept_tree_beyond_the_bounds_is_refused() {
    let condition = serde_json::to_value(Rule::parse("name IS NULL", fold).unwrap()).unwrap();
    let member = serde_json::to_value(Rule::parse("MEMBER OF (a)", fold).unwrap()).unwrap();
    let deep = (0..9).fold(condition.clone(), |part, _| serde_json::json!({ "Not": part }));
    let many = serde_json::json!({ "All": vec![condition.clone(); 65] });
    let below_not = serde_json::json!({ "Not": member });
    for bad in
        [deep, many, below_not, serde_json::json!({ "All": [condition] }), serde_json::json!({ "Any": [] })]
    {
        assert!(serde_json::from_value::<Rule>(bad.clone()).is_err(), "{bad}");
    }
}
