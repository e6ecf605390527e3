//! Does anything still move? Asked by a caller that holds both ends and finds its own full: if all lanes wait, only the
//! caller itself can go on.
//!
//! A lane that waits says so, and which question it has heard of: it has looked since that was asked, and found nothing. To
//! ask is to call all of them for such a look. If all have answered, and none has gone on from before the question to the
//! last answer, then nobody has changed anything in between; so what each of them has found is so still, and nobody is
//! left who could change it.

use crate::sync::mutant::Mutant;
use crate::sync::{AtomicU64, Ordering, in_one_order};
use crossbeam_channel::{Receiver, Select, Sender, TryRecvError, bounded};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// What is known of all lanes of a run. Everything in it is rare, and is in one order.
pub(crate) struct Stillness {
    /// The last one that was asked, from 1.
    question: AtomicU64,
    lanes: Vec<Place>,
    /// By lane: who is called has to look once more. There as long as the run goes on.
    calls: Mutex<Vec<Sender<()>>>,
}

/// One lane, as one sees it who asks.
struct Place {
    /// It waits, and has looked since this question; otherwise [`AT_WORK`].
    answered: AtomicU64,
    /// How often it has gone on.
    went_on: AtomicU64,
    /// The last question that it knew of when it found nothing to do.
    heard: AtomicU64,
    called: Receiver<()>,
}

/// What a lane has answered that does not wait. Nobody asks this question.
const AT_WORK: u64 = u64::MAX - 1;
/// What it has answered when it has ended.
const ENDED: u64 = u64::MAX;

impl Stillness {
    /// Of lanes that are at work, but for those that never are.
    pub(crate) fn new(work: impl IntoIterator<Item = bool>) -> Stillness {
        let (calls, lanes) = work
            .into_iter()
            .map(|works| {
                let (call, called) = bounded(1);
                let answered = AtomicU64::new(if works { AT_WORK } else { ENDED });
                (call, Place { answered, went_on: AtomicU64::new(0), heard: AtomicU64::new(0), called })
            })
            .unzip();
        Stillness { question: AtomicU64::new(0), lanes, calls: Mutex::new(calls) }
    }

    /// The run is over: whoever sleeps wakes up, and nobody sleeps any more.
    pub(super) fn end(&self) {
        self.calls().clear();
    }

    /// A panic leaves it whole: it is only ever cleared.
    fn calls(&self) -> std::sync::MutexGuard<'_, Vec<Sender<()>>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A lane has found nothing to do, and sleeps until something of what is watched is there, or the run is over; says which of
    /// those that are watched it is. `None` at the deadline.
    ///
    /// All that comes after the lane has found nothing has to show in what is watched.
    pub(super) fn sleep<'a>(
        &'a self,
        lane: usize,
        select: &mut Select<'a>,
        deadline: Option<Instant>,
    ) -> Option<usize> {
        let called = &self.lanes[lane].called;
        let call = select.recv(called);
        let mut found = self.look(lane, select).or_else(|| ready(select, deadline));
        while found == Some(call) && called.try_recv() != Err(TryRecvError::Disconnected) {
            found = self.look(lane, select).or_else(|| ready(select, deadline));
        }
        self.go_on(lane);
        found
    }

    /// Says that the lane has looked since the last question, and found nothing. If it has not looked since then, it does so
    /// now, and may find something.
    fn look(&self, lane: usize, select: &mut Select<'_>) -> Option<usize> {
        let (question, place) = (self.question(), &self.lanes[lane]);
        if place.heard.load(Ordering::Relaxed) != question {
            if let Ok(found) = select.try_ready() {
                return Some(found);
            }
            place.heard.store(question, Ordering::Relaxed);
        }
        self.answer(lane, question);
        None
    }

    /// The last question. Who answers it has to look after this.
    fn question(&self) -> u64 {
        let question = self.question.load(Ordering::SeqCst);
        in_one_order();
        question
    }

    fn answer(&self, lane: usize, question: u64) {
        in_one_order();
        self.lanes[lane].answered.store(question, Ordering::SeqCst);
    }

    /// There is nothing to do for the lane just now, by a look that nobody can have changed since.
    #[cfg(test)]
    pub(super) fn rests(&self, lane: usize) {
        self.answer(lane, self.question());
    }

    /// Before the lane does anything that others can see.
    pub(super) fn go_on(&self, lane: usize) {
        let Place { answered, went_on, .. } = &self.lanes[lane];
        if Mutant::CountsFirst.is_on() {
            went_on.fetch_add(1, Ordering::SeqCst);
        }
        // in this order: who asks looks at the count first, and then at the answer
        answered.store(AT_WORK, Ordering::SeqCst);
        in_one_order();
        if !Mutant::CountsFirst.is_on() {
            went_on.fetch_add(1, Ordering::SeqCst);
        }
        in_one_order();
    }

    /// The lane does nothing any more.
    pub(super) fn leave(&self, lane: usize) {
        self.lanes[lane].answered.store(ENDED, Ordering::SeqCst);
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
            in_one_order();
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
        in_one_order();
        self.asked = None;
        if lanes.iter().any(|lane| lane.answered.load(Ordering::SeqCst) == AT_WORK) {
            return;
        }
        in_one_order();
        let question = stillness.question.fetch_add(1, Ordering::SeqCst) + 1;
        in_one_order();
        self.asked = Some((question, before));
        for lane in &*stillness.calls() {
            let _ = lane.try_send(()); // one call is enough
        }
    }
}

