//! Everything that comes from outside the program without being asked for: time, fresh ids, randomness.
//!
//! This is the only module that reads a clock or draws random numbers; all others are given an [`Ambient`], so
//! that a test decides what time it is.

use cohort_core::id::Instant;
use uuid::{NoContext, Timestamp, Uuid};

/// The source of time, ids and secrets.
pub trait Ambient: Send + Sync {
    /// The present moment.
    fn now(&self) -> Instant;

    /// The bits of an id that nothing has yet: a uuid of version 7 (RFC 9562 section 5.7).
    fn new_id(&self) -> u128;

    /// 32 bytes that nobody can guess; `None` when the system has no randomness to give.
    fn random_32(&self) -> Option<[u8; 32]>;
}

/// The clock and the random numbers of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct System;

impl Ambient for System {
    fn now(&self) -> Instant {
        Instant::from_millis(jiff::Timestamp::now().as_millisecond())
    }

    fn new_id(&self) -> u128 {
        let millis = u64::try_from(self.now().as_millis()).unwrap_or(0);
        let nanos = u32::try_from(millis % 1_000).unwrap_or(0) * 1_000_000;
        Uuid::new_v7(Timestamp::from_unix(NoContext, millis / 1_000, nanos)).as_u128()
    }

    fn random_32(&self) -> Option<[u8; 32]> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).ok().map(|()| bytes)
    }
}
