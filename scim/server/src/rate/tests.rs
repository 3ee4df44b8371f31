use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use super::{Rates, TooFast};

const PER_SECOND: NonZeroU32 = NonZeroU32::new(10).expect("not zero");

#[test]
fn a_burst_of_a_window_passes_and_no_more() {
    let (rates, now) = (Rates::new(PER_SECOND), Instant::now());
    for number in 0..100 {
        assert_eq!(rates.admit("okta", now), Ok(()), "request {number}");
    }
    assert_eq!(rates.admit("okta", now), Err(TooFast { retry_seconds: 1 }));
    assert_eq!(rates.admit("entra", now), Ok(()));
}

#[test]
fn time_makes_room_again_at_the_rate() {
    let (rates, begin) = (Rates::new(PER_SECOND), Instant::now());
    while rates.admit("okta", begin).is_ok() {}
    let later = begin + Duration::from_secs(3);
    let let_in = (0..100).filter(|_| rates.admit("okta", later).is_ok()).count();
    assert_eq!(let_in, 30);
    let much_later = begin + Duration::from_secs(3_600);
    let let_in = (0..1_000).filter(|_| rates.admit("okta", much_later).is_ok()).count();
    assert_eq!(let_in, 100);
}

#[test]
fn who_comes_back_when_told_is_let_in() {
    let (rates, begin) = (Rates::new(NonZeroU32::MIN), Instant::now());
    while rates.admit("okta", begin).is_ok() {}
    let TooFast { retry_seconds } = rates.admit("okta", begin).expect_err("too fast");
    assert_eq!(rates.admit("okta", begin + Duration::from_secs(retry_seconds)), Ok(()));
}
