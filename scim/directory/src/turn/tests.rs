use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use super::{Turn, turn};
use crate::error::StoreError;
use crate::tally::counted;

#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

#[test]
fn a_thread_gets_the_answer_and_its_rows() {
    let (answer, turn) = turn::<_, StoreError>();
    let telling = std::thread::spawn(move || answer.tell(Ok(7), 3));
    let (got, rows) = counted(|| turn.wait());
    assert_eq!((got.expect("an answer"), rows), (7, 3));
    telling.join().expect("told");
}

#[test]
fn a_task_is_woken_for_the_answer() {
    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut context = Context::from_waker(&waker);
    let (answer, turn) = turn::<_, StoreError>();
    let mut turn = pin!(turn);
    assert!(turn.as_mut().poll(&mut context).is_pending());
    assert_eq!(woken.0.load(Ordering::SeqCst), 0);
    answer.tell(Ok(7), 3);
    assert_eq!(woken.0.load(Ordering::SeqCst), 1);
    assert!(matches!(turn.poll(&mut context), Poll::Ready((Ok(7), 3))));
}

#[test]
fn without_an_answer_nobody_waits_for_ever() {
    let closed = |turn: Turn<(), StoreError>| matches!(turn.wait(), Err(StoreError::Closed));
    let (answer, waiting) = turn();
    drop(answer);
    assert!(closed(waiting));

    let woken = Arc::new(Woken::default());
    let waker = Waker::from(Arc::clone(&woken));
    let mut context = Context::from_waker(&waker);
    let (answer, waiting) = turn::<(), StoreError>();
    let mut waiting = pin!(waiting);
    assert!(waiting.as_mut().poll(&mut context).is_pending());
    drop(answer);
    assert_eq!(woken.0.load(Ordering::SeqCst), 1);
    assert!(matches!(waiting.poll(&mut context), Poll::Ready((Err(StoreError::Closed), 0))));
}
