use super::{Ambiguous, PATH_BYTES_MAX, Path, SEGMENTS_MAX};

#[track_caller]
fn reads(target: &str, expected: &[&str]) {
    let path = Path::parse(target.as_bytes());
    assert_eq!(
        path.map(|path| path.segments),
        Ok(expected.iter().map(ToString::to_string).collect()),
        "{target}"
    );
}

#[track_caller]
fn refuses(target: &str, expected: Ambiguous) {
    assert_eq!(Path::parse(target.as_bytes()), Err(expected), "{target}");
}

#[test]
fn plain_paths_are_read() {
    reads("/", &[""]);
    reads("/a", &["a"]);
    reads("/a/b", &["a", "b"]);
    reads("/a/b/", &["a", "b", ""]);
    reads("/A/b.c-d_e~f", &["A", "b.c-d_e~f"]);
    reads("/a@b:c,d=e+f!g$h&i'j(k)*", &["a@b:c,d=e+f!g$h&i'j(k)*"]);
    reads("/.../..a", &["...", "..a"]);
}

#[test]
fn the_query_is_no_part_of_the_path() {
    reads("/a?b=/../c", &["a"]);
    reads("/a?b?c#d", &["a"]);
    reads("/a/?", &["a", ""]);
    reads("/a?x=%2F%00\\;", &["a"]);
}

#[test]
fn what_has_to_be_encoded_is_decoded_once() {
    reads("/a%20b", &["a b"]);
    reads("/caf%C3%A9", &["caf\u{e9}"]);
    reads("/%22%3c%3E", &["\"<>"]);
}

#[test]
fn dots_and_empty_segments_are_refused() {
    for target in ["/.", "/..", "/a/..", "/a/../b", "/a/./b", "/../../etc", "/a/.?b"] {
        refuses(target, Ambiguous::Dots);
    }
    for target in ["//", "//a", "/a//b", "/a//", "/a///b"] {
        refuses(target, Ambiguous::EmptySegment);
    }
}

#[test]
fn encoded_separators_dots_and_letters_are_refused() {
    for (target, byte) in [
        ("/a%2Fb", b'/'),
        ("/a%2fb", b'/'),
        ("/a%5Cb", b'\\'),
        ("/a%252Fb", b'%'),
        ("/%25", b'%'),
        ("/a%3Fb", b'?'),
        ("/a%23b", b'#'),
        ("/a%3Bb", b';'),
        ("/%2e%2e/b", b'.'),
        ("/%2E/b", b'.'),
        ("/.%2e/b", b'.'),
        ("/%61dmin", b'a'),
        ("/%30", b'0'),
        ("/a%7Eb", b'~'),
        ("/a%00", 0),
        ("/a%0d%0ab", 13),
        ("/a%7F", 127),
    ] {
        refuses(target, Ambiguous::Encoded(byte));
    }
}

#[test]
fn bytes_that_servers_read_in_their_own_ways_are_refused() {
    for (target, byte) in [
        ("/a\\b", b'\\'),
        ("/a;x=1", b';'),
        ("/a;/b", b';'),
        ("/a#b", b'#'),
        ("/a b", b' '),
        ("/a\tb", b'\t'),
        ("/a\0", 0),
        ("/{id}", b'{'),
        ("/caf\u{e9}", 0xc3),
    ] {
        refuses(target, Ambiguous::Byte(byte));
    }
}

#[test]
fn broken_escapes_and_text_are_refused() {
    for target in ["/%", "/%2", "/%zz", "/a%+1", "/%%20"] {
        refuses(target, Ambiguous::Escape);
    }
    refuses("/%C3", Ambiguous::NotText);
    refuses("/%C0%AF", Ambiguous::NotText);
    refuses("/%ED%A0%80", Ambiguous::NotText);
}

#[test]
fn other_forms_of_targets_are_refused() {
    for target in ["", "*", "a/b", "http://host/a", "host:443", "?a"] {
        refuses(target, Ambiguous::NotAbsolute);
    }
}

#[test]
fn length_is_bounded() {
    let longest = format!("/{}", "a".repeat(PATH_BYTES_MAX - 1));
    assert!(Path::parse(longest.as_bytes()).is_ok());
    refuses(&format!("{longest}a"), Ambiguous::TooLong);
    assert!(Path::parse(format!("{longest}?{longest}").as_bytes()).is_ok());
    let deepest = "/a".repeat(SEGMENTS_MAX);
    assert!(Path::parse(deepest.as_bytes()).is_ok());
    refuses(&format!("{deepest}/a"), Ambiguous::TooLong);
}
