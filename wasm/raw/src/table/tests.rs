//! Numbers are good for one state, and never come back.

use super::Table;
use crate::error::AbiError;

#[test]
fn a_number_is_good_for_its_state() {
    let mut table = Table::new();
    assert_eq!(table.keep(7, "ada"), Ok(1));
    assert_eq!(table.keep(8, "bob"), Ok(2));
    assert_eq!(table.of(7, 1), Ok(&"ada"));
    assert_eq!(table.get(2), Ok((8, &"bob")));
    for (state, number) in [(8, 1), (7, 2), (7, 0), (7, 3), (7, u32::MAX)] {
        assert_eq!(table.of(state, number), Err(AbiError::Stale { found: number }));
    }
}

#[test]
fn a_forgotten_number_never_comes_back() {
    let mut table = Table::new();
    for number in 1..=3 {
        assert_eq!(table.keep(7, "ada"), Ok(number));
    }
    assert_eq!(table.forget(2), Ok(()));
    assert_eq!(table.forget(2), Err(AbiError::Stale { found: 2 }));
    assert_eq!((table.of(7, 1), table.of(7, 3)), (Ok(&"ada"), Ok(&"ada")));
    assert_eq!((table.forget(1), table.forget(3)), (Ok(()), Ok(())));
    assert_eq!(table.entries.capacity(), 0);
    assert_eq!(table.keep(7, "eve"), Ok(4));
    assert_eq!(table.get(1), Err(AbiError::Stale { found: 1 }));
}

#[test]
fn a_closed_state_takes_its_things_along() {
    let mut table = Table::new();
    for state in [7, 7, 8] {
        table.keep(state, "ada").unwrap();
    }
    table.forget_all(7);
    assert_eq!(table.of(8, 3), Ok(&"ada"));
    assert_eq!(table.entries.len(), 1);
    assert_eq!(table.of(7, 1), Err(AbiError::Stale { found: 1 }));
}
