//! The world language and its instants.

use super::{check, refuses};
use crate::{World, instant, instant_text};

#[test]
fn names_in_quotes_come_back_in_quotes() {
    check(
        r#"user "ada l" title="a # b" # a comment
        group "all staff" has "ada l" # another
        role "the \"reader\"" grants doc:read
        grant "the \"reader\"" to "all staff" on "doc:a, b" # more
        grant "the \"reader\"" to group:"all staff" on project:1
        ask "ada l" doc:read on "doc:a, b" = allow: manual "all staff" < "the \"reader\""
        ask "ada l" doc:read on project:2 = deny: no path near other scope "doc:a, b" # why
        revoke "the \"reader\"" from group:"all staff" on "doc:a, b"
        ask "ada l" doc:read on project:2 = deny: no path near other scope project:1"#,
    );
}

#[test]
fn wrong_literal_is_told_with_its_line() {
    let world = World::read("user ada\n\nrole r grants p:q\nask ada p:q = allow").unwrap();
    let answer = world.answers().first().unwrap();
    assert_eq!((answer.line, answer.holds), (4, false));
    assert_eq!(answer.found, "deny: no path");
}

#[test]
fn detail_binds_when_it_is_written() {
    let world = "user ada\ngroup g has ada disabled\nrole r grants p:q\ngrant r to g\n";
    for (expected, holds) in [
        ("deny", true),
        ("deny: no path", true),
        ("deny: no path near disabled g", true),
        ("deny: no path near archived g", false),
        ("deny: unknown user", false),
        ("allow", false),
    ] {
        let world = World::read(&format!("{world}ask ada p:q = {expected}")).unwrap();
        assert_eq!(world.answers()[0].holds, holds, "{expected}");
    }
}

#[test]
fn errors_name_the_line_and_what_belongs_there() {
    refuses(
        "user ada\nfly ada",
        "line 2: found `fly`; expected a statement such as `user`, `group`, `grant` or `ask`",
    );
    refuses("user", "line 1: found the end of the line; expected a user");
    refuses(
        "user ada\nuser ada",
        "line 2: found user `ada` again; expected one declaration\nhint: change a user by `set ada ...`",
    );
    refuses("group g has ghost", "line 1: found `ghost`; expected a group declared on an earlier line");
    refuses("user \"ada", "line 1: found an open quote; expected `\"` before the end of the line");
    refuses(
        "user ada from okta\ngroup g from entra\nmember ada of g",
        "line 3: found `ada` in `g`; expected only users of the group's own connection",
    );
    refuses(
        "group g from okta when a = 1",
        "line 1: found a right of local groups on `g`; expected a group that no connection pushed",
    );
    refuses(
        "user a\ngroup g\nmember a of g from 2026-03-02 until 2026-03-02",
        "line 3: found an end that is not after the start; expected from < until",
    );
    refuses(
        "scope a:1 under b:1\nscope b:1 under a:1",
        "line 2: found scope `b:1` above itself; expected no circle",
    );
    refuses(
        "scope a:* under org",
        "line 1: found `a:*`; expected a scope of one resource such as `project:42`",
    );
    refuses("role a grants x\nrole a includes a", "line 2: found role `a` above itself; expected no circle");
    refuses(
        "role a grants x\ndeny a to everyone requires mfa",
        "line 2: found `requires`; expected `on`, `exact`, `requires` (of an allow), `from` or `until`",
    );
    refuses(
        "user a\nrole r grants p\nask a p = maybe",
        "line 3: found `maybe`; expected `allow`, `deny` or `indeterminate`",
    );
    refuses(
        "role r grants p*",
        "line 1: found `p*`; expected a permission such as `quote:create`, `invoice.*` or `*`",
    );
    refuses(
        "at noon",
        "line 1: found `noon`; expected a time such as `2026-03-01` or `2026-03-01T09:00:00Z`",
    );
    refuses(
        "scope realms under org",
        "line 1: found `realms`; expected a scope such as `org`, `project:42` or `invoice:*`",
    );
    refuses(
        "scope project:1 under realm",
        "line 1: found `realm`; expected a scope of one resource such as `project:42`",
    );
    refuses(
        "role r grants p\ngrant r to everyone on realm",
        "line 2: found a grant on the realm; expected `person:NAME` for that",
    );
    refuses(
        "role r grants p\ngrant r to person:ada-p",
        "line 2: found `ada-p`; expected a person declared on an earlier line",
    );
}

#[test]
fn refused_line_leaves_the_world_as_it_was() {
    let mut world = World::read("user ada\nuser bob from okta\ngroup g from okta\nrole r grants p").unwrap();
    assert!(world.feed("member bob, ada of g").is_err());
    assert!(world.edges.is_empty());
    world.feed("member bob of g").unwrap();
    world.feed("grant r to g").unwrap();
    world.feed("ask bob p = allow").unwrap();
    assert_eq!(world.answers()[0].line, 8);
    assert!(world.answers()[0].holds);
}

#[test]
fn instants_are_read_and_written() {
    let cases = [
        ("1970-01-01", 0),
        ("1969-12-31T23:59:59.999Z", -1),
        ("2000-02-29T12:00:00Z", 951_825_600_000),
        ("2026-03-01T09:00:00.250Z", 1_772_355_600_250),
        ("0001-01-01", -62_135_596_800_000),
        ("9999-12-31T23:59:59Z", 253_402_300_799_000),
    ];
    for (text, millis) in cases {
        assert_eq!(instant(text), Some(millis), "{text}");
        assert_eq!(instant(&instant_text(millis)), Some(millis), "{text}");
    }
    assert_eq!(instant("2026-03-01T10:30:00+01:30"), instant("2026-03-01T09:00:00Z"));
    assert_eq!(instant_text(1_772_355_600_250), "2026-03-01T09:00:00.250Z");
    for wrong in [
        "2026-02-29",
        "2026-13-01",
        "26-01-01",
        "2026-01-01T24:00:00Z",
        "2026-01-01T09:00Z",
        "2026-01-01T09:00:00",
        "",
        "é026-01-01",
    ] {
        assert_eq!(instant(wrong), None, "{wrong}");
    }
}

#[test]
fn grants_require_sixty_four_conditions_together() {
    let names =
        |from: usize, to: usize| (from..to).map(|name| format!("c{name}")).collect::<Vec<_>>().join(", ");
    let world = format!("role r grants p:q\ngrant r to everyone requires {}\n", names(0, 64));
    assert!(World::read(&format!("{world}grant r to everyone requires {}", names(10, 64))).is_ok());
    refuses(
        &format!("{world}grant r to everyone requires {}", names(63, 65)),
        "line 3: found more names of conditions in all grants; expected at most 64",
    );
    assert!(World::read(&format!("{world}revoke r from everyone\ngrant r to everyone requires c64")).is_ok());
}
