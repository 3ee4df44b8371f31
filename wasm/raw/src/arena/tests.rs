//! Ranges inside blocks, and all others.

use super::{Arena, BLOCK_BYTES_MAX};
use crate::error::AbiError;

#[test]
fn a_block_is_zero_and_keeps_what_is_written() {
    let mut arena = Arena::default();
    let at = arena.alloc(8).unwrap();
    assert_eq!(arena.read(at, 8), Ok(&[0; 8][..]));
    arena.write(at + 2, b"abc").unwrap();
    assert_eq!(arena.read(at, 8), Ok(&b"\0\0abc\0\0\0"[..]));
    assert_eq!(arena.read(at + 8, 0), Ok(&[][..]));
}

#[test]
fn a_range_outside_every_block_is_refused() {
    let mut arena = Arena::default();
    let at = arena.alloc(8).unwrap();
    for (address, len) in
        [(at, 9), (at + 1, 8), (at + 8, 1), (at - 1, 1), (0, 1), (at, usize::MAX), (usize::MAX, 2)]
    {
        let refused = AbiError::Range { address, len };
        assert_eq!(arena.read(address, len), Err(refused.clone()), "read {address} {len}");
        if len < 100 {
            assert_eq!(arena.write(address, &[1; 100][..len]), Err(refused), "write {address} {len}");
        }
    }
    assert_eq!(arena.read(at, 8), Ok(&[0; 8][..]));
}

#[test]
fn a_block_is_freed_once_and_by_its_own_length() {
    let mut arena = Arena::default();
    let at = arena.alloc(8).unwrap();
    assert!(arena.free(at, 7).is_err());
    assert!(arena.free(at + 1, 7).is_err());
    assert_eq!(arena.free(at, 8), Ok(()));
    assert!(arena.free(at, 8).is_err());
    assert!(arena.read(at, 1).is_err());
}

#[test]
fn nothing_and_too_much_are_not_handed_out() {
    let mut arena = Arena::default();
    assert_eq!(arena.alloc(0), None);
    assert_eq!(arena.alloc(BLOCK_BYTES_MAX + 1), None);
    assert_eq!(arena.alloc(usize::MAX), None);
}
