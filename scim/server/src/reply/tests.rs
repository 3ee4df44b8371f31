use axum::http::header::{CONTENT_TYPE, IF_NONE_MATCH, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;

use super::{Face, is_known, refusal_of, shaped};
use crate::error::Refusal;

#[track_caller]
fn check_known(header: &str, tag: &str, known: bool) {
    let headers = HeaderMap::from_iter([(IF_NONE_MATCH, header.parse().expect("a header"))]);
    assert_eq!(is_known(&headers, tag), known, "`{header}` against `{tag}`");
}

#[test]
fn tags_are_compared_weakly_in_lists() {
    check_known("W/\"r7\"", "W/\"r7\"", true);
    check_known("\"r7\"", "W/\"r7\"", true);
    check_known("W/\"r6\", W/\"r7\"", "W/\"r7\"", true);
    check_known("*", "W/\"r7\"", true);
    check_known("W/\"r71\"", "W/\"r7\"", false);
    assert!(!is_known(&HeaderMap::new(), "W/\"r7\""));
}

#[test]
fn the_path_says_which_face_answers() {
    assert_eq!(Face::of("/orgs/acme/scim/v2/Nothing"), Face::Scim);
    assert_eq!(Face::of("/orgs/scim/api/v1/groups"), Face::Api);
    assert_eq!(Face::of("/"), Face::Api);
}

#[tokio::test]
async fn a_refusal_is_told_in_the_words_of_its_face() {
    let refused = Refusal::Unauthenticated.into_response();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let refusal = refusal_of(&refused).expect("the refusal");
    for (face, media_type, part) in [
        (Face::Scim, "application/scim+json", "urn:ietf:params:scim:api:messages:2.0:Error"),
        (Face::Api, "application/json", "\"code\":\"unauthenticated\""),
    ] {
        let response = shaped(&refusal, face, HeaderMap::new());
        assert_eq!(response.headers()[CONTENT_TYPE], media_type);
        assert!(response.headers().contains_key(WWW_AUTHENTICATE));
        let bytes = axum::body::to_bytes(response.into_body(), 4096).await.expect("a body");
        assert!(String::from_utf8_lossy(&bytes).contains(part));
    }
}
