use super::{differing, naming};
use std::collections::BTreeMap;

#[test]
fn changed_lost_and_new_files_differ() {
    let files = |list: &[(&str, &str)]| -> BTreeMap<String, Vec<u8>> {
        list.iter().map(|(name, text)| (name.to_string(), text.as_bytes().to_vec())).collect()
    };
    let here = files(&[("changed", "1"), ("lost", "2"), ("same", "3")]);
    let there = files(&[("changed", "9"), ("same", "3"), ("x/new", "4")]);
    assert_eq!(differing(&here, &there).collect::<Vec<_>>(), ["changed", "lost", "x/new"]);
    assert_eq!(differing(&here, &here).count(), 0);
}

#[test]
fn a_folder_of_this_machine_is_found_in_any_file() {
    let files = BTreeMap::from([("a".to_owned(), b"x".to_vec()), ("b".to_owned(), b"at /here/src".to_vec())]);
    assert_eq!(naming(&files, b"/here"), Some("b"));
    assert_eq!(naming(&files, b"/there"), None);
}
