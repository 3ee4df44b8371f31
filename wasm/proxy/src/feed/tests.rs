use super::{Feed, HEARTBEAT_PACE_MILLIS, Refusal, Taken, Want};
use cohort_core::encode::{self, Validity};
use cohort_core::id::{Instant, OrgId, Revision};
use cohort_core::view::envelope::{Envelope, signed_message};
use cohort_core::view::{Snapshot, format};
use cohort_verify::{TrustedKey, VerifyError, key_id};
use ed25519_dalek::{Signer, SigningKey};

const SNAPSHOT: &[u8] = include_bytes!("../../../../tests/data/snapshots/small.snapshot");
const DELTA: &[u8] = include_bytes!("../../../../tests/data/snapshots/small.delta");
/// 2026-03-01T10:00:00Z, when both may be used.
const NOW: Instant = Instant::from_millis(1_772_359_200_000);
const GOOD: u8 = 1;

fn sealed_by(secret: u8, payload: &[u8]) -> Vec<u8> {
    let key = SigningKey::from_bytes(&[secret; 32]);
    let key_id = key_id(&key.verifying_key().to_bytes());
    let signature = key.sign(&signed_message(&key_id, payload)).to_bytes();
    Envelope { key_id, signature, payload }.to_bytes()
}

fn sealed(payload: &[u8]) -> Vec<u8> {
    sealed_by(GOOD, payload)
}

fn feed() -> Feed {
    let key = SigningKey::from_bytes(&[GOOD; 32]).verifying_key().to_bytes();
    Feed::new(vec![TrustedKey::from_bytes(&key).unwrap()])
}

fn opened() -> Feed {
    let mut feed = feed();
    let taken = feed.take(Want::Snapshot, Some(200), &sealed(SNAPSHOT), NOW, 0);
    assert_eq!(taken, Taken::Opened(Revision::new(7)));
    feed
}

fn revision(feed: &Feed) -> Option<u64> {
    feed.state().map(|state| state.header().revision.number())
}

/// A delta without facts, or a snapshot of nothing but the organisation, made at `created`.
fn heartbeat(from: u64, created: Instant) -> Vec<u8> {
    let (org, revision) = (format::header(SNAPSHOT).unwrap().org, Revision::new(from));
    encode::delta(org, revision, revision, Validity::from_now(created, 900_000), &[])
}

