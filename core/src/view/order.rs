//! Sorting in little code.
//!
//! The standard library's sort is several kilobytes of WebAssembly for each type of item, a fifth of the module in
//! all; what an edge sorts are short lists. This is Shell's (1959) with Knuth's steps.

/// Sorts `items`; equal ones in any order.
///
/// Cost: at most the number of items to the power of 3/2.
pub(crate) fn sort<T: Ord>(items: &mut [T]) {
    let mut step = 1;
    while step < items.len() / 3 {
        step = 3 * step + 1;
    }
    while step > 0 {
        for start in step..items.len() {
            let mut at = start;
            while at >= step && items.get(at) < items.get(at - step) {
                items.swap(at, at - step);
                at -= step;
            }
        }
        step /= 3;
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::sort;

    #[test]
    fn lists_of_any_length_and_order_are_sorted() {
        for len in 0..200u32 {
            for factor in [0, 1, 7, 97, u32::MAX] {
                let mut items: Vec<u32> = (0..len).map(|at| at.wrapping_mul(factor) % 101).collect();
                let mut expected = items.clone();
                expected.sort_unstable();
                sort(&mut items);
                assert_eq!(items, expected, "{len} items by {factor}");
            }
        }
    }
}
