//! Who was let in lately, so that a request need not look its token up again.
//!
//! What is remembered is good only as long as no token or connection was changed. Whoever changes one, the serving process
//! or another one beside it, makes a file of the folder longer after the commit and before anybody hears of it; each
//! request looks at the length. So a token that was taken back is refused from the moment at which that was answered.

use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use cohort_core::id::Instant;

use crate::ambient::Stopwatch;
use crate::caller::Caller;
use crate::limits::DOORS_KEPT_MAX;

/// How long a caller is remembered: all the harm that is left when a process is killed between a commit and its sign.
const KEPT: Duration = Duration::from_secs(1);

/// The callers that were let in lately, and the file that says whether that still means anything.
pub(crate) struct Doors {
    file: PathBuf,
    known: Mutex<HashMap<[u8; 32], Known>>,
    /// Whether changes could not be told, so that nothing is remembered any more.
    mute: AtomicBool,
}

/// What the file looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sign {
    bytes: u64,
    changed: Option<SystemTime>,
}

/// A caller as it was found.
struct Known {
    /// How the caller named the organisation.
    org: String,
    caller: Caller,
    ends_at: Option<Instant>,
    sign: Sign,
    since: Stopwatch,
}

impl Doors {
    /// Nobody is known yet; `file` need not be there.
    pub(crate) fn new(file: PathBuf) -> Self {
        Self { file, known: Mutex::new(HashMap::new()), mute: AtomicBool::new(false) }
    }

    /// What the file looks like now: to be asked for before a token is looked up. None if nothing can be remembered.
    pub(crate) fn sign(&self) -> Option<Sign> {
        if self.mute.load(Ordering::Acquire) {
            return None;
        }
        match fs::metadata(&self.file) {
            Ok(file) => Some(Sign { bytes: file.len(), changed: file.modified().ok() }),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Some(Sign { bytes: 0, changed: None }),
            Err(_) => None,
        }
    }

    /// Who showed the token of this hash to the organisation of this name, if that is remembered and still so.
    pub(crate) fn known(&self, hash: &[u8; 32], org: &str, sign: Sign, now: Instant) -> Option<Caller> {
        let known = self.lock();
        let known = known.get(hash)?;
        let holds = known.sign == sign
            && known.org == org
            && known.ends_at.is_none_or(|end| now < end)
            && !known.since.left_of(KEPT).is_zero();
        holds.then(|| known.caller.anew())
    }

    /// Remembers a caller who was found after the file looked like `sign`.
    pub(crate) fn remember(&self, org: &str, caller: &Caller, ends_at: Option<Instant>, sign: Sign) {
        let Some(hash) = caller.token else { return };
        let (org, caller, since) = (org.to_owned(), caller.anew(), Stopwatch::start());
        let mut known = self.lock();
        if known.len() >= DOORS_KEPT_MAX {
            known.clear();
        }
        known.insert(hash, Known { org, caller, ends_at, sign, since });
    }

    /// Says to this process and to others that what a token opens was changed.
    pub(crate) fn changed(&self) {
        let file = OpenOptions::new().create(true).append(true).open(&self.file);
        if let Err(cause) = file.and_then(|mut file| file.write_all(b".")) {
            self.mute.store(true, Ordering::Release);
            tracing::error!(%cause, "a change of tokens cannot be told; nothing about them is remembered from now on");
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
