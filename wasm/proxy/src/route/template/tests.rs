use super::{Template, TemplateError, Text};
use crate::path::Path;

fn template(text: &str) -> Template {
    Template::parse(text).unwrap_or_else(|cause| panic!("{text}: {cause}"))
}

fn path(text: &str) -> Path {
    Path::parse(text.as_bytes()).unwrap_or_else(|cause| panic!("{text}: {cause}"))
}

#[track_caller]
fn fits(text: &str, target: &str, expected: Option<&[(&str, &str)]>) {
    assert_eq!(template(text).matched(&path(target)).as_deref(), expected, "{text} {target}");
}

#[test]
fn segments_stand_for_themselves_or_are_named() {
    fits("/", "/", Some(&[]));
    fits("/a", "/a", Some(&[]));
    fits("/a", "/b", None);
    fits("/a", "/a/b", None);
    fits("/a/b", "/a", None);
    fits("/projects/{id}", "/projects/42", Some(&[("id", "42")]));
    fits("/projects/{id}", "/projects/a%20b", Some(&[("id", "a b")]));
    fits("/projects/{id}", "/projects/", None);
    fits("/{a}/x/{b}", "/1/x/2", Some(&[("a", "1"), ("b", "2")]));
    fits("/{a}/x/{b}", "/1/y/2", None);
}

#[test]
fn case_and_the_last_slash_matter() {
    fits("/Admin", "/Admin", Some(&[]));
    fits("/Admin", "/admin", None);
    fits("/admin", "/admin/", None);
    fits("/admin/", "/admin/", Some(&[]));
    fits("/admin/", "/admin", None);
}

#[test]
fn the_rest_is_one_segment_or_more() {
    fits("/**", "/a/b", Some(&[]));
    fits("/**", "/", None);
    fits("/files/{name}/**", "/files/x/y/z", Some(&[("name", "x")]));
    fits("/files/**", "/files", None);
    fits("/files/**", "/files/", None);
    fits("/files/**", "/files/a/", Some(&[]));
}

#[test]
fn what_almost_fits_is_noticed() {
    let almost = |text: &str, target: &str| template(text).almost_matches(&path(target));
    assert!(almost("/admin", "/ADMIN") && almost("/admin", "/admin/") && almost("/admin/", "/Admin"));
    assert!(
        almost("/p/{id}/x", "/P/7/X/") && almost("/files/**", "/FILES/a/b") && almost("/files/**", "/files")
    );
    assert!(!almost("/admin", "/other") && !almost("/admin", "/admin/x") && !almost("/a/b", "/a"));
}

#[test]
fn templates_that_nothing_can_fit_are_refused() {
    for text in [
        "/a//b",
        "//",
        "/a/../b",
        "/.",
        "/a b",
        "/a;b",
        "/a%20b",
        "/a?b",
        "/{}",
        "/{a b}",
        "/x{a}",
        "/{a}x",
        "/a*",
        "/caf\u{e9}",
    ] {
        assert!(
            matches!(Template::parse(text), Err(TemplateError::Segment(_))),
            "{text}: {:?}",
            Template::parse(text)
        );
    }
    assert_eq!(Template::parse("a"), Err(TemplateError::NotAbsolute));
    assert_eq!(Template::parse("/**/a"), Err(TemplateError::RestInside));
    assert_eq!(Template::parse("/{a}/{a}"), Err(TemplateError::Twice("{a}".to_owned())));
}

#[test]
fn scopes_are_filled_from_the_path() {
    let path = template("/{owner}/{name}");
    let filled =
        |text: &str| Text::parse(text, &path).map(|text| text.filled(&[("owner", "acme"), ("name", "site")]));
    assert_eq!(filled("org").as_deref(), Ok("org"));
    assert_eq!(filled("repo:{name}").as_deref(), Ok("repo:site"));
    assert_eq!(filled("repo:{owner}/{name}").as_deref(), Ok("repo:acme/site"));
    assert_eq!(filled("repo:x-{name}-y").as_deref(), Ok("repo:x-site-y"));
}

/// `doc:{a}-{b}` would be one scope for `/1-2/3` and `/1/2-3`.
#[test]
fn scopes_that_requests_could_bend_are_refused() {
    let path = template("/{a}/{b}");
    let refused = |text: &str| Text::parse(text, &path).err();
    assert_eq!(refused("doc:{a}-{b}"), Some(TemplateError::NamesTouch));
    assert_eq!(refused("doc:{a}{b}"), Some(TemplateError::NamesTouch));
    assert_eq!(refused("{a}:1"), Some(TemplateError::NameInType));
    assert_eq!(refused("{a}"), Some(TemplateError::NameInType));
    assert_eq!(refused("doc:{c}"), Some(TemplateError::UnknownName("c".to_owned())));
    for text in ["doc:{a", "doc:a}", "doc:{{a}}", "doc:}{a}"] {
        assert!(matches!(refused(text), Some(TemplateError::Brace)), "{text}: {:?}", refused(text));
    }
}
