use std::collections::BTreeSet;

use axum::http::Request;

use super::{GET, table, tidied};

#[test]
fn no_route_stands_twice() {
    let rows: BTreeSet<_> = table().iter().map(|row| (row.path, format!("{:?}", row.method))).collect();
    assert_eq!(rows.len(), table().len());
}

#[test]
fn every_route_but_the_probe_names_its_organisation() {
    let others: Vec<_> =
        table().iter().map(|row| row.path).filter(|path| !path.starts_with("/orgs/{org}/")).collect();
    assert_eq!(others, ["/healthz"]);
}

#[test]
fn whatever_can_be_made_can_be_listed() {
    let rows = table();
    let collections = rows.iter().filter(|row| row.method == super::POST && row.path.ends_with('s'));
    for made in collections.filter(|row| !row.path.ends_with("/roles") || !row.path.contains("/groups/")) {
        assert!(
            rows.iter().any(|row| row.method == GET && row.path == made.path),
            "{} is not listed",
            made.path
        );
    }
}

#[track_caller]
fn check_tidied(sent: &str, read: &str) {
    let request = Request::builder().uri(sent).body(()).expect("a request");
    assert_eq!(tidied(request).uri().to_string(), read, "{sent}");
}

#[test]
fn superfluous_slashes_do_not_count() {
    check_tidied("/orgs/acme/scim/v2//Users?count=1", "/orgs/acme/scim/v2/Users?count=1");
    check_tidied("/orgs/acme/scim/v2/Users/", "/orgs/acme/scim/v2/Users");
    check_tidied("/orgs/acme/scim/v2/Users/a%2Fb/?x=//", "/orgs/acme/scim/v2/Users/a%2Fb?x=//");
    check_tidied("//", "/");
    check_tidied("/healthz", "/healthz");
}
