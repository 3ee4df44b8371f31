//! The same answers as by name, and no handle taken for another's.

use super::super::tests::{Host, feed, opened, question};
use super::{Face, Handles};
use crate::answer::ANSWER_BYTES;

const AT: i64 = 2_000;

impl Host {
    fn user(&mut self, state: u32, name: &str) -> i32 {
        self.passing(name.as_bytes(), |face, at, len| face.user(state, at, len))
    }

    fn permission(&mut self, state: u32, name: &str) -> i32 {
        self.passing(name.as_bytes(), |face, at, len| face.permission(state, at, len))
    }

    fn place(&mut self, state: u32, scope: &str, parent: &str) -> i32 {
        let bytes = [scope, parent].concat();
        self.passing(bytes.as_bytes(), |face, at, _| {
            face.place(state, (at, scope.len()), (at + scope.len(), parent.len()))
        })
    }

    fn conditions(&mut self, state: u32, bytes: &[u8]) -> i32 {
        self.passing(bytes, |face, at, len| face.conditions(state, at, len))
    }

    fn asked(&mut self, state: u32) -> Handles {
        let (user, permission) = (self.user(state, "ada"), self.permission(state, "doc:read"));
        Handles { user: user as u32, permission: permission as u32, place: 0, conditions: 0, at: AT }
    }
}

#[test]
fn a_check_by_handle_gives_the_answer_by_name() {
    let (mut host, state) = opened();
    let asked = host.asked(state);
    let place = host.place(state, "doc:1", "project:1") as u32;
    let conditions = host.conditions(state, b"\x01\0\x03\0mfa") as u32;
    let answer = host.face.alloc(ANSWER_BYTES);
    for asked in [asked, Handles { place, conditions, ..asked }, Handles { at: 1_000_000, ..asked }] {
        let outcome = host.face.check(state, &asked, answer);
        assert_eq!(host.face.check(state, &asked, 0), outcome);
        let record = host.face.arena.read(answer, ANSWER_BYTES).unwrap().to_vec();
        assert_eq!(i32::from(record[0]), outcome);
        let mut by_name = question("ada", "doc:read");
        by_name[..8].copy_from_slice(&asked.at.to_le_bytes());
        assert_eq!(host.decide(state, &by_name), Ok(record));
    }
    assert_eq!(host.face.check(state, &asked, 0), 1);
}

#[test]
fn handles_stay_good_while_deltas_are_applied() {
    let (mut host, state) = opened();
    let asked = host.asked(state);
    assert_eq!(host.apply(state, &feed().1), 0);
    assert_eq!(host.face.check(state, &asked, 0), 2);
}

#[test]
fn a_selection_lasts_as_long_as_its_revision() {
    let (mut host, state) = opened();
    let asked = host.asked(state);
    let selected = host.face.select(state, asked.user, 0, AT) as u32;
    assert_eq!(host.face.can(selected, asked.permission), 1);
    assert_eq!(host.face.selection_valid_until(selected), 901_000);
    let stale = host.face.select(state, asked.user, 0, 1_000_000) as u32;
    assert_eq!(host.face.can(stale, asked.permission), 0);
    assert_eq!((host.face.unselect(stale), host.face.unselect(stale)), (0, -6));

    assert_eq!(host.apply(state, &feed().1), 0);
    assert_eq!(host.face.can(selected, asked.permission), -6);
    assert_eq!(host.face.selection_valid_until(selected), i64::MIN);
    let selected = host.face.select(state, asked.user, 0, AT) as u32;
    assert_eq!(host.face.can(selected, asked.permission), 0);
}

#[test]
fn a_handle_of_another_state_is_refused() {
    let (mut host, first) = opened();
    let of_first = host.asked(first);
    let place = host.place(first, "doc:1", "") as u32;
    let conditions = host.conditions(first, b"\0\0") as u32;
    let selected = host.face.select(first, of_first.user, 0, AT) as u32;
    // The same bytes, opened once more.
    let second = host.open(&feed().0) as u32;
    let of_second = host.asked(second);
    assert_eq!(host.face.check(second, &of_second, 0), 1);
    for mixed in [
        Handles { user: of_first.user, ..of_second },
        Handles { permission: of_first.permission, ..of_second },
        Handles { place, ..of_second },
        Handles { conditions, ..of_second },
        Handles { user: 0, ..of_second },
        Handles { permission: u32::MAX, ..of_second },
    ] {
        assert_eq!(host.face.check(second, &mixed, 0), -6, "{mixed:?}");
    }
    assert_eq!(host.face.select(second, of_first.user, 0, AT), -6);
    assert_eq!(host.face.select(second, of_second.user, conditions, AT), -6);
    assert_eq!(host.face.can(selected, of_second.permission), -6);
    assert_eq!(
        host.face.result(),
        format!("handle {} is not of this state; expected one looked up in it", of_second.permission)
    );
    assert_eq!(host.face.close(first), 0);
    assert_eq!(host.face.can(selected, of_first.permission), -6);
    assert_eq!(host.face.check(first, &of_first, 0), -2);
    assert_eq!(host.face.check(second, &of_first, 0), -6);
    assert_eq!(host.face.check(second, &of_second, 0), 1);
}

#[test]
fn no_state_takes_the_handles_of_a_closed_one() {
    let (mut host, first) = opened();
    let of_first = host.asked(first);
    host.conditions(first, b"\0\0");
    let second = host.open(&feed().0) as u32;
    let of_second = host.asked(second);
    let conditions = host.conditions(second, b"\0\0") as u32;
    assert_eq!(host.face.close(second), 0);
    for state in [0, first, second] {
        assert_eq!(host.face.select(state, of_second.user, conditions, AT), -6, "{state}");
    }
    assert_eq!(host.face.check(first, &of_second, 0), -6);
    assert_eq!(host.face.check(first, &of_first, 0), 1);
}

#[test]
fn what_is_not_there_has_no_handle() {
    let (mut host, state) = opened();
    assert_eq!((host.user(state, "nobody"), host.permission(state, "doc:fly")), (0, 0));
    assert_eq!(host.place(state, "Doc", ""), -8);
    assert_eq!(host.place(state, "doc:1", "Doc"), -8);
    assert_eq!(host.conditions(state, b"\x01\0"), -4);
    assert_eq!(host.conditions(state, b"\0\0\0"), -4);
    let not_text = |face: &mut Face, at, len| face.user(state, at, len);
    assert_eq!(host.passing(b"\xff", not_text), -4);
    assert_eq!(host.face.user(state, 1, 8), -1);
    for call in [Face::user, Face::permission, Face::conditions] {
        assert_eq!(host.passing(b"\0\0", |face, at, len| call(face, state + 1, at, len)), -2);
    }
    assert_eq!(host.place(state + 1, "doc:1", ""), -2);
}

#[test]
fn an_answer_that_does_not_fit_is_not_written() {
    let (mut host, state) = opened();
    let asked = host.asked(state);
    let short = host.face.alloc(ANSWER_BYTES - 1);
    assert_eq!(host.face.check(state, &asked, short), -1);
    assert!(host.face.arena.read(short, ANSWER_BYTES - 1).unwrap().iter().all(|byte| *byte == 0));
}
