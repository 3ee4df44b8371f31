use super::{code_only, end_of_item, line_of, without_tests, words};

#[track_caller]
fn check(text: &str, code: &str) {
    assert_eq!(code_only(text), code);
}

#[test]
fn comments_become_blanks() {
    check("a // b\nc", "a     \nc");
    check("a /* b /* c */ d */ e", "a                   e");
    check("a /* b\nc", "a     \n ");
}

#[test]
fn strings_become_blanks() {
    check("f(\"a\\\"b{\") }", "f(       ) }");
    check("r#\"a\"b\"# c", "r        c");
    check("br\"\\\" c", "br    c");
    check("r#type x", "r#type x");
    check("bar\"x\" y", "bar    y");
}

#[test]
fn characters_become_blanks_and_lifetimes_stay() {
    check("'{' 'a x", "    'a x");
    check("'\\'' '\\u{7b}' y", "              y");
    check("&'static str", "&'static str");
}

#[test]
fn words_stand_alone() {
    let found: Vec<usize> = words("fn fnx x_fn fn(", "fn").collect();
    assert_eq!(found, [0, 12]);
}

#[test]
fn items_end_at_their_brace_or_semicolon() {
    assert_eq!(end_of_item("fn f(x: [u8; 2]) { { } } fn", 0), Some(24));
    assert_eq!(end_of_item("use a::{b, c}; x", 0), Some(13));
    assert_eq!(end_of_item("fn f(); x", 0), Some(7));
    assert_eq!(end_of_item("fn f( {", 0), None);
    assert_eq!(end_of_item(") }", 0), None);
}

#[test]
fn test_items_are_left_out_and_lines_keep_their_numbers() {
    let code = "a\n#[cfg(test)]\nmod t {\n x }\nb";
    let kept = without_tests(code);
    assert_eq!(kept.split_whitespace().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(line_of(&kept, kept.find('b').unwrap()), 5);
}
