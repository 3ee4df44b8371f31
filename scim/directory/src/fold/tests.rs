//! Texts that compare as equal, and those that do not.

use super::fold;

#[test]
fn texts_that_read_alike_fold_alike() {
    for (one, other) in [
        ("Ada@X.org", "aDA@x.ORG"),
        ("STRASSE", "Straße"),
        ("ﬁne", "FINE"),
        ("Ångström", "A\u{30a}ngstro\u{308}m"),
        ("ΟΔΟΣ", "οδος"),
        ("Ｆｕｌｌ", "full"),
    ] {
        assert_eq!(fold(one), fold(other));
        assert_eq!(fold(&fold(one)), fold(one), "{one}");
    }
    assert_ne!(fold("ada"), fold("adä"));
}
