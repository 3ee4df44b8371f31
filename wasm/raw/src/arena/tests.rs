//! Ranges inside blocks, and all others.

use super::{Arena, BLOCK_BYTES_MAX};

#[test]
fn a_block_is_zero_and_keeps_what_is_written() {
    let mut arena = Arena::default();
    let at = arena.alloc(8).unwrap();
    assert_eq!(arena.read(at, 8), Some(&[0; 8][..]));
    arena.room(at + 2).unwrap()[..3].copy_from_slice(b"abc");
    assert_eq!(arena.read(at, 8), Some(&b"\0\0abc\0\0\0"[..]));
    assert_eq!(arena.read(at + 8, 0), Some(&[][..]));
    assert_eq!(arena.room(at + 7).map(|room| room.len()), Some(1));
}

#[test]
fn a_range_outside_every_block_is_refused() {
    let mut arena = Arena::default();
    let at = arena.alloc(8).unwrap();
    for (address, len) in
        [(at, 9), (at + 1, 8), (at + 8, 1), (at - 1, 1), (0, 1), (at, usize::MAX), (usize::MAX, 2)]
    {
        assert_eq!(arena.read(address, len), None, "{address} {len}");
        assert!(arena.room(address).is_none_or(|room| room.len() < len), "{address} {len}");
    }
}

#[test]
fn each_of_many_blocks_is_found() {
    let mut arena = Arena::default();
    let mut blocks: Vec<usize> = (1..40).map(|len| arena.alloc(len).unwrap()).collect();
    for (at, len) in blocks.iter().zip(1..) {
        arena.room(*at).unwrap().fill(len as u8);
    }
    for (place, len) in [(20, 21), (0, 1), (38, 39)] {
        assert!(arena.free(blocks[place], len));
        assert_eq!(arena.read(blocks[place], len), None);
        blocks[place] = arena.alloc(len).unwrap();
        arena.room(blocks[place]).unwrap().fill(len as u8);
    }
    for (at, len) in blocks.iter().zip(1..) {
        assert_eq!(arena.read(*at, len), Some(&vec![len as u8; len][..]));
        assert!(arena.free(*at, len));
    }
}

#[test]
fn a_block_is_freed_once_and_by_its_own_length() {
    let mut arena = Arena::default();
    let at = arena.alloc(8).unwrap();
    for (address, len) in [(at, 7), (at, 9), (at, 0), (at + 1, 7), (at + 8, 0), (0, 0)] {
        assert!(!arena.free(address, len), "{address} {len}");
    }
    assert!(arena.free(at, 8));
    assert!(!arena.free(at, 8));
    assert_eq!(arena.read(at, 1), None);
}

#[test]
fn nothing_and_too_much_are_not_handed_out() {
    let mut arena = Arena::default();
    assert_eq!(arena.alloc(0), None);
    assert_eq!(arena.alloc(BLOCK_BYTES_MAX + 1), None);
    assert_eq!(arena.alloc(usize::MAX), None);
}
