//! Calls that wait, made on a thread of their own, so that an async task need not wait.
//!
//! What the call works on travels with it, to the thread and back: so there is no lock around it, and nobody waits for one.
//! Invariants: at most one call is under way; whoever has asked last is woken when it is done, or when the thread has
//! panicked.

use crate::{Error, ErrorKind};
use crossbeam_channel::{Sender, bounded};
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::thread::{Builder, JoinHandle};

/// Makes calls on an `E`, each with an argument `A`, and an answer `R`.
pub(super) struct Aside<E, A, R> {
    calls: Sender<(E, A)>,
    desk: Arc<Mutex<Desk<E, R>>>,
    thread: Option<JoinHandle<()>>,
}

struct Desk<E, R> {
    done: Option<(E, R)>,
    asks: Option<Waker>,
    /// The thread is about to end.
    left: bool,
}

impl<E: Send + 'static, A: Send + 'static, R: Send + 'static> Aside<E, A, R> {
    /// A thread for calls of `work`.
    pub(super) fn new(work: fn(&mut E, A) -> R) -> Result<Self, Error> {
        let (calls, to_do) = bounded::<(E, A)>(1);
        let desk = Arc::new(Mutex::new(Desk { done: None, asks: None, left: false }));
        let back = Returns(desk.clone());
        let thread = Builder::new().name("conveyor-waits".into()).spawn(move || {
            for (mut on, argument) in to_do {
                let answer = work(&mut on, argument);
                back.lay_down(on, answer);
            }
        });
        let thread = thread.map_err(|error| {
            Error::new(
                ErrorKind::Start,
                format_args!("no thread can be started to wait for a pipeline: {error}"),
            )
        })?;
        Ok(Aside { calls, desk, thread: Some(thread) })
    }

    /// Begins a call. None is under way.
    pub(super) fn begin(&self, on: E, argument: A) {
        // it fails only if the thread has panicked, and then `poll` says so
        let _ = self.calls.send((on, argument));
    }

    /// What the call was made on, and its answer, when it is done.
    ///
    /// # Panics
    /// As the call has. After that there is nothing to ask for.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<(E, R)> {
        let waker = context.waker().clone(); // user code: not under the lock
        let mut desk = self.desk.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(done) = desk.done.take() {
            return Poll::Ready(done);
        }
        if !desk.left {
            let before = desk.asks.replace(waker);
            drop(desk);
            drop(before);
            return Poll::Pending;
        }
        drop(desk);
        match self.thread.take().map(JoinHandle::join) {
            Some(Err(panic)) => resume_unwind(panic),
            Some(Ok(())) | None => unreachable!("the thread ends by a panic as long as there may be calls"),
        }
    }
}

impl<E, A, R> Aside<E, A, R> {
    /// Waits until the call that is under way is done, and the thread has ended.
    pub(super) fn join(self) {
        drop(self.calls);
        if let Some(thread) = self.thread {
            // whoever drops an end does not want to know about panics
            let _ = thread.join();
        }
    }
}

/// The thread's side of the desk.
struct Returns<E, R>(Arc<Mutex<Desk<E, R>>>);

impl<E, R> Returns<E, R> {
    fn lay_down(&self, on: E, answer: R) {
        self.change(|desk| desk.done = Some((on, answer)));
    }

    fn change(&self, change: impl FnOnce(&mut Desk<E, R>)) {
        let mut desk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut desk);
        let asks = desk.asks.take();
        drop(desk);
        if let Some(waker) = asks {
            waker.wake();
        }
    }
}

impl<E, R> Drop for Returns<E, R> {
    fn drop(&mut self) {
        self.change(|desk| desk.left = true);
    }
}

#[cfg(test)]
mod tests {
    use super::Aside;
    use futures::executor::block_on;
    use std::future::poll_fn;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn calls_one_after_the_other() {
        let mut calls = Aside::new(|sum: &mut u64, x: u64| *sum += x).unwrap();
        let mut sum = 0;
        for x in 1..=100 {
            calls.begin(sum, x);
            (sum, ()) = block_on(poll_fn(|context| calls.poll(context)));
        }
        assert_eq!(sum, 5050);
        calls.join();
    }

    #[test]
    fn a_panic_arrives() {
        let mut calls = Aside::new(|text: &mut String, ()| assert!(text.is_empty(), "not {text}")).unwrap();
        calls.begin("so".into(), ());
        let panic =
            catch_unwind(AssertUnwindSafe(|| block_on(poll_fn(|context| calls.poll(context))))).unwrap_err();
        assert_eq!(panic.downcast_ref::<String>().unwrap(), "not so");
    }
}
