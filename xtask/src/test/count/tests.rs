use super::Tally;

#[test]
fn cargo_results_add_up() {
    let mut tally = Tally::default();
    for line in [
        "running 3 tests",
        "test a ... ok",
        "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.00s",
        "test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s",
        "test result of something else. 9 passed; 9 failed",
    ] {
        tally.cargo_line(line);
    }
    assert_eq!(tally, Tally { passed: 7, failed: 2 });
    assert_eq!(tally.to_string(), "7 passed, 2 failed");
}

#[test]
fn node_summaries_are_read_in_both_reporters() {
    for mark in ["#", "ℹ"] {
        let mut tally = Tally::default();
        for line in
            ["tests 8", "suites 0", "pass 5", "fail 2", "cancelled 1", "skipped 0", "duration_ms 48.5"]
        {
            tally.node_line(&format!("{mark} {line}"));
        }
        tally.node_line("pass 7");
        assert_eq!(tally, Tally { passed: 5, failed: 3 });
    }
}
