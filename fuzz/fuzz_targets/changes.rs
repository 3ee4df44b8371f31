#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| cohort_tests::fuzz::changes(data));
