//! The module's own reader takes what this host writes.

use super::encode;
use crate::module::ModuleError;
use cohort_core::decide::Query;
use cohort_core::id::{Instant, Revision};
use cohort_raw::question;

#[track_caller]
fn check(query: &Query<'_>) {
    let mut bytes = b"left over".to_vec();
    encode(query, &mut bytes).unwrap();
    let mut conditions = Vec::new();
    let read = question::query(&bytes, &mut conditions).unwrap();
    assert_eq!(format!("{read:?}"), format!("{query:?}"));
}

#[test]
fn what_is_written_is_read() {
    let query = Query::new("ada", "doc:read", Instant::from_millis(-1));
    check(&query);
    check(&query.on("projet:é"));
    let at_least = Revision::new(u64::MAX);
    check(&Query { parent: Some("project:7"), conditions: &["mfa", "vpn"], at_least, ..query });
}

#[test]
fn a_text_beyond_the_abi_is_refused() {
    let long = "x".repeat(1 << 16);
    let query = Query::new(&long, "doc:read", Instant::from_millis(0));
    assert!(matches!(encode(&query, &mut Vec::new()), Err(ModuleError::TooLong { bytes: 65_536 })));
}
