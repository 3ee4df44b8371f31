//! Inputs made from other inputs: what a fuzzer does, without its knowledge of what was reached.

use crate::random::Prng;

/// Bytes of an input that nothing is a seed of.
const FRESH_BYTES_MAX: usize = 700;

/// Edits of one input.
const EDITS_MAX: usize = 6;

/// Pieces that the languages of the targets are made of.
const PIECES: &[&str] = &[
    " AND ",
    " OR ",
    "NOT ",
    "(",
    ")",
    "\"",
    "\\",
    ",",
    " IN (",
    " LIKE ",
    " STARTS WITH ",
    " IS NULL",
    "NOW",
    "-7d",
    "MEMBER OF (",
    "REPORTS TO ",
    " DEEP",
    "ANY(",
    "ALL(",
    "attr.",
    "status",
    "job title",
    "manager",
    "2026-03-01",
    "T09:00:00.5+02:00",
    "-2.5",
    "1e999",
    "{",
    "}",
    "[",
    "]",
    ":",
    "\"v\":1",
    "\"all\":[",
    "\"not\":",
    "\"f\":\"job\"",
    "\"op\":\"eq\"",
    "\"op\":\"memberof\"",
    "\"v\":{\"now\":\"-7d\"}",
    "null",
    "true",
    "é",
    "İ",
    "\u{0}",
    "\u{feff}",
];

/// An input that follows from `prng`: one of `seeds` with a few edits, or bytes made up.
#[must_use]
pub fn input(seeds: &[Vec<u8>], prng: &mut Prng) -> Vec<u8> {
    let Some(seed) = prng.pick(seeds).cloned().filter(|seed| !seed.is_empty()) else { return fresh(prng) };
    let other = prng.pick(seeds).cloned().unwrap_or_default();
    let mut input = seed;
    for _ in 0..prng.between(1, EDITS_MAX) {
        edit(&mut input, &other, prng);
    }
    input
}

fn fresh(prng: &mut Prng) -> Vec<u8> {
    (0..prng.below(FRESH_BYTES_MAX)).map(|_| byte(prng)).collect()
}

fn byte(prng: &mut Prng) -> u8 {
    prng.number().to_le_bytes().first().copied().unwrap_or_default()
}

fn edit(input: &mut Vec<u8>, other: &[u8], prng: &mut Prng) {
    let at = prng.below(input.len() + 1);
    let end = (at + 1 + prng.below(16)).min(input.len());
    match prng.below(7) {
        0 => {
            let bit = 1 << prng.below(8);
            input.get_mut(at).into_iter().for_each(|byte| *byte ^= bit);
        }
        1 => {
            let new = byte(prng);
            input.get_mut(at).into_iter().for_each(|byte| *byte = new);
        }
        2 => drop(input.drain(at.min(end)..end)),
        3 => {
            let copied: Vec<u8> = input.get(at..end).unwrap_or_default().to_vec();
            input.splice(at..at, copied);
        }
        4 => {
            let from = prng.below(other.len());
            let piece = other.get(from..(from + 24).min(other.len())).unwrap_or_default().to_vec();
            input.splice(at..at, piece);
        }
        5 => input.truncate(at),
        _ => {
            let piece = prng.word(PIECES).bytes();
            input.splice(at..at, piece);
        }
    }
}
