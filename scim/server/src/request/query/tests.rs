use super::Query;

#[track_caller]
fn check(text: &str, expected: &[(&str, &str)]) {
    assert_eq!(Query::parse(text).pairs().collect::<Vec<_>>(), expected, "query `{text}`");
}

#[test]
fn plus_and_percent_are_decoded_once() {
    check("filter=userName+eq+%22ada%2Bx%40acme.com%22", &[("filter", "userName eq \"ada+x@acme.com\"")]);
    check("filter=%2522", &[("filter", "%22")]);
}

#[test]
fn empty_pairs_are_passed_over() {
    check("", &[]);
    check("&", &[]);
    check("startIndex=1&count=2&", &[("startIndex", "1"), ("count", "2")]);
}

#[test]
fn a_value_may_hold_equal_signs_or_be_absent() {
    check("a=b=c&flag", &[("a", "b=c"), ("flag", "")]);
}

#[test]
fn broken_escapes_stand_for_themselves() {
    check("a=100%&b=%zz&c=%4", &[("a", "100%"), ("b", "%zz"), ("c", "%4")]);
    check("a=%ff", &[("a", "\u{fffd}")]);
}

#[test]
fn the_first_of_two_parameters_counts() {
    assert_eq!(Query::parse("count=1&count=2").value("count"), Some("1"));
}

#[test]
fn numbers_and_flags_are_read_or_refused() {
    let query = Query::parse("from=12&wait=-1&dryRun=TRUE&deep=1");
    assert_eq!(query.number("from").ok(), Some(Some(12)));
    assert_eq!(query.number("absent").ok(), Some(None));
    assert!(query.number("wait").is_err());
    assert_eq!(query.flag("dryRun").ok(), Some(true));
    assert_eq!(query.flag("absent").ok(), Some(false));
    assert!(query.flag("deep").is_err());
}
