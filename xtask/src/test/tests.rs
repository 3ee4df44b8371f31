use super::left_out;
use crate::command::Words;
use crate::failure::Failure;

fn parse(words: &[&str]) -> Result<Vec<&'static str>, Failure> {
    let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
    left_out(Words::new("test", &words))
}

#[test]
fn nothing_is_left_out_unasked() {
    assert!(parse(&[]).unwrap().is_empty());
}

#[test]
fn quick_and_without_add_up_in_the_order_of_the_parts() {
    let quick = ["dist-all", "no-std", "testers", "gateway", "doc", "node", "runtimes"];
    assert_eq!(parse(&["--quick"]).unwrap(), quick);
    assert_eq!(parse(&["--without", "node", "--without=fmt"]).unwrap(), ["fmt", "node"]);
    assert_eq!(
        parse(&["--without", "clippy", "--quick"]).unwrap(),
        ["dist-all", "no-std", "clippy", "testers", "gateway", "doc", "node", "runtimes"]
    );
}

#[test]
fn unknown_words_and_parts_are_refused() {
    assert!(matches!(parse(&["--fast"]), Err(Failure::UnknownWord { .. })));
    assert!(matches!(parse(&["--without", "lint"]), Err(Failure::UnknownPart { .. })));
    assert!(matches!(parse(&["--without"]), Err(Failure::MissingValue { .. })));
}
