use super::{major, names_debian};

#[test]
fn major_is_the_first_number() {
    assert_eq!(major("v20.20.2"), Some(20));
    assert_eq!(major("24"), Some(24));
    assert_eq!(major("nightly"), None);
    assert_eq!(major(""), None);
}

#[test]
fn debian_and_what_is_like_it_are_told_from_others() {
    assert!(names_debian("NAME=\"x\"\nID=debian\n"));
    assert!(names_debian("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
    assert!(!names_debian("ID=fedora\nNAME=\"not debian\"\n"));
    assert!(!names_debian(""));
}
