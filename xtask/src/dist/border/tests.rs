use super::{difference, without_hash};

#[test]
fn equal_lists_do_not_differ() {
    assert_eq!(difference("import a: ()\n", "import a: ()\n"), None);
}

#[test]
fn what_is_gone_or_new_is_named() {
    assert_eq!(difference("a\nb\n", "b\n").as_deref(), Some("-a"));
    assert_eq!(difference("b\n", "a\nb\n").as_deref(), Some("+a"));
    assert_eq!(difference("a: (i32)\n", "a: (i64)\n").as_deref(), Some("-a: (i32)"));
    assert!(difference("a\nb\n", "b\na\n").is_some());
}

#[test]
fn hashes_of_the_generator_are_left_out() {
    assert_eq!(without_hash("import a.now_25c39b60c3c4ffef: () -> f64"), "import a.now: () -> f64");
    assert_eq!(
        without_hash("export cohort_selection_valid_until: ()"),
        "export cohort_selection_valid_until: ()"
    );
}
