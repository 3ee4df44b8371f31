use super::public_url;

#[test]
fn public_urls_lose_their_last_slash() {
    assert_eq!(public_url("https://id.example.com/"), Some("https://id.example.com"));
    assert_eq!(public_url("http://localhost:8080/cohort"), Some("http://localhost:8080/cohort"));
}

#[test]
fn what_cannot_start_a_link_is_no_public_url() {
    for text in
        ["id.example.com", "ftp://id.example.com", "https://", "https:///x", "https://a b", "https://a?b=c"]
    {
        assert_eq!(public_url(text), None, "{text}");
    }
}