#[track_caller]
fn refused(feed: &mut Feed, want: Want, status: Option<u32>, body: &[u8]) -> Refusal {
    let before = revision(feed);
    let taken = feed.take(want, status, body, NOW, 0);
    assert_eq!(revision(feed), before, "the state of before answers");
    assert_eq!(feed.due(NOW), None, "nothing is asked again at once");
    match taken {
        Taken::Refused(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_snapshot_first_and_deltas_from_it() {
    let fresh = feed();
    assert_eq!((fresh.due(NOW), revision(&fresh)), (Some(Want::Snapshot), None));
    let mut feed = opened();
    let from = Want::Delta(Revision::new(7));
    assert_eq!(feed.due(NOW), Some(from));
    assert_eq!(feed.take(from, Some(200), &sealed(DELTA), NOW, 0), Taken::Moved(Revision::new(8)));
    assert_eq!(feed.due(NOW), Some(Want::Delta(Revision::new(8))));
}

#[test]
fn a_heartbeat_keeps_the_state_and_its_pace() {
    let mut feed = opened();
    let later = NOW.plus_millis(60_000);
    let taken = feed.take(Want::Delta(Revision::new(7)), Some(200), &sealed(&heartbeat(7, later)), later, 0);
    assert_eq!((taken, revision(&feed)), (Taken::Fresh, Some(7)));
    assert_eq!(feed.state().map(|state| state.header().valid_until), Some(later.plus_millis(900_000)));
    assert_eq!(feed.due(later), None);
    assert_eq!(feed.due(later.plus_millis(HEARTBEAT_PACE_MILLIS)), Some(Want::Delta(Revision::new(7))));
}

#[test]
fn what_nobody_trusted_signed_is_refused() {
    let mut feed = opened();
    let delta = Want::Delta(Revision::new(7));
    let mut tampered = sealed(DELTA);
    *tampered.last_mut().unwrap() ^= 1;
    assert_eq!(refused(&mut feed, delta, Some(200), &tampered), Refusal::Envelope(VerifyError::Signature));
    let other = refused(&mut feed, delta, Some(200), &sealed_by(2, DELTA));
    assert!(matches!(other, Refusal::Envelope(VerifyError::UnknownKey(_))), "{other:?}");
    for bytes in [&b""[..], DELTA, b"<html>"] {
        let found = refused(&mut feed, delta, Some(200), bytes);
        assert!(matches!(found, Refusal::Envelope(VerifyError::Envelope(_))), "{found:?}");
    }
    // What was refused may come from a broken state of this side: all is fetched again.
    assert_eq!(feed.due(NOW.plus_millis(60_000)), Some(Want::Snapshot));
}

#[test]
fn signed_bytes_that_do_not_fit_are_refused() {
    let mut feed = opened();
    let delta = Want::Delta(Revision::new(7));
    assert!(matches!(refused(&mut feed, delta, Some(200), &sealed(b"noise")), Refusal::Apply(_)));
    assert!(matches!(refused(&mut feed, delta, Some(200), &sealed(SNAPSHOT)), Refusal::Apply(_)));
    assert!(matches!(refused(&mut feed, delta, Some(200), &sealed(&heartbeat(6, NOW))), Refusal::Apply(_)));
    assert!(matches!(refused(&mut feed, Want::Snapshot, Some(200), &sealed(DELTA)), Refusal::Open(_)));
    assert!(matches!(refused(&mut feed, Want::Snapshot, Some(200), &sealed(b"noise")), Refusal::Header(_)));
}

/// A snapshot that is right in itself, but of yesterday or of somebody else.
#[test]
fn snapshots_do_not_lead_back_or_elsewhere() {
    let mut feed = opened();
    let (org, created) = (format::header(SNAPSHOT).unwrap().org, format::header(SNAPSHOT).unwrap().created);
    let state = Snapshot::open(SNAPSHOT).unwrap();
    let snapshot = |org, created| {
        let validity = Validity::from_now(created, 900_000);
        encode::snapshot(org, Revision::new(9), validity, &state.facts())
    };
    let older = sealed(&snapshot(org, created.plus_millis(-1)));
    assert_eq!(refused(&mut feed, Want::Snapshot, Some(200), &older), Refusal::Older);
    let elsewhere = sealed(&snapshot(OrgId::from_u128(1), NOW));
    assert_eq!(refused(&mut feed, Want::Snapshot, Some(200), &elsewhere), Refusal::OtherOrg);
    let taken = feed.take(Want::Snapshot, Some(200), &sealed(&snapshot(org, NOW)), NOW, 0);
    assert_eq!(taken, Taken::Opened(Revision::new(9)));
}

#[test]
fn no_answer_is_tried_again_and_a_gone_delta_is_not() {
    let mut feed = opened();
    let delta = Want::Delta(Revision::new(7));
    let later = NOW.plus_millis(60_000);
    assert_eq!(refused(&mut feed, delta, None, b""), Refusal::Unreachable);
    assert_eq!(refused(&mut feed, delta, Some(503), b""), Refusal::Status(503));
    assert_eq!(feed.due(later), Some(delta));
    assert_eq!(refused(&mut feed, delta, Some(410), b""), Refusal::Status(410));
    assert_eq!(feed.due(later), Some(Want::Snapshot));
    // Before the first snapshot there is nothing else to want.
    let mut feed = self::feed();
    refused(&mut feed, Want::Snapshot, Some(401), b"");
    assert_eq!(feed.due(later), Some(Want::Snapshot));
}

#[test]
fn pauses_double_up_to_a_bound_and_differ() {
    let pause = |failures: usize, seed| {
        let mut feed = feed();
        for _ in 0..failures {
            feed.take(Want::Snapshot, None, b"", NOW, seed);
        }
        (0..=15_000).find(|millis| feed.due(NOW.plus_millis(*millis)).is_some()).unwrap()
    };
    for (failures, longest) in [(1, 250), (2, 500), (3, 1_000), (9, 15_000), (90, 15_000)] {
        for seed in [0, 1, 1_772_359_200_000, u64::MAX] {
            let found = pause(failures, seed);
            assert!((longest / 2..=longest).contains(&found), "{failures} {seed}: {found}");
        }
    }
    assert_ne!(pause(5, 1), pause(5, 2));
}
