//! What the gateway counts: requests by verdict, updates, and the revision that answers.

use proxy_wasm::hostcalls;
use proxy_wasm::types::MetricType;

use crate::feed::Taken;
use crate::verdict::{Kind, Verdict};

/// The numbers of the metrics; none where the gateway has none.
pub(super) struct Metrics {
    allowed: Option<u32>,
    denied: Option<u32>,
    unauthenticated: Option<u32>,
    unavailable: Option<u32>,
    updates: Option<u32>,
    refused_updates: Option<u32>,
    failed_updates: Option<u32>,
    revision: Option<u32>,
}

impl Metrics {
    pub(super) fn defined() -> Self {
        let counter = |name: &str| hostcalls::define_metric(MetricType::Counter, name).ok();
        Self {
            allowed: counter("cohort_allowed"),
            denied: counter("cohort_denied"),
            unauthenticated: counter("cohort_unauthenticated"),
            unavailable: counter("cohort_unavailable"),
            updates: counter("cohort_updates"),
            refused_updates: counter("cohort_refused_updates"),
            failed_updates: counter("cohort_failed_updates"),
            revision: hostcalls::define_metric(MetricType::Gauge, "cohort_revision").ok(),
        }
    }

    pub(super) fn judge(&self, verdict: &Verdict) {
        count(match verdict {
            Verdict::Pass => self.allowed,
            Verdict::Refuse { kind: Kind::Unauthenticated, .. } => self.unauthenticated,
            Verdict::Refuse { kind: Kind::Denied, .. } => self.denied,
            Verdict::Refuse { kind: Kind::Unavailable, .. } => self.unavailable,
        });
    }

    pub(super) fn take(&self, taken: &Taken) {
        match taken {
            Taken::Opened(revision) | Taken::Moved(revision) => {
                count(self.updates);
                if let Some(gauge) = self.revision {
                    // A gateway that keeps no metrics is no reason to stop.
                    let _ = hostcalls::record_metric(gauge, revision.number());
                }
            }
            Taken::Fresh => {}
            Taken::Refused(refusal) if refusal.is_of_bytes() => count(self.refused_updates),
            Taken::Refused(_) => count(self.failed_updates),
        }
    }
}

fn count(counter: Option<u32>) {
    if let Some(counter) = counter {
        let _ = hostcalls::increment_metric(counter, 1);
    }
}
