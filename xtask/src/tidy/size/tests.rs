use super::{file, functions};
use crate::tidy::files::File;
use crate::tidy::source::code_only;

fn with(path: &str, text: String) -> File {
    File { path: path.to_owned(), text }
}

#[track_caller]
fn found(text: &str) -> Vec<String> {
    let file = with("core/src/id.rs", text.to_owned());
    functions(&file, &code_only(text)).iter().map(ToString::to_string).collect()
}

fn function_of(lines: usize) -> String {
    format!("\nfn long() {{\n{}}}\n", "    x();\n".repeat(lines - 2))
}

#[test]
fn a_function_may_have_70_lines() {
    assert!(found(&function_of(70)).is_empty());
    assert_eq!(
        found(&function_of(71)),
        ["core/src/id.rs:2: function `long` has 71 lines; expected at most 70"]
    );
}

#[test]
fn braces_in_text_do_not_count() {
    let text = "fn a() { b(\"{\", '{'); }\n".to_owned() + &"\n".repeat(80) + "fn c() {}\n";
    assert!(found(&text).is_empty());
}

#[test]
fn function_types_and_declarations_are_no_functions() {
    let text = "trait T { fn f(&self); }\ntype F = fn(u8) -> u8;\n".to_owned()
        + &"\n".repeat(80)
        + "const X: u8 = 1;\n";
    assert!(found(&text).is_empty());
}

#[test]
fn a_file_may_have_600_lines() {
    assert!(file(&with("core/src/id.rs", "x\n".repeat(600))).is_empty());
    assert_eq!(
        file(&with("core/src/id.rs", "x\n".repeat(601))).iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["core/src/id.rs:601: 601 lines; expected at most 600"]
    );
}

#[test]
fn data_may_be_long_and_the_readme_may_not() {
    assert!(file(&with("tests/data/big.rs", "x\n".repeat(900))).is_empty());
    assert!(file(&with("docs/model.md", "x\n".repeat(900))).is_empty());
    assert!(file(&with("README.md", "x\n".repeat(150))).is_empty());
    assert_eq!(file(&with("README.md", "x\n".repeat(151))).len(), 1);
}
