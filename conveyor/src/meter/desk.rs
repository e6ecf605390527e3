//! What a lane tells about itself while it works: where it is, so that an error can name the message, and where its
//! time goes. Plain counters in shared memory, written by the lane alone. Only what the stages of a row have taken belongs to
//! a commit.
//!
//! A lane of several stages has a desk for each; the first is that of the lane, too.

use crate::error::Place;
use crate::sync::{AtomicU64, Ordering};
use std::ops::Range;
use std::time::Duration;

const PHASE: usize = 0;
const POSITION: usize = 1;
const RUN: usize = 2;
const WAIT_INPUT_NS: usize = 3;
const WAIT_ROOM_NS: usize = 4;
const FILL_SUM: usize = 5;
const FILL_COUNT: usize = 6;
const LIFE_NS: usize = 7;
const PLACE: usize = 8;
const MESSAGES: usize = 9;
const PARKED_NS: usize = 10;
const COST_NS: usize = 11;
/// What the run's first message is called: see [`Desk::position`].
const FIRST: usize = 12;
/// Which of its inlet rings the run comes from, and where it starts there.
const RING: usize = 13;
const AT: usize = 14;
/// What the workers before this one have taken.
const BEFORE: usize = 15;
/// Not 0 while it waits in the middle of a message.
const WAITS: usize = 16;
/// See [`Desk::changed_word`].
const CHANGED: usize = 17;
/// What it had taken in this worker when the step of its row began.
const BEGUN: usize = 18;
/// What it will have taken when the next commit is out, and what it had at the one before: they take turns, like the halves of
/// the record.
const AT_COMMIT: usize = 19;
const HISTOGRAM: usize = 21;
/// Bucket `i` counts steps of `2^i` up to `2^(i+1)` nanoseconds.
pub(crate) const BUCKETS: usize = 40;
/// How many words a desk has.
pub(crate) const WORDS: usize = HISTOGRAM + BUCKETS;

/// What a lane is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It has not begun.
    Fresh = 0,
    /// It runs its constructor, or a source gives again what has been given.
    Building = 1,
    /// It processes messages.
    Working = 2,
    /// It runs `flush` or `finish`.
    Finishing = 3,
    /// It is through.
    Through = 4,
    /// It saves its state: the messages that it has worked on are not to blame.
    Saving = 5,
}

#[derive(Clone, Copy)]
pub(crate) struct Desk<'m>(&'m [AtomicU64]);

impl<'m> Desk<'m> {
    /// # Panics
    /// When there are too few words.
    pub(crate) fn new(words: &'m [AtomicU64]) -> Desk<'m> {
        assert!(words.len() >= WORDS, "a desk's size comes from the layout");
        Desk(words)
    }

    /// That of the stage at a place of the lane's row.
    pub(crate) fn of_stage(&self, at: usize) -> Desk<'m> {
        Desk::new(self.0.get(at * WORDS..).unwrap_or(self.0))
    }

