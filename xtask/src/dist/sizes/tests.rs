use super::{SHIPPED, Weight};

#[test]
fn sizes_of_files_add_up() {
    let sum = Weight { raw: 30, gzip: 20, brotli: 10 };
    assert_eq!(Weight::sum("10 8 4\n20 12 6"), Some(sum));
    assert_eq!(Weight::sum(""), None);
    assert_eq!(Weight::sum("10 8"), None);
    assert_eq!(Weight::sum("error: no such file"), None);
}

/// A byte above either number is over budget, and the line says so.
#[test]
fn a_budget_is_kept_up_to_its_last_byte() {
    for shipped in SHIPPED {
        let most = Weight { raw: shipped.raw_bytes_max, gzip: 0, brotli: shipped.brotli_bytes_max };
        assert!(shipped.has_room_for(most) && shipped.line(most).contains(" kept"), "{}", shipped.name);
        for more in [Weight { raw: most.raw + 1, ..most }, Weight { brotli: most.brotli + 1, ..most }] {
            assert!(!shipped.has_room_for(more) && shipped.line(more).contains(" OVER"), "{}", shipped.name);
        }
    }
}

#[test]
fn a_must_that_is_not_met_is_told() {
    let npm = SHIPPED.iter().find(|shipped| shipped.name == "npm").expect("a package for pages ships");
    assert!(npm.line(Weight { raw: 1, gzip: 1, brotli: 16_000 }).ends_with(" met"));
    assert!(npm.line(Weight { raw: 1, gzip: 1, brotli: 16_001 }).ends_with("not met"));
}
