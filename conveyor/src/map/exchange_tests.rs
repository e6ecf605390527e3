//! What wakes a seat that waits, beside its answers.

use super::*;
use crate::map::pool::Pool;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

static OPEN: AtomicBool = AtomicBool::new(false);

/// A share that takes until it may end.
fn long(_: &TaskView<'_>, _: &mut Home) -> Outcome {
    while !OPEN.load(Ordering::SeqCst) {
        std::thread::yield_now();
    }
    Outcome::default()
}

fn send_long(seat: &Seat) {
    let run = Entry::of(long as Run, false).unwrap();
    assert!(seat.may_send());
    let task = Task { map: seat.map, len: 1, ..Task::new(run, Encoded::default()) };
    assert!(matches!(seat.send(task), Ok(Handed::Sent)));
}

/// Somebody waits for the run, at this seat.
fn wait_until_attended(seat: &Seat) {
    while seat.exchange.desk().attended != Some(seat.map) {
        std::thread::yield_now();
    }
}

/// Calls `wakes` while the seat waits for the run, with a share under way that does not end; then it returns.
fn is_woken(seat: &Seat, wakes: impl FnOnce()) {
    let (returned, watched) = channel();
    std::thread::scope(|scope| {
        scope.spawn(move || returned.send(matches!(seat.next(), Ok(None))).unwrap());
        wait_until_attended(seat);
        assert_eq!(watched.try_recv().ok(), None);
        wakes();
        let returns = watched.recv_timeout(Duration::from_secs(55));
        OPEN.store(true, Ordering::SeqCst); // or the scope would not end
        assert_ne!(returns, Err(RecvTimeoutError::Timeout), "nobody has woken it");
        assert_eq!(returns, Ok(true), "there is no answer");
    });
    seat.settle();
    OPEN.store(false, Ordering::SeqCst);
}

/// One after the other, because they share what lets a share end.
#[test]
fn whoever_waits_for_the_run_is_woken() {
    let pool = Pool::start(2, Context::Threads).unwrap();
    let [one, two, three] = [(); 3].map(|()| pool.seat().unwrap());

    send_long(&one);
    one.rests();
    is_woken(&one, || one.bell().ring());

    // a third of what may be under way is one share
    let wanting = [&two, &three].map(Seat::may_send);
    assert_eq!(wanting, [true; 2]);
    send_long(&one);
    assert!(!one.may_send());
    is_woken(&one, || {
        two.rests();
        assert!(!OPEN.load(Ordering::SeqCst));
        drop(three);
    });
    assert!(one.exchange.desk().is_idle() && !one.exchange.has_failed());
}

#[test]
fn a_bell_that_was_rung_is_heard_by_whoever_waits_later() {
    let pool = Pool::start(1, Context::Threads).unwrap();
    let seat = pool.seat().unwrap();
    seat.bell().ring();
    assert!(matches!(seat.next(), Ok(None)));
    assert!(!seat.exchange.desk().is_ready(seat.map, 1), "it is heard once");
}
