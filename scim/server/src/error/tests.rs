use cohort_core::id::Revision;
use cohort_directory::FeedError;
use cohort_scim::ScimError;

use super::Refusal;

#[track_caller]
fn check(refusal: &Refusal, status: u16, code: &str, message: &str, hint: Option<&str>) {
    assert_eq!((refusal.status(), refusal.code()), (status, code));
    let (found, found_hint) = refusal.message_and_hint();
    assert_eq!((found.as_str(), found_hint.as_deref()), (message, hint));
}

#[test]
fn hints_stand_apart_from_messages() {
    let found = "text/plain".into();
    check(
        &Refusal::MediaType { found, expected: &["application/json"] },
        415,
        "unsupported_media_type",
        "content type `text/plain`; expected application/json",
        Some("send `Content-Type: application/json`"),
    );
}

#[test]
fn an_edge_that_cannot_go_on_is_told_to_start_again() {
    let refusal = Refusal::Feed(FeedError::TooOld { from: Revision::new(3) });
    let message = "revision 3 is too old for a delta";
    check(&refusal, 410, "revision_too_old", message, Some("fetch a snapshot"));
}

#[test]
fn scim_errors_keep_their_status() {
    let error = ScimError::NotFound { resource_type: "User", id: "7".into() };
    check(&Refusal::Scim(error), 404, "invalid_body", "no User with id `7`", None);
}
