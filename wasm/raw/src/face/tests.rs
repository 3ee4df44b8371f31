//! The whole ABI, natively: what a host does, and what a careless one does.

use super::{Face, STATES_MAX};
use crate::ABI_VERSION;
use crate::answer::ANSWER_BYTES;
use cohort_core::change::Change;
use cohort_core::encode::{self, Validity};
use cohort_core::graph::Graph;
use cohort_core::id::{GrantId, Instant, OrgId, Revision, RoleId, ScopeId, UserId};
use cohort_core::model::{Grant, Role, User};
use cohort_core::view::{Fact, FactKey, Principal};

const ORG: OrgId = OrgId::from_u128(7);

fn validity() -> Validity {
    Validity::from_now(Instant::from_millis(1_000), 900_000)
}

/// Bytes of a snapshot at revision 3 in which `ada` may `doc:read`, and of a delta to 4 that takes her grant.
pub(super) fn feed() -> (Vec<u8>, Vec<u8>) {
    let mut graph = Graph::new(ORG);
    let ada = User::new(UserId::from_u128(1), "ada");
    let reader = Role::new(RoleId::from_u128(2), "reader", &["doc:read"]).unwrap();
    let grant = Grant::new(GrantId::from_u128(3), Principal::User(ada.id), reader.id);
    for change in [Change::SetUser(ada), Change::SetRole(reader), Change::SetGrant(grant.clone())] {
        graph.apply(&change).unwrap();
    }
    let snapshot = encode::snapshot(ORG, Revision::new(3), validity(), graph.facts());
    let facts = graph.apply(&Change::RemoveGrant(grant.id)).unwrap().facts;
    (snapshot, encode::delta(ORG, Revision::new(3), Revision::new(4), validity(), &facts))
}

