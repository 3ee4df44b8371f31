use cohort_core::id::Instant;

use super::Trails;
use crate::limits::{TRAIL_MILLIS_MAX, TRAILS_MAX};
use crate::store::listing::{Mark, RowKey};

const NOW: Instant = Instant::from_millis(0);

fn mark(key: i64) -> Mark {
    Mark::Made(RowKey(key))
}

#[test]
fn the_last_end_of_a_page_counts() {
    let trails = Trails::default();
    trails.remember("users".to_owned(), 101, mark(1), NOW);
    trails.remember("users".to_owned(), 101, mark(2), NOW);
    assert_eq!(trails.end_before("users", 101, NOW), Some(mark(2)));
    assert_eq!(trails.end_before("users", 102, NOW), None);
    assert_eq!(trails.end_before("groups", 101, NOW), None);
}

/// What a page of another walk left behind is not where this walk goes on.
#[test]
fn another_page_of_the_list_takes_the_place() {
    let trails = Trails::default();
    trails.remember("users".to_owned(), 71, mark(1), NOW);
    trails.remember("users".to_owned(), 101, mark(2), NOW);
    assert_eq!(trails.end_before("users", 71, NOW), None);
    trails.forget("users");
    assert_eq!(trails.end_before("users", 101, NOW), None);
}

#[test]
fn ends_are_forgotten_after_a_while() {
    let trails = Trails::default();
    trails.remember("users".to_owned(), 101, mark(1), NOW);
    assert_eq!(trails.end_before("users", 101, NOW.plus_millis(TRAIL_MILLIS_MAX)), Some(mark(1)));
    assert_eq!(trails.end_before("users", 101, NOW.plus_millis(TRAIL_MILLIS_MAX + 1)), None);
}

#[test]
fn the_oldest_end_makes_room() {
    let trails = Trails::default();
    for number in 0..=TRAILS_MAX as i64 {
        trails.remember(number.to_string(), 1, mark(number), NOW.plus_millis(number));
    }
    assert_eq!(trails.end_before("0", 1, NOW), None);
    assert_eq!(trails.end_before("1", 1, NOW), Some(mark(1)));
    assert_eq!(trails.lock().len(), TRAILS_MAX);
}
