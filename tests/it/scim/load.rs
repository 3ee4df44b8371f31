//! Eight providers at once, and many additions to one group with a power cut in the middle: briefly in each run;
//! `cohort-load` does both at length.

use cohort_tests::load::{Burst, Plan, burst, run};
use cohort_tests::program::Programs;
use cohort_tests::random::seed_or;

/// Requests of each run.
const REQUESTS: usize = 5_000;

/// What the server may need more at the end than in the middle: caches that are still being filled, and no more.
const GROWTH_BYTES_MAX: u64 = 48 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn eight_providers_at_once_leave_what_they_told() {
    let seed = seed_or(7);
    println!("COHORT_SEED={seed}");
    let report = run(Programs::built(), Plan { requests: REQUESTS, seed }).await.unwrap();
    println!("{report}");
    assert!(report.requests() >= REQUESTS - 16, "{report}");
    assert!(report.statuses.keys().all(|status| *status < 500), "{report}");
    assert!(report.compared.0 > 100 && report.compared.1 > 100, "{report}");
    if let Some((half, end)) = report.resident {
        assert!(end < half + GROWTH_BYTES_MAX, "{report}");
    }
}

/// Rows follow the change and not the group.
#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_members_survive_a_power_cut() {
    let report = burst(Programs::built(), Burst { members: 2_000, cut_after: 200 }).await.unwrap();
    println!("{report}");
    assert!(report.acknowledged >= 200 && report.rows_max <= 10, "{report}");
}