#[cfg(all(test, loom))]
#[path = "model_tests.rs"]
mod model_tests;

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn who_has_not_looked_since_the_question_has_not_answered() {
        let stillness = Stillness::new([true, true, false]);
        let mut asker = Asker::default();
        stillness.rests(0);
        assert!(!asker.nothing_moves(&stillness), "the other one is at work");
        stillness.rests(1);
        assert!(!asker.nothing_moves(&stillness), "only now it is asked");
        stillness.rests(0);
        assert!(!asker.nothing_moves(&stillness), "the other one has not looked again");
        stillness.rests(1);
        assert!(asker.nothing_moves(&stillness));
    }

    #[test]
    fn who_goes_on_in_between_takes_the_others_answers_back() {
        let stillness = Stillness::new([true, true]);
        let mut asker = Asker::default();
        [0, 1].into_iter().for_each(|lane| stillness.rests(lane));
        assert!(!asker.nothing_moves(&stillness));
        stillness.rests(0);
        stillness.go_on(1); // and gives something to the one that has just looked
        stillness.rests(1);
        assert!(!asker.nothing_moves(&stillness));
        stillness.leave(1);
        stillness.rests(0);
        assert!(asker.nothing_moves(&stillness));
    }

    #[test]
    fn what_has_come_before_the_question_is_found_before_the_answer() {
        let stillness = Stillness::new([true]);
        let (sender, receiver) = bounded(1);
        let mut asker = Asker::default();
        stillness.rests(0);
        assert!(!asker.nothing_moves(&stillness));
        sender.send(()).expect("there is room");
        let mut select = Select::new();
        let something = select.recv(&receiver);
        assert_eq!(stillness.sleep(0, &mut select, None), Some(something));
        assert!(!asker.nothing_moves(&stillness), "it has gone on");
    }

    #[test]
    fn a_call_is_answered_in_the_middle_of_the_sleep_which_ends_with_the_run() {
        let stillness = Arc::new(Stillness::new([true]));
        let sleeper = stillness.clone();
        let (sender, receiver) = bounded::<()>(1);
        let thread = std::thread::spawn(move || {
            let mut select = Select::new();
            let something = select.recv(&receiver);
            let woken = sleeper.sleep(0, &mut select, None) == Some(something);
            let mut select = Select::new();
            woken && sleeper.sleep(0, &mut select, None).is_some()
        });
        let mut asker = Asker::default();
        while !asker.nothing_moves(&stillness) {
            std::thread::yield_now();
        }
        sender.send(()).expect("it waits for this");
        stillness.end();
        assert!(thread.join().expect("it does not panic"));
    }
}
