//! Flips by news and by the clock.

use super::{News, Told, Watch, Word};
use cohort_core::decide::Query;
use cohort_core::id::{Instant, Revision};

const fn at(millis: i64) -> Instant {
    Instant::from_millis(millis)
}

/// Allowed from 10 up to 20.
fn told(query: &Query<'_>) -> Told {
    let inside = at(10) <= query.at && query.at < at(20);
    let (outcome, text) =
        if inside { (Word::Allow, "allow: direct < reader") } else { (Word::Deny, "deny: no path") };
    let valid_until = if query.at < at(10) {
        at(10)
    } else if inside {
        at(20)
    } else {
        at(90)
    };
    let again = Some(valid_until);
    Told { outcome, text: text.into(), revision: Revision::new(1), at: query.at, valid_until, again }
}

fn watch(asks: &[&str]) -> Watch {
    Watch::new(asks.iter().map(|ask| ask.parse().unwrap()).collect())
}

fn never(_: &Query<'_>) -> Told {
    panic!("nothing is due")
}

#[test]
fn the_first_answer_is_news_and_the_same_again_is_not() {
    let mut watch = watch(&["ada p", "bob p"]);
    let first = [0, 1].map(|ask| News { ask, was: None });
    assert_eq!(watch.ask_all(at(12), told), first);
    assert_eq!(watch.ask_all(at(13), told), []);
    assert_eq!(watch.answer(1).unwrap().1.at, at(13));
}

#[test]
fn an_answer_flips_when_it_runs_out_and_not_before() {
    let mut watch = watch(&["ada p"]);
    watch.ask_all(at(5), told);
    assert_eq!(watch.due(), Some(at(10)));
    assert_eq!(watch.ask_due(at(9), never), []);
    assert_eq!(watch.ask_due(at(10), told), [News { ask: 0, was: Some(Word::Deny) }]);
    assert_eq!(watch.due(), Some(at(20)));
    assert_eq!(watch.ask_due(at(25), told), [News { ask: 0, was: Some(Word::Allow) }]);
}

#[test]
fn a_clock_set_back_is_noticed() {
    let mut watch = watch(&["ada p"]);
    watch.ask_all(at(15), told);
    assert_eq!(watch.ask_due(at(5), told), [News { ask: 0, was: Some(Word::Allow) }]);
}

#[test]
fn another_reason_for_the_same_outcome_is_news_without_a_flip() {
    let mut watch = watch(&["ada p"]);
    watch.ask_all(at(12), told);
    let other = |query: &Query<'_>| Told { text: "allow: everyone < reader".into(), ..told(query) };
    assert_eq!(watch.ask_all(at(12), other), [News { ask: 0, was: None }]);
}

#[test]
fn what_only_news_can_change_is_never_due() {
    let mut watch = watch(&["ada p"]);
    watch.ask_all(at(12), |query| Told { again: None, ..told(query) });
    assert_eq!(watch.due(), None);
    assert_eq!(watch.ask_due(at(1_000), never), []);
}
