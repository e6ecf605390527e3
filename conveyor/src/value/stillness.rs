//! Does anything still move? Asked by a caller that holds both ends and finds its own full: if all lanes wait, only the
//! caller itself can go on.
//!
//! A lane that waits says so, and which question it has heard of: it has looked since that was asked, and found nothing. To
//! ask is to call all of them for such a look. If all have answered, and none has gone on from before the question to the
//! last answer, then nobody has changed anything in between; so what each of them has found is so still, and nobody is
//! left who could change it.

use crate::sync::{AtomicU64, Ordering};
use crossbeam_channel::{Receiver, Select, Sender, bounded};
use std::sync::Arc;
use std::time::Instant;

/// What is known of all lanes of a run. Everything in it is rare, and is in one order.
pub(crate) struct Stillness {
    /// The last one that was asked, from 1.
    question: AtomicU64,
    lanes: Vec<Place>,
}

/// One lane, as one sees it who asks.
struct Place {
    /// It waits, and has looked since this question; otherwise [`AT_WORK`].
    answered: AtomicU64,
    /// How often it has gone on.
    went_on: AtomicU64,
    /// It is to look once more.
    calls: (Sender<()>, Receiver<()>),
}

/// What a lane has answered that does not wait. Nobody asks this question.
const AT_WORK: u64 = u64::MAX - 1;
/// What it has answered when it has ended.
const ENDED: u64 = u64::MAX;

impl Stillness {
    /// Of lanes that are at work, but for those that never are.
    pub(crate) fn new(work: impl IntoIterator<Item = bool>) -> Arc<Stillness> {
        let place = |works: bool| Place {
            answered: AtomicU64::new(if works { AT_WORK } else { ENDED }),
            went_on: AtomicU64::new(0),
            calls: bounded(1),
        };
        Arc::new(Stillness { question: AtomicU64::new(0), lanes: work.into_iter().map(place).collect() })
    }
}

/// A lane's own place.
#[derive(Clone)]
pub(super) struct Sleeper {
    pub(super) stillness: Arc<Stillness>,
    pub(super) lane: usize,
}

impl Sleeper {
    fn place(&self) -> &Place {
        &self.stillness.lanes[self.lane]
    }

    /// Sleeps until something of what is watched is there, and says which; `None` at the deadline. Whatever was there before
    /// it was watched is for the caller to find.
    pub(super) fn sleep<'a>(&'a self, select: &mut Select<'a>, deadline: Option<Instant>) -> Option<usize> {
        let calls = &self.place().calls.1;
        let call = select.recv(calls);
        let found = loop {
            // known before the look that answers it
            let question = self.stillness.question.load(Ordering::SeqCst);
            let mut found = select.try_ready().ok();
            if found.is_none() {
                self.place().answered.store(question, Ordering::SeqCst);
                found = ready(select, deadline);
            }
            match found {
                Some(found) if found == call => drop(calls.try_recv()),
                found => break found,
            }
        };
        self.go_on();
        found
    }

    /// There is nothing to do for it just now, by a look that nobody can have changed since.
    pub(super) fn rest(&self) {
        let question = self.stillness.question.load(Ordering::SeqCst);
        self.place().answered.store(question, Ordering::SeqCst);
    }

    /// Before it does anything that others can see.
    pub(super) fn go_on(&self) {
        self.place().went_on.fetch_add(1, Ordering::SeqCst);
        self.place().answered.store(AT_WORK, Ordering::SeqCst);
    }

    /// It does nothing any more.
    pub(super) fn leave(&self) {
        self.place().answered.store(ENDED, Ordering::SeqCst);
    }
}

/// Waits until something is there; `None` at the deadline.
pub(super) fn ready(select: &mut Select<'_>, deadline: Option<Instant>) -> Option<usize> {
    match deadline {
        None => Some(select.ready()),
        Some(deadline) => select.ready_deadline(deadline).ok(),
    }
}

/// Somebody who asks.
#[derive(Default)]
pub(crate) struct Asker {
    /// The question, and how often each lane had gone on before it.
    asked: Option<(u64, Vec<u64>)>,
}

impl Asker {
    /// Is it known that nothing moves? Lanes need time to answer: as long as it is not, ask again a little later.
    pub(crate) fn nothing_moves(&mut self, stillness: &Stillness) -> bool {
        let lanes = &stillness.lanes;
        if let Some((question, before)) = &self.asked {
            let answered = lanes.iter().map(|lane| lane.answered.load(Ordering::SeqCst));
            let answered: Vec<_> = answered.collect();
            // a lane says that it goes on before it answers again: so this is read behind the answers
            let same = |(lane, before): (&Place, &u64)| lane.went_on.load(Ordering::SeqCst) == *before;
            if lanes.iter().zip(before).all(same) {
                let all = answered.iter().all(|answer| *answer != AT_WORK && answer >= question);
                self.asked.take_if(|_| all);
                return all; // or they are still to answer
            }
        }
        self.ask(stillness);
        false
    }

    fn ask(&mut self, stillness: &Stillness) {
        let lanes = &stillness.lanes;
        // and here before: one that waits behind it has not gone on since
        let before = lanes.iter().map(|lane| lane.went_on.load(Ordering::SeqCst)).collect();
        self.asked = None;
        if lanes.iter().any(|lane| lane.answered.load(Ordering::SeqCst) == AT_WORK) {
            return;
        }
        let question = stillness.question.fetch_add(1, Ordering::SeqCst) + 1;
        self.asked = Some((question, before));
        for lane in lanes {
            let _ = lane.calls.0.try_send(()); // one call is enough
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn lane(stillness: &Arc<Stillness>, lane: usize) -> Sleeper {
        Sleeper { stillness: stillness.clone(), lane }
    }

    #[test]
    fn who_has_not_looked_since_the_question_has_not_answered() {
        let stillness = Stillness::new([true, true, false]);
        let (one, other) = (lane(&stillness, 0), lane(&stillness, 1));
        let mut asker = Asker::default();
        one.rest();
        assert!(!asker.nothing_moves(&stillness), "the other one is at work");
        other.rest();
        assert!(!asker.nothing_moves(&stillness), "only now it is asked");
        one.rest();
        assert!(!asker.nothing_moves(&stillness), "the other one has not looked again");
        other.rest();
        assert!(asker.nothing_moves(&stillness));
    }

    #[test]
    fn who_goes_on_in_between_takes_the_others_answers_back() {
        let stillness = Stillness::new([true, true]);
        let (one, other) = (lane(&stillness, 0), lane(&stillness, 1));
        let mut asker = Asker::default();
        one.rest();
        other.rest();
        assert!(!asker.nothing_moves(&stillness));
        one.rest();
        other.go_on(); // and gives something to the one that has just looked
        other.rest();
        assert!(!asker.nothing_moves(&stillness));
        other.leave();
        one.rest();
        assert!(asker.nothing_moves(&stillness));
    }

    #[test]
    fn a_call_is_answered_in_the_middle_of_the_sleep() {
        let stillness = Stillness::new([true]);
        let sleeper = lane(&stillness, 0);
        let (sender, receiver) = bounded::<()>(1);
        let thread = std::thread::spawn(move || {
            let mut select = Select::new();
            let something = select.recv(&receiver);
            sleeper.sleep(&mut select, None) == Some(something)
        });
        let mut asker = Asker::default();
        while !asker.nothing_moves(&stillness) {
            std::thread::yield_now();
        }
        sender.send(()).expect("it waits for this");
        assert!(thread.join().expect("it does not panic"));
        assert!(!asker.nothing_moves(&stillness), "it has gone on");
    }
}
