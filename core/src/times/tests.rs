//! Sets of moments: algebra against a plain list of moments.

use alloc::vec::Vec;

use super::Times;
use crate::id::{Instant, Span};

const END: i64 = 12;

fn span(from: i64, until: i64) -> Span {
    Span::new(Some(Instant::from_millis(from)), Some(Instant::from_millis(until))).unwrap()
}

fn moments(times: &Times) -> Vec<bool> {
    (-1..=END).map(|at| times.contain(Instant::from_millis(at))).collect()
}

/// Every set of moments 0 to 11 that three spans make up, one in seven of them.
fn samples() -> Vec<Times> {
    let spans: Vec<Span> =
        (0..END).flat_map(|from| (from + 1..=END).map(move |until| span(from, until))).collect();
    let at = |number: usize| spans.get(number % spans.len()).copied();
    let mut samples: Vec<Times> = (0..spans.len() * 5)
        .map(|number| {
            Times::of([at(number * 7), at(number * 31 + 5), at(number * 17 + 11)].into_iter().flatten())
        })
        .collect();
    samples.extend([Times::never(), Times::always(), Times::since(Instant::from_millis(5))]);
    samples.push(Times::before(Instant::from_millis(5)));
    samples
}

#[test]
fn algebra_is_that_of_sets() {
    let samples = samples();
    for one in &samples {
        let opposite: Vec<bool> = moments(one).into_iter().map(|inside| !inside).collect();
        assert_eq!(moments(&one.complement()), opposite, "{one:?}");
        assert_eq!(&one.complement().complement(), one);
        for other in samples.iter().step_by(13) {
            let (ours, theirs) = (moments(one), moments(other));
            let both: Vec<bool> = ours.iter().zip(&theirs).map(|(our, their)| *our && *their).collect();
            let either: Vec<bool> = ours.iter().zip(&theirs).map(|(our, their)| *our || *their).collect();
            assert_eq!(moments(&one.intersection(other)), both, "{one:?} and {other:?}");
            assert_eq!(moments(&one.union(other)), either, "{one:?} or {other:?}");
        }
    }
}

#[test]
fn equal_sets_are_equal_values() {
    assert_eq!(Times::of([span(3, 5), span(0, 3), span(4, 5)]), Times::of([span(0, 5)]));
    assert_ne!(Times::of([span(0, 3), span(4, 5)]), Times::of([span(0, 5)]));
    assert_eq!(Times::since(Instant::MIN), Times::always());
    assert_eq!(Times::before(Instant::MIN), Times::never());
    assert_eq!(Times::never().complement(), Times::always());
}

#[test]
fn what_is_too_many_is_cut_ahead_of_now() {
    let times = Times::of((0..6).map(|number| span(number * 10, number * 10 + 5)));
    let at = Instant::from_millis;
    assert_eq!(times.cut(at(0), 6), (times.spans(), Instant::MAX));
    assert_eq!(times.cut(at(0), 2), (&[span(0, 5), span(10, 15)][..], at(20)));
    assert_eq!(times.cut(at(4), 2), (&[span(0, 5), span(10, 15)][..], at(20)));
    assert_eq!(times.cut(at(5), 2), (&[span(10, 15), span(20, 25)][..], at(30)));
    assert_eq!(times.cut(at(40), 2), (&[span(40, 45), span(50, 55)][..], Instant::MAX));
    assert_eq!(times.cut(at(99), 2), (&[][..], Instant::MAX));
}
