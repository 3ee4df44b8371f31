//! What is a question, byte by byte, and what is not.

use super::{CONDITIONS_MAX, QuestionError, QuestionFault};
use cohort_core::decide::Query;
use cohort_core::id::{Instant, Revision};

fn text(to: &mut Vec<u8>, text: &[u8]) {
    to.extend((text.len() as u16).to_le_bytes());
    to.extend(text);
}

/// The layout of `docs/raw-abi.md`, written down once more.
fn bytes(texts: [&[u8]; 4], conditions: &[&[u8]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.extend((-2i64).to_le_bytes());
    bytes.extend(7u64.to_le_bytes());
    for one in texts {
        text(&mut bytes, one);
    }
    bytes.extend((conditions.len() as u16).to_le_bytes());
    for one in conditions {
        text(&mut bytes, one);
    }
    bytes
}

fn fault(bytes: &[u8]) -> Option<QuestionError> {
    super::query(bytes, &mut Vec::new()).err()
}

#[track_caller]
fn refused(bytes: &[u8], offset: usize, fault: QuestionFault) {
    assert_eq!(self::fault(bytes), Some(QuestionError { offset, fault }));
}

#[test]
fn all_parts_arrive() {
    let bytes = bytes([b"ada", b"doc:read", b"doc:1", "projet:é".as_bytes()], &[b"mfa", b"vpn"]);
    let mut conditions = Vec::new();
    let query = super::query(&bytes, &mut conditions).unwrap();
    assert_eq!((query.subject, query.permission), ("ada", "doc:read"));
    assert_eq!((query.scope, query.parent), (Some("doc:1"), Some("projet:é")));
    assert_eq!((query.at, query.at_least), (Instant::from_millis(-2), Revision::new(7)));
    assert_eq!(query.conditions, ["mfa", "vpn"]);
}

#[test]
fn empty_scope_and_parent_are_none() {
    let bytes = bytes([b"ada", b"doc:read", b"", b""], &[]);
    let mut conditions = Vec::new();
    let query = super::query(&bytes, &mut conditions).unwrap();
    assert_eq!((query.scope, query.parent), (None, None));
    assert!(query.conditions.is_empty());
}

#[test]
fn every_cut_is_refused() {
    let bytes = bytes([b"ada", b"doc:read", b"doc:1", b"p:1"], &[b"mfa"]);
    for end in 0..bytes.len() {
        let refused = fault(&bytes[..end]).map(|error| error.fault);
        assert_eq!(refused, Some(QuestionFault::Truncated), "first {end} bytes");
    }
}

#[test]
fn hostile_bytes_are_refused_where_they_are_wrong() {
    let mut longer = bytes([b"ada", b"doc:read", b"", b""], &[]);
    longer.push(0);
    refused(&longer, longer.len() - 1, QuestionFault::TrailingBytes);

    refused(&bytes([b"a\xff", b"p", b"", b""], &[]), 18, QuestionFault::Utf8);
    refused(&bytes([b"a", b"p", b"", b""], &[b"\xc3"]), 30, QuestionFault::Utf8);

    let many = vec![&b""[..]; CONDITIONS_MAX + 1];
    let found = many.len();
    refused(&bytes([b"a", b"p", b"", b""], &many), 26, QuestionFault::TooManyConditions { found });
    assert_eq!(fault(&bytes([b"a", b"p", b"", b""], &many[1..])), None);

    let mut promising = bytes([b"a", b"p", b"", b""], &[]);
    promising[16..18].copy_from_slice(&[0xff, 0xff]);
    refused(&promising, 18, QuestionFault::Truncated);
}

#[test]
fn the_example_of_the_document_is_a_question() {
    let document = include_str!("../../../../docs/raw-abi.md");
    let (_, rest) = document.split_once("at moment 2000 (47 bytes):\n\n```\n").unwrap();
    let (hex, _) = rest.split_once("```").unwrap();
    let bytes: Vec<u8> = hex.split_whitespace().map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect();
    let mut conditions = Vec::new();
    let query = super::query(&bytes, &mut conditions).unwrap();
    let asked = Query::new("ada", "doc:read", Instant::from_millis(2_000));
    let asked = Query { conditions: &["mfa"], ..asked.on("doc:1") };
    assert_eq!(bytes.len(), 47);
    assert_eq!(format!("{query:?}"), format!("{asked:?}"));
}
