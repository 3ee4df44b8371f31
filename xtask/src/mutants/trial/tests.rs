use super::{Outcome, Stage, executable, failed_test, running, watch, wrong_world};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const OUTPUT: &str = "\nrunning 3 tests\ntest id::a ... ok\ntest id::b ... FAILED\ntest id::c ... ";

#[test]
fn first_failed_test_is_named() {
    assert_eq!(failed_test(OUTPUT).as_deref(), Some("id::b"));
    assert_eq!(failed_test("test id::a ... ok\n"), None);
    assert_eq!(failed_test("test id::a ... FAI"), None);
}

#[test]
fn last_begun_test_is_running() {
    assert_eq!(running(OUTPUT), "id::c");
    assert_eq!(running("running 3 tests\n"), "before the first test");
}

#[test]
fn first_wrong_world_is_named() {
    let output =
        "assertion failed: 2 of 900\nmodel/a.world:12: allow; expected Deny\nrows/b.world:1: allow\n";
    assert_eq!(wrong_world(output).as_deref(), Some("model/a.world:12"));
    assert_eq!(wrong_world("test worlds::a ... FAILED\n"), None);
}

#[test]
fn test_programs_are_taken_from_messages() {
    let message = |profile: &str, executable: &str| {
        format!(
            r#"{{"target":{{"test":true}},"profile":{{{profile}}},"executable":{executable},"fresh":false}}"#
        )
    };
    let found = |profile: &str, path: &str| executable(&message(profile, path));
    assert_eq!(found(r#""test":true"#, r#""/a/it-1f""#).as_deref(), Some(Path::new("/a/it-1f")));
    assert_eq!(found(r#""test":false"#, r#""/a/demo""#), None);
    assert_eq!(found(r#""test":true"#, "null"), None);
}

#[cfg(unix)]
#[track_caller]
fn check_watch(script: &str, limit: Duration, expected: &str) {
    let mut child = Command::new("sh").args(["-c", script]).stdout(Stdio::piped()).spawn().unwrap();
    let stage = Stage { name: "unit", build: &[], tests: &[], tells_worlds: false };
    let outcome = watch(&stage, &mut child, Instant::now() + limit).unwrap_or(Outcome::Survived);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(outcome.to_string(), expected);
}

#[cfg(unix)]
#[test]
fn programs_pass_fail_crash_or_do_not_end() {
    let hour = Duration::from_secs(3_600);
    check_watch("echo 'test a ... ok'; echo 'test result: ok. 1 passed'", hour, "SURVIVED");
    check_watch("echo 'test result: ok. 0 passed'", hour, "unit: before the first test (crashes)");
    check_watch("echo 'test a ... FAILED'; exec cat /dev/zero", hour, "unit: a");
    check_watch("printf 'test a ... '; kill -9 $$", hour, "unit: a (crashes)");
    check_watch(
        "exec 0<&-; while :; do :; done",
        Duration::ZERO,
        "unit: before the first test (does not end)",
    );
}
