use super::below;

#[track_caller]
fn check(code: &str, expected: &[&str]) {
    let found: Vec<String> = below(code, "crate")
        .iter()
        .map(|path| format!("{} {}", path.line, path.segments.join("::")))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn plain_paths_are_found_in_imports_and_code() {
    check("use crate::a::b;\nlet x = crate::c::d(1);", &["1 a::b", "2 c::d"]);
}

#[test]
fn trees_are_unfolded() {
    check("use crate::{a, b::{c, d::e as f}, g::*};", &["1 a", "1 b::c", "1 b::d::e", "1 g"]);
    check("use crate::{\n  a,\n  b,\n};", &["1 a", "1 b"]);
}

#[test]
fn the_word_alone_is_no_path() {
    check("pub(crate) fn x() {} my_crate::y(); crates::z();", &[]);
}

#[test]
fn unfinished_text_ends() {
    check("use crate::{a, b::{c", &["1 a", "1 b::c"]);
    check("use crate::", &["1 "]);
}
