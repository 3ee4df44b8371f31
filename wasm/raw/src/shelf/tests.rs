//! Numbers are found, taken once, and never come back.

use super::Shelf;

fn shelf(things: &[&'static str]) -> Shelf<&'static str> {
    let mut shelf = Shelf::empty();
    for (thing, number) in things.iter().zip(1..) {
        assert_eq!(shelf.keep((*thing).into()), number);
    }
    shelf
}

#[test]
fn a_thing_is_found_by_its_number() {
    let mut shelf = shelf(&["ada", "bob", "eve"]);
    assert_eq!(
        [0, 1, 2, 3, 4, u32::MAX].map(|number| shelf.get(number)),
        [None, Some(&"ada"), Some(&"bob"), Some(&"eve"), None, None]
    );
    *shelf.get_mut(2).unwrap() = "bea";
    assert_eq!(shelf.get_mut(4), None);
    assert_eq!(shelf.get(2), Some(&"bea"));
}

#[test]
fn a_number_that_was_taken_never_comes_back() {
    let mut shelf = shelf(&["ada", "bob", "eve"]);
    assert_eq!((shelf.take(2), shelf.take(2)), (Some("bob".into()), None));
    assert_eq!((shelf.get(1), shelf.get(2), shelf.get(3)), (Some(&"ada"), None, Some(&"eve")));
    shelf.forget(|thing| *thing == "eve");
    assert_eq!((shelf.get(1), shelf.get(3)), (Some(&"ada"), None));
    assert_eq!(shelf.keep("kim".into()), 4);
}

#[test]
fn a_shelf_is_full_by_count_and_by_numbers() {
    let mut few = shelf(&["ada", "bob"]);
    assert!(few.is_full(2) && !few.is_full(3));
    few.take(1);
    assert!(!few.is_full(2));
    few.last = i32::MAX.unsigned_abs() - 1;
    assert_eq!(few.keep("eve".into()), i32::MAX);
    assert!(few.is_full(usize::MAX));
}
