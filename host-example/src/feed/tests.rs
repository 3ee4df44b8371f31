//! The feed against a server of a few lines that answers with real signed bytes.

use super::{Feed, FeedError, Payload, Token, TokenError, trusted_key};
use cohort_core::encode::{self, Validity};
use cohort_core::graph::Graph;
use cohort_core::id::{Instant, OrgId, Revision};
use cohort_core::view::envelope::{Envelope, signed_message};
use cohort_core::view::{Kind, WireFault};
use cohort_verify::{TrustedKey, VerifyError, key_id};
use ed25519_dalek::{Signer, SigningKey};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const ORG: OrgId = OrgId::from_u128(7);

fn key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn signed(payload: &[u8]) -> Vec<u8> {
    let key_id = key_id(key().verifying_key().as_bytes());
    let signature = key().sign(&signed_message(&key_id, payload)).to_bytes();
    Envelope { key_id, signature, payload }.to_bytes()
}

fn validity() -> Validity {
    Validity::from_now(Instant::from_millis(1_000), 900_000)
}

fn snapshot() -> Vec<u8> {
    encode::snapshot(ORG, Revision::new(3), validity(), Graph::new(ORG).facts())
}

fn heartbeat() -> Vec<u8> {
    encode::delta(ORG, Revision::new(3), Revision::new(3), validity(), &[])
}

/// Answers the requests of one connection with `answers`, in order, and gives the requests' heads.
async fn served(answers: &[(u16, Vec<u8>)], listener: TcpListener) -> Vec<String> {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut heads = Vec::new();
    for (status, body) in answers {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        heads.push(String::from_utf8(head).unwrap());
        let response = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(response.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
    }
    heads
}

async fn feed() -> (Feed, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    let trusted = TrustedKey::from_bytes(key().verifying_key().as_bytes()).unwrap();
    let feed = Feed::new(&server, "acme", "secret\n".parse().unwrap(), vec![trusted]).unwrap();
    (feed, listener)
}

async fn answered(status: u16, body: &[u8]) -> Result<Payload, FeedError> {
    let (feed, listener) = feed().await;
    let answers = [(status, body.to_vec())];
    tokio::join!(feed.snapshot(), served(&answers, listener)).0
}

#[tokio::test]
async fn snapshot_and_delta_arrive_over_one_connection() {
    let (feed, listener) = feed().await;
    let asking = async { (feed.snapshot().await.unwrap(), feed.delta(Revision::new(3)).await.unwrap()) };
    let answers = [(200, signed(&snapshot())), (200, signed(&heartbeat()))];
    let ((first, second), heads) = tokio::join!(asking, served(&answers, listener));

    assert_eq!(first.as_bytes(), snapshot());
    assert_eq!((first.header().kind, first.header().revision), (Kind::Snapshot, Revision::new(3)));
    assert!(!first.is_heartbeat() && second.is_heartbeat());
    assert!(heads[0].starts_with("GET /orgs/acme/edge/v1/snapshot HTTP/1.1\r\n"), "{}", heads[0]);
    assert!(heads[1].starts_with("GET /orgs/acme/edge/v1/delta?from=3&wait=20 HTTP/1.1\r\n"), "{}", heads[1]);
    assert!(heads.iter().all(|head| head.contains("authorization: Bearer secret\r\n")));
}

#[tokio::test]
async fn every_flipped_byte_is_refused() {
    let bytes = signed(&heartbeat());
    for at in (0..bytes.len()).step_by(7) {
        let mut flipped = bytes.clone();
        flipped[at] ^= 0x10;
        let error = answered(200, &flipped).await.unwrap_err();
        assert!(matches!(error, FeedError::Envelope(_)) && error.is_refusal(), "byte {at}: {error}");
    }
}

#[tokio::test]
async fn an_answer_names_what_is_wrong_with_it() {
    let error = answered(200, b"").await.unwrap_err();
    assert!(matches!(error, FeedError::Envelope(VerifyError::Envelope(_))), "{error}");
    let error = answered(200, &signed(b"COHO")).await.unwrap_err();
    assert!(matches!(error, FeedError::Payload(cause) if cause.fault == WireFault::Truncated), "{error}");
    assert!(error.is_refusal());
    let error = answered(410, b"").await.unwrap_err();
    assert!(matches!(error, FeedError::Gone), "{error}");
    let error = answered(302, b"").await.unwrap_err();
    assert!(matches!(error, FeedError::Status { status: 302 }), "{error}");
    let error = answered(401, b"").await.unwrap_err();
    let hint = "the server answered with status 401; expected 200\nhint: `cohort token --for edge` gives a fresh token";
    assert_eq!(error.to_string(), hint);
    assert!(!error.is_refusal());
}

#[tokio::test]
async fn a_server_that_is_gone_is_no_refusal() {
    let (feed, listener) = feed().await;
    drop(listener);
    let error = feed.snapshot().await.unwrap_err();
    assert!(matches!(error, FeedError::Unreachable(_)) && !error.is_refusal(), "{error}");
    assert!(error.to_string().starts_with("no answer from the server: Connection refused"), "{error}");
}

#[test]
fn what_cannot_be_an_address_is_refused() {
    let feed = |server: &str, org: &str| Feed::new(server, org, "t".parse().unwrap(), Vec::new());
    assert!(feed("http://127.0.0.1:1/", "acme").is_ok());
    for server in ["", "127.0.0.1:80", "https://x", "file:///x", "http://x/?y"] {
        assert!(matches!(feed(server, "acme"), Err(FeedError::Server { .. })), "{server}");
    }
    for org in ["", "a/b", "a?b", "..", "a b"] {
        assert!(matches!(feed("http://x", org), Err(FeedError::Org { .. })), "{org}");
    }
}

#[test]
fn a_token_is_one_word_and_never_shown() {
    assert_eq!(format!("{:?}", " secret\n".parse::<Token>().unwrap()), "Token(..)");
    assert_eq!("\n".parse::<Token>().unwrap_err(), TokenError::Empty);
    assert_eq!("a b".parse::<Token>().unwrap_err(), TokenError::Characters);
}

#[test]
fn a_key_is_64_digits() {
    let hex: String = key().verifying_key().as_bytes().iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(trusted_key(&hex).unwrap(), TrustedKey::from_bytes(key().verifying_key().as_bytes()).unwrap());
    for wrong in ["", &"0".repeat(63), &format!("{hex}0"), &hex.replace(|_| true, "g"), &"é".repeat(32)] {
        assert!(trusted_key(wrong).is_err(), "{wrong}");
    }
}
