use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::bearer;

#[track_caller]
fn check(header: &str, token: Option<&str>) {
    let headers = HeaderMap::from_iter([(AUTHORIZATION, header.parse().expect("a header"))]);
    assert_eq!(bearer(&headers), token, "header `{header}`");
}

#[test]
fn a_bearer_token_is_found_whatever_the_case_of_its_scheme() {
    check("Bearer abc", Some("abc"));
    check("bearer  abc ", Some("abc"));
}

#[test]
fn other_schemes_and_empty_tokens_are_none() {
    check("Basic YTpi", None);
    check("Bearer ", None);
    check("Bearer", None);
    assert_eq!(bearer(&HeaderMap::new()), None);
}
