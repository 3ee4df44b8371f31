//! Numbers are good for one state, and never come back.

use super::{ENTRIES_MAX, Table};

#[test]
fn a_number_is_good_for_its_state() {
    let mut table = Table::new(2);
    assert_eq!(table.keep(7, &[10, 11]), Some(1));
    assert_eq!(table.keep(8, &[8, 8]), Some(2));
    assert_eq!((table.of(7, 1), table.of(8, 2)), (Some(&[10, 11]), Some(&[8, 8])));
    for (state, number) in [(8, 1), (7, 2), (7, 0), (7, 3), (8, 0), (8, 3), (7, u32::MAX), (11, 1)] {
        assert_eq!(table.of::<2>(state, number), None, "{number} in {state}");
    }
}

#[test]
fn a_forgotten_number_never_comes_back() {
    let mut table = Table::new(1);
    for (state, number) in [7, 8, 7, 8].into_iter().zip(1..) {
        assert_eq!(table.keep(state, &[30]), Some(number));
    }
    table.forget(8);
    assert_eq!([1, 2, 3, 4].map(|number| table.of(7, number)), [Some(&[30]), None, Some(&[30]), None]);
    assert_eq!((table.of::<1>(8, 2), table.of::<1>(0, 2)), (None, None));
    assert_eq!(table.keep(9, &[31]), Some(5));
    table.forget(7);
    assert_eq!([1, 3, 4].map(|number| table.of::<1>(7, number)), [None; 3]);
    assert_eq!((table.of(9, 5), table.words.len()), (Some(&[31]), 2));
    table.forget(9);
    assert_eq!(table.words.capacity(), 0);
    assert_eq!((table.keep(9, &[32]), table.of(9, 6)), (Some(6), Some(&[32])));
    assert_eq!(table.of::<1>(9, 5), None);
}

#[test]
fn a_state_of_which_nothing_is_kept_changes_nothing() {
    let mut table = Table::new(1);
    table.forget(7);
    assert_eq!(table.keep(7, &[1]), Some(1));
    table.forget(8);
    assert_eq!(table.of(7, 1), Some(&[1]));
}

#[test]
fn a_table_is_full_by_count_and_by_numbers() {
    let mut table = Table::new(1);
    table.words = vec![7; 2 * (ENTRIES_MAX - 1)];
    assert_eq!(table.keep(7, &[1]), Some(ENTRIES_MAX as i32));
    assert_eq!(table.keep(7, &[1]), None);
    table.forget(7);
    table.first = i32::MAX as u32;
    assert_eq!((table.keep(7, &[1]), table.of(7, i32::MAX as u32)), (Some(i32::MAX), Some(&[1])));
    assert_eq!(table.keep(7, &[1]), None);
}
