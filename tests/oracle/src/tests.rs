//! Small worlds, one rule of the model each.

mod resolution;
mod rules;
mod text;

use crate::World;

/// Reads a world and compares every answer with its literal.
#[track_caller]
fn check(text: &str) {
    let world = World::read(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert!(!world.answers().is_empty(), "a world without question proves nothing");
    for answer in world.answers() {
        let line = text.lines().nth(answer.line - 1).unwrap_or_default().trim();
        assert!(answer.holds, "line {}: {line}\nfound {}", answer.line, answer.found);
    }
}

/// Reads a world that must be refused and compares the message.
#[track_caller]
fn refuses(text: &str, message: &str) {
    match World::read(text) {
        Ok(_) => panic!("read without error:\n{text}"),
        Err(error) => assert_eq!(error.to_string(), message),
    }
}