    /// The stage of the row at work is kept there, as packed [`Place`].
    pub(crate) fn place_word(&self) -> &'m AtomicU64 {
        &self.0[PLACE]
    }

    /// Not 0 when the lane has changed a chunk that came with a message, or given it away before that was over, and nobody
    /// knows what it was.
    pub(crate) fn changed_word(&self) -> &'m AtomicU64 {
        &self.0[CHANGED]
    }

    /// A stage of the row was at work.
    pub(crate) fn set_place(&self, place: u64) {
        self.place_word().store(place, Ordering::Relaxed);
    }

    /// The stage of the row that was last at work.
    pub(crate) fn place(&self) -> Place {
        Place::unpack(self.get(PLACE))
    }

    /// A stage behind the first of its row has taken so many in this worker.
    pub(crate) fn set_messages(&self, taken: u64) {
        self.0[MESSAGES].store(self.before().wrapping_add(taken), Ordering::Relaxed);
    }

    /// The same, as it belongs to the commit `seq`, which is about to be made.
    pub(crate) fn set_at_commit(&self, seq: u64, taken: u64) {
        self.0[AT_COMMIT + (seq & 1) as usize].store(self.before().wrapping_add(taken), Ordering::Relaxed);
    }

    /// The row begins a step, and a stage behind its first has taken so many in this worker. Nothing of it is committed:
    /// who takes over does not ask.
    pub(crate) fn set_begun(&self, taken: u64) {
        self.0[BEGUN].store(taken, Ordering::Relaxed);
    }

    /// What it had taken in this worker when the step of its row began.
    pub(crate) fn begun(&self) -> u64 {
        self.get(BEGUN)
    }

    /// What it has taken altogether.
    pub(crate) fn messages(&self) -> u64 {
        self.get(MESSAGES)
    }

    /// What it had taken when this worker began.
    pub(crate) fn before(&self) -> u64 {
        self.get(BEFORE)
    }

    /// A worker begins: it goes on with the counts of those before it, as they were at the commit `seq`, or counts everything
    /// again.
    pub(crate) fn go_on(&self, is_again: bool, seq: u64) {
        let before = if is_again { 0 } else { self.get(AT_COMMIT + (seq & 1) as usize) };
        self.0[BEFORE].store(before, Ordering::Relaxed);
    }

    fn add(&self, word: usize, more: u64) {
        let word = &self.0[word];
        word.store(word.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
    }

    fn get(&self, word: usize) -> u64 {
        self.0[word].load(Ordering::Relaxed)
    }

    pub(crate) fn set_phase(&self, phase: Phase) {
        self.0[PHASE].store(phase as u64, Ordering::Release); // who is through has woken everybody
    }

    pub(crate) fn phase(&self) -> Phase {
        match self.0[PHASE].load(Ordering::Acquire) {
            1 => Phase::Building,
            2 => Phase::Working,
            3 => Phase::Finishing,
            4 => Phase::Through,
            5 => Phase::Saving,
            _ => Phase::Fresh,
        }
    }

    /// The lane begins with `run` messages, of which the first is called `position` and stands at `at` in ring `ring` of
    /// its inlet.
    #[inline]
    pub(crate) fn begin(&self, position: u64, run: u64, (ring, at): (u32, u64)) {
        self.note(position, run);
        self.0[FIRST].store(position, Ordering::Relaxed);
        self.0[RING].store(u64::from(ring), Ordering::Relaxed);
        self.0[AT].store(at, Ordering::Relaxed);
    }

    /// The lane works on `run` messages from `position` on.
    #[inline]
    pub(crate) fn note(&self, position: u64, run: u64) {
        self.0[POSITION].store(position, Ordering::Relaxed);
        self.0[RUN].store(run, Ordering::Relaxed);
    }

    /// The message it works on; `None` if that is only known to be one of [`Self::run`].
    pub(crate) fn position(&self) -> Option<u64> {
        self.run().filter(|run| run.end.wrapping_sub(run.start) == 1).map(|run| run.start)
    }

    /// It waits for room or for a chunk, in the middle of a message, or does no longer.
    pub(crate) fn set_waits(&self, waits: bool) {
        self.0[WAITS].store(u64::from(waits), Ordering::Relaxed);
    }

    /// Does it wait for room or for a chunk, in the middle of a message?
    pub(crate) fn waits(&self) -> bool {
        self.get(WAITS) != 0
    }

    /// The messages it works on or saves its state behind, and does not only wait with, where they stand: in which ring of
    /// its inlet, and at which positions there.
    pub(crate) fn at_work(&self) -> Option<(u32, Range<u64>)> {
        let works = matches!(self.phase(), Phase::Working | Phase::Saving) && !self.waits();
        let run = self.noted().filter(|_| works)?;
        let start = self.get(AT).wrapping_add(run.start.wrapping_sub(self.get(FIRST)));
        Some((self.get(RING) as u32, start..start.wrapping_add(run.end.wrapping_sub(run.start))))
    }

    /// Another worker takes the place of one that has died: what that was doing is forgotten, but not what it has done.
    pub(crate) fn clear(&self) {
        self.set_phase(Phase::Fresh);
        self.begin(0, 0, (0, 0));
        self.set_waits(false);
        self.set_place(Place::pack(0, None));
    }

    /// The messages it works on.
    pub(crate) fn run(&self) -> Option<Range<u64>> {
        self.noted().filter(|_| self.phase() == Phase::Working)
    }

    fn noted(&self) -> Option<Range<u64>> {
        let (first, run) = (self.get(POSITION), self.get(RUN));
        (run > 0).then(|| first..first.wrapping_add(run))
    }

    pub(crate) fn waited_for_input(&self, time: Duration) {
        self.add(WAIT_INPUT_NS, time.as_nanos() as u64);
    }

    /// Its fork has done without it.
    pub(crate) fn was_parked(&self, time: Duration) {
        self.add(PARKED_NS, time.as_nanos() as u64);
    }

    pub(crate) fn waited_for_room(&self, time: Duration) {
        self.add(WAIT_ROOM_NS, time.as_nanos() as u64);
    }

    /// A timed run of `messages`; the inlet held `fill` messages.
    pub(crate) fn timed(&self, messages: u64, cost: Duration, fill: u64) {
        let per_message_ns = (cost.as_nanos() as u64 / messages.max(1)).max(1);
        self.add(HISTOGRAM + (per_message_ns.ilog2() as usize).min(BUCKETS - 1), 1);
        self.add(FILL_SUM, fill);
        self.add(FILL_COUNT, 1);
        self.add(COST_NS, cost.as_nanos() as u64);
    }

    /// Of everything that was timed.
    pub(crate) fn cost(&self) -> Duration {
        Duration::from_nanos(self.get(COST_NS))
    }

    /// The lane has been at work, or has waited for work, so much longer.
    pub(crate) fn lived(&self, time: Duration) {
        self.add(LIFE_NS, time.as_nanos() as u64);
    }

    /// From its start to its end; `None` as long as nothing is known of that.
    pub(crate) fn life(&self) -> Option<Duration> {
        Some(Duration::from_nanos(self.get(LIFE_NS))).filter(|life| !life.is_zero())
    }

    pub(crate) fn wait_input(&self) -> Duration {
        Duration::from_nanos(self.get(WAIT_INPUT_NS))
    }

    pub(crate) fn parked(&self) -> Duration {
        Duration::from_nanos(self.get(PARKED_NS))
    }

    pub(crate) fn wait_room(&self) -> Duration {
        Duration::from_nanos(self.get(WAIT_ROOM_NS))
    }

    pub(crate) fn histogram(&self) -> [u64; BUCKETS] {
        std::array::from_fn(|bucket| self.get(HISTOGRAM + bucket))
    }

    /// The mean number of messages in the inlet.
    pub(crate) fn mean_fill(&self) -> f64 {
        self.get(FILL_SUM) as f64 / self.get(FILL_COUNT).max(1) as f64
    }
}