pub(super) fn question(subject: &str, permission: &str) -> Vec<u8> {
    let mut bytes = [2_000u64.to_le_bytes(), [0; 8]].concat();
    for text in [subject, permission, "", ""] {
        bytes.extend((text.len() as u16).to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    bytes.extend([0, 0]);
    bytes
}

/// A host that copies bytes in and frees them after the call.
#[derive(Default)]
pub(super) struct Host {
    pub(super) face: Face,
}

impl Host {
    pub(super) fn passing<T>(&mut self, bytes: &[u8], call: impl FnOnce(&mut Face, usize, usize) -> T) -> T {
        let at = self.face.alloc(bytes.len());
        if !bytes.is_empty() {
            self.face.arena.room(at).unwrap()[..bytes.len()].copy_from_slice(bytes);
        }
        let returned = call(&mut self.face, at, bytes.len());
        assert_eq!(self.face.free(at, bytes.len()), 0);
        returned
    }

    pub(super) fn open(&mut self, bytes: &[u8]) -> i32 {
        self.passing(bytes, Face::open)
    }

    pub(super) fn apply(&mut self, handle: u32, bytes: &[u8]) -> i32 {
        self.passing(bytes, |face, at, len| face.apply(handle, at, len))
    }

    fn explain(&mut self, handle: u32, bytes: &[u8]) -> i32 {
        self.passing(bytes, |face, at, len| face.explain(handle, at, len))
    }

    pub(super) fn decide(&mut self, handle: u32, bytes: &[u8]) -> Result<Vec<u8>, i32> {
        let answer = self.face.alloc(ANSWER_BYTES);
        let status = self.passing(bytes, |face, at, len| face.decide(handle, at, len, answer));
        let record = self.face.arena.read(answer, ANSWER_BYTES).unwrap().to_vec();
        self.face.free(answer, ANSWER_BYTES);
        if status == 0 { Ok(record) } else { Err(status) }
    }
}

pub(super) fn opened() -> (Host, u32) {
    let mut host = Host::default();
    let handle = host.open(&feed().0);
    assert!(handle > 0, "{}", host.face.result());
    (host, handle as u32)
}

#[test]
fn a_delta_flips_the_answer() {
    let (mut host, handle) = opened();
    assert_eq!(ABI_VERSION, 1);
    assert_eq!(host.face.revision(handle), 3);
    assert_eq!(host.face.valid_until(handle), 901_000);
    assert_eq!(host.decide(handle, &question("ada", "doc:read")).unwrap()[..2], [1, 0]);
    assert_eq!(host.explain(handle, &question("ada", "doc:read")), 22);
    assert_eq!(host.face.result(), "allow: direct < reader");

    assert_eq!(host.apply(handle, &feed().1), 0);
    assert_eq!(host.face.revision(handle), 4);
    assert_eq!(host.decide(handle, &question("ada", "doc:read")).unwrap()[..2], [2, 8]);
    assert_eq!(host.face.close(handle), 0);
}

#[test]
fn a_refused_delta_leaves_the_state() {
    let (mut host, handle) = opened();
    let (snapshot, delta) = feed();
    let other = encode::delta(OrgId::from_u128(8), Revision::new(3), Revision::new(4), validity(), &[]);
    let ahead = encode::delta(ORG, Revision::new(4), Revision::new(5), validity(), &[]);
    let older = Validity::from_now(Instant::from_millis(999), 900_000);
    let older = encode::delta(ORG, Revision::new(3), Revision::new(4), older, &[]);
    let mut version = delta.clone();
    version[4] = 9;
    let cases: [(&[u8], i32, &str); 7] = [
        (&delta[..20], -16, "malformed delta: the bytes end inside a value, at byte 7"),
        (
            b"",
            -16,
            "malformed delta: not a snapshot or delta; expected the bytes to start with `COHO`, at byte 0",
        ),
        (&version, -17, "malformed delta: format version 9; expected 1, at byte 4"),
        (&snapshot, -18, "malformed delta: a snapshot where a delta is expected, or the reverse, at byte 6"),
        (&ahead, -21, "delta from revision 4; expected 3"),
        (&older, -22, "delta made before the state that it is applied to"),
        (
            &other,
            -20,
            "delta of organisation 00000000-0000-0000-0000-000000000008; expected 00000000-0000-0000-0000-000000000007",
        ),
    ];
    for (bytes, code, text) in cases {
        assert_eq!(host.apply(handle, bytes), code, "{text}");
        assert_eq!(host.face.result(), text);
        assert_eq!(host.face.revision(handle), 3);
        assert_eq!(host.decide(handle, &question("ada", "doc:read")).unwrap()[..2], [1, 0]);
    }
    assert_eq!(host.apply(handle, &delta), 0);
}

#[test]
fn a_contradictory_snapshot_is_refused() {
    let mut facts = Graph::new(ORG).facts().clone();
    let [one, other] = ["folder:1", "folder:2"].map(|text| ScopeId::parse(text).unwrap());
    facts.insert(FactKey::Scope(one.clone()), Fact::Scope { parents: vec![other.clone()] });
    facts.insert(FactKey::Scope(other), Fact::Scope { parents: vec![one] });
    let bytes = encode::snapshot(ORG, Revision::new(1), validity(), &facts);
    let mut host = Host::default();
    assert_eq!(host.open(&bytes), -19);
    assert_eq!(
        host.face.result(),
        "contradictory snapshot: scope `folder:1` lies above itself, or below more than 64 others, at byte 85"
    );
}

#[test]
fn a_closed_handle_is_noticed_by_every_call() {
    let (mut host, first) = opened();
    assert_eq!(host.face.close(first), 0);
    let second = host.open(&feed().0) as u32;
    assert_ne!(first, second);
    for handle in [first, 0, second + 1, u32::MAX] {
        let question = question("ada", "doc:read");
        assert_eq!(host.decide(handle, &question), Err(-2));
        assert_eq!(host.face.result(), format!("no state is open under handle {handle}"));
        assert_eq!(host.explain(handle, &question), -2);
        assert_eq!(host.apply(handle, &feed().1), -2);
        assert_eq!(host.face.close(handle), -2);
        assert_eq!((host.face.revision(handle), host.face.valid_until(handle)), (i64::MIN, i64::MIN));
    }
}

#[test]
fn a_wrong_address_is_noticed_by_every_call() {
    let (mut host, handle) = opened();
    let answer = host.face.alloc(ANSWER_BYTES - 1);
    let question = question("ada", "doc:read");
    for (at, len) in [(1, 8), (answer + 1, ANSWER_BYTES), (usize::MAX, 2), (answer, usize::MAX)] {
        assert_eq!(host.face.open(at, len), -1);
        assert_eq!(host.face.apply(handle, at, len), -1);
        assert_eq!(host.face.decide(handle, at, len, answer), -1);
        assert_eq!(host.face.explain(handle, at, len), -1);
        assert_eq!(host.face.free(at, len), -1);
    }
    let status = host.passing(&question, |face, at, len| face.decide(handle, at, len, answer));
    assert_eq!(status, -1, "the answer does not fit");
    assert!(host.face.arena.read(answer, ANSWER_BYTES - 1).unwrap().iter().all(|byte| *byte == 0));
}

#[test]
fn a_malformed_question_is_refused() {
    let (mut host, handle) = opened();
    assert_eq!(host.decide(handle, &question("ada", "doc:read")[..5]), Err(-4));
    assert_eq!(host.face.result(), "malformed question: the bytes end inside a value, at byte 0");
    assert_eq!(host.explain(handle, &[0xff; 64]), -4);
}

#[test]
fn more_states_than_the_limit_are_refused() {
    let mut host = Host::default();
    let bytes = encode::snapshot(ORG, Revision::new(1), validity(), Graph::new(ORG).facts());
    for _ in 0..STATES_MAX {
        assert!(host.open(&bytes) > 0);
    }
    assert_eq!(host.open(&bytes), -3);
    assert_eq!(host.face.close(1), 0);
    assert!(host.open(&bytes) > 0);
}
