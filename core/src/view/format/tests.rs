//! Bytes that are nearly right: each is refused for the one thing that is wrong with it.

use alloc::vec;
use alloc::vec::Vec;

use super::{HEADER_BYTES, Header, Kind, Reader, UserNames, read_header, told, write};
use crate::id::{GroupId, Instant, OrgId, Revision, RoleId, Span, UserId};
use crate::view::{Fact, FactChange, FactKey, Member, Via, WireError, WireFault};

fn header() -> Header {
    let (created, valid_until, horizon) = (0, 10, 20);
    Header {
        kind: Kind::Delta,
        names: UserNames::Told,
        org: OrgId::from_u128(1),
        from: Revision::new(3),
        revision: Revision::new(4),
        created: Instant::from_millis(created),
        horizon: Instant::from_millis(horizon),
        valid_until: Instant::from_millis(valid_until),
    }
}

fn user(id: u128) -> FactChange {
    FactChange { key: FactKey::User(UserId::from_u128(id)), fact: None }
}

fn fact(key: FactKey, fact: Fact) -> Vec<u8> {
    write(&header(), &[FactChange { key, fact: Some(fact) }])
}

fn read(bytes: &[u8]) -> Result<(Header, Vec<FactChange>), WireError> {
    let mut from = Reader::new(bytes);
    Ok((read_header(&mut from)?, told::changes(from, UserNames::Told)?))
}

#[track_caller]
fn check(bytes: &[u8], fault: WireFault) {
    assert_eq!(read(bytes).map_err(|error| error.fault), Err(fault));
}

/// The header, and `rows` behind their count, in whatever order.
fn rows(rows: &[FactChange]) -> Vec<u8> {
    let mut bytes = write(&header(), &[])[..HEADER_BYTES].to_vec();
    bytes.push(u8::try_from(rows.len()).unwrap());
    for row in rows {
        bytes.extend_from_slice(&write(&header(), core::slice::from_ref(row))[HEADER_BYTES + 1..]);
    }
    bytes
}

#[test]
fn rows_are_in_strictly_ascending_order() {
    assert!(read(&rows(&[user(1), user(2)])).is_ok());
    check(&rows(&[user(2), user(1)]), WireFault::Order);
    check(&rows(&[user(1), user(1)]), WireFault::Order);
}

#[test]
fn permissions_are_in_strictly_ascending_order() {
    let role = |permissions: &[&str]| {
        let permissions = permissions.iter().map(|one| (*one).into()).collect();
        fact(
            FactKey::Role(RoleId::from_u128(1)),
            Fact::Role { name: "reader".into(), permissions, includes: vec![] },
        )
    };
    assert!(read(&role(&["a", "b"])).is_ok());
    check(&role(&["b", "a"]), WireFault::Order);
    check(&role(&["a", "a"]), WireFault::Order);
}

#[test]
fn spans_have_gaps_between_them() {
    let edge = |spans: &[(i64, i64)]| {
        let moment = |millis| Some(Instant::from_millis(millis));
        let spans = spans.iter().map(|(from, until)| Span::new(moment(*from), moment(*until)).unwrap());
        let key = FactKey::Edge(Member::User(UserId::from_u128(1)), GroupId::from_u128(1), Via::Rule);
        fact(key, Fact::Edge { spans: spans.collect() })
    };
    assert!(read(&edge(&[(0, 10), (11, 20)])).is_ok());
    check(&edge(&[(0, 10), (5, 20)]), WireFault::Order);
    check(&edge(&[(0, 10), (10, 20)]), WireFault::Order);
}

#[test]
fn moments_and_revisions_agree() {
    let check = |change: fn(&mut Header), taken: bool| {
        let mut header = header();
        change(&mut header);
        let validity = read(&write(&header, &[])).map(|_| ()).map_err(|error| error.fault);
        assert_eq!(validity, if taken { Ok(()) } else { Err(WireFault::Validity) }, "{header:?}");
    };
    check(|_| {}, true);
    check(|header| header.created = header.valid_until, false);
    check(|header| header.horizon = Instant::from_millis(9), false);
    check(|header| header.from = header.revision, true);
    check(|header| header.from = header.revision.next(), false);
    check(|header| header.kind = Kind::Snapshot, false);
}

#[test]
fn another_version_is_named() {
    let mut bytes = write(&header(), &[]);
    bytes[4] = 2;
    check(&bytes, WireFault::Version { found: 2 });
}

#[test]
fn numbers_have_one_spelling() {
    let mut bytes = write(&header(), &[]);
    bytes.splice(HEADER_BYTES.., [0x80, 0]);
    check(&bytes, WireFault::Number);
}

#[test]
fn bytes_after_the_last_row_are_refused() {
    let mut bytes = rows(&[user(1)]);
    bytes.push(0);
    check(&bytes, WireFault::TrailingBytes);
}

/// The count itself is refused, before anything is read or kept for what it promises.
#[test]
fn a_count_promises_no_more_than_there_is() {
    let mut bytes = write(&header(), &[]);
    bytes.splice(HEADER_BYTES.., vec![0xff, 0xff, 0xff, 0x7f, 4]);
    let refused = WireError { offset: HEADER_BYTES, fault: WireFault::Truncated };
    assert_eq!(read(&bytes), Err(refused));
}
