//! Names and moments: what is taken, what is refused.

use super::{IdError, Instant, ScopeId, Span, UserId};
use alloc::string::ToString;

#[test]
fn uuids_are_read_and_written_alike() {
    let text = "0190a5c2-7b1e-7000-8000-0000000000ff";
    let id: UserId = text.parse().unwrap();
    assert_eq!(id.to_string(), text);
    assert_eq!("0190A5C2-7B1E-7000-8000-0000000000FF".parse(), Ok(id));
    for wrong in
        ["", "0190a5c2", "0190a5c2-7b1e-7000-8000-0000000000fg", "0190a5c27b1e-7000-8000-0000000000ff-"]
    {
        assert_eq!(wrong.parse::<UserId>(), Err(IdError::NotUuid), "{wrong}");
    }
}

/// Every byte at every place: hexadecimal digits, and nothing else, not even what is near them.
#[test]
fn only_hexadecimal_digits_are_read() {
    let text = *b"0190a5c2-7b1e-7000-8000-0000000000ff";
    for at in 0..text.len() {
        for byte in 0..128u8 {
            let mut changed = text;
            changed[at] = byte;
            let read = core::str::from_utf8(&changed).unwrap().parse::<UserId>();
            let is_taken = if text[at] == b'-' { byte == b'-' } else { byte.is_ascii_hexdigit() };
            assert_eq!(read.is_ok(), is_taken, "{byte:#x} at {at}");
            let lower = changed.to_ascii_lowercase();
            assert!(read.is_err() || read.unwrap().to_string().as_bytes() == lower, "{byte:#x} at {at}");
        }
    }
    assert_eq!("0190a5c2-7b1e-7000-8000-0000000000\u{e9}".parse::<UserId>(), Err(IdError::NotUuid));
}

#[test]
fn scopes_keep_their_type_and_id() {
    for (given, kept) in [
        ("org", "org"),
        ("realm", "realm"),
        ("project:42", "project:42"),
        ("app/group:x", "group:x"),
        ("compute/instance:a:b", "compute/instance:a:b"),
    ] {
        assert_eq!(ScopeId::parse(given).unwrap().as_str(), kept);
    }
    assert_eq!(ScopeId::parse("invoice:7").unwrap().type_wide().unwrap().as_str(), "invoice:*");
    assert_eq!([ScopeId::org(), ScopeId::realm()].map(|scope| scope.type_wide()), [None, None]);
    assert_eq!(ScopeId::parse("42"), Err(IdError::NoScopeType));
    assert_eq!(ScopeId::parse("Project:42"), Err(IdError::Character { found: 'P' }));
    assert_eq!(ScopeId::parse("project:"), Err(IdError::Empty));
    assert_eq!(ScopeId::parse("a/b/c:1"), Err(IdError::Character { found: '/' }));
}

/// A directory is one organisation of one realm: an id after these could only name another.
#[test]
fn organisation_and_realm_take_no_id() {
    for (text, kind) in [("org:acme", "org"), ("org:*", "org"), ("org:", "org"), ("realm:x", "realm")] {
        assert_eq!(ScopeId::parse(text), Err(IdError::ScopeWithoutId { kind }), "{text}");
    }
    let error = ScopeId::parse("org:acme").unwrap_err().to_string();
    assert!(error.ends_with("\nhint: write `org`; who is asked knows which one"), "{error}");
    for text in ["organisation:1", "app/org:1", "orgs:1", "project:org"] {
        assert_eq!(ScopeId::parse(text).unwrap().as_str(), text);
    }
}

#[test]
fn a_span_holds_its_start_and_not_its_end() {
    let at = Instant::from_millis;
    let span = Span::new(Some(at(10)), Some(at(20))).unwrap();
    assert!(
        !span.contains(at(9)) && span.contains(at(10)) && span.contains(at(19)) && !span.contains(at(20))
    );
    assert_eq!(span.next_bound(at(5)), at(10));
    assert_eq!(span.next_bound(at(10)), at(20));
    assert_eq!(span.next_bound(at(20)), Instant::MAX);
    assert_eq!(Span::new(Some(at(20)), Some(at(20))), Err(IdError::EmptySpan));
}
