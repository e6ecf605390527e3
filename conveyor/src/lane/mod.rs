//! A lane: one worker of one stage, or one of the caller's ends, on its rings.
//!
//! The lane owns its positions: it takes input and fills its outlet privately, and [`Lane::commit`] makes all of it
//! visible at once. Invariants:
//! - the record always describes whole steps, except that a step whose outputs do not fit into the ring commits them in
//!   parts, and counts them in the record;
//! - nothing is waited for with something left uncommitted;
//! - after every commit the neighbours that sleep for it are woken.
//!
//! This layer knows rings, not stages, processes or the graph.

pub(crate) mod intake;
mod last_words;
mod outlet;
mod sleep;

pub(crate) use crate::meter::{DESK_WORDS, Desk, Pace, Phase};
pub(crate) use last_words::{LEN as LAST_WORDS_LEN, LastWords};
pub(crate) use outlet::{Place, Pushing, offer};
pub(crate) use sleep::Futex;

use crate::memory::Pools;
use crate::memory::shared::SharedPool;
use crate::ring::bell::{self, Bell, Patience, Reason};
use crate::ring::record::Record;
use crate::ring::tags::Tags;
use crate::ring::values::{self, Flags};
use crate::ring::writer::Writer;
use crate::sync::{AtomicU32, Ordering};
use crate::{Failure, Result};
use intake::{Intake, Ready};
use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A run is published at the latest after so many messages.
const BATCH_MAX: u64 = 128;

/// What a lane is made of.
pub(crate) struct Parts {
    pub(crate) record: Record<'static>,
    pub(crate) bell: Bell<'static>,
    pub(crate) desk: Desk<'static>,
    /// Not 0 when the run is being stopped.
    pub(crate) stop: &'static AtomicU32,
    /// How many flush marks the caller has asked for: what sources go by.
    pub(crate) marks: &'static AtomicU32,
    /// The caller waits here for lanes without an outlet.
    pub(crate) audience: Bell<'static>,
    pub(crate) patience: Patience,
    pub(crate) intake: Option<Box<dyn Intake>>,
    pub(crate) writer: Option<Writer<'static>>,
    /// The pools of the run, if chunks come by.
    pub(crate) pools: Option<Arc<Pools>>,
    /// The pools that this lane takes chunks from, by the number of their declaration.
    pub(crate) own_pools: Vec<(u32, SharedPool)>,
    /// The outlet's pipe, for error messages.
    pub(crate) outlet_name: &'static str,
    /// Keeps the memory mapped that everything above points into.
    pub(crate) _memory: Arc<dyn Any + Send + Sync>,
}

pub(crate) struct Lane {
    parts: Parts,
    seq: u64,
    /// The private copy of the record.
    values: Vec<u64>,
    flags: Flags,
    pub(crate) pace: Pace,
    batch: u64,
    /// Taken since the last commit.
    uncommitted: u64,
    step: Step,
}

/// The step at work.
#[derive(Default)]
struct Step {
    tags: Tags,
    outputs: u64,
    /// Of these, the ones that are not yet published.
    unpublished: u64,
}

impl Lane {
    pub(crate) fn new(parts: Parts) -> Lane {
        let (seq, values) = parts.record.restore();
        let capacity = parts.writer.as_ref().map_or(u64::MAX, |writer| writer.slots().geometry().capacity);
        // a chunk that is waited for may be in a message that is not yet published
        let batch = if parts.own_pools.is_empty() { BATCH_MAX.min(capacity / 8).max(1) } else { 1 };
        let flags = Flags::unpack(values[values::FLAGS]);
        let mut lane = Lane {
            parts,
            seq,
            values,
            flags,
            pace: Pace::new(batch),
            batch,
            uncommitted: 0,
            step: Step::default(),
        };
        lane.forget_step();
        lane
    }

    pub(crate) fn desk(&self) -> Desk<'static> {
        self.parts.desk
    }

    /// One of the pools that this lane takes chunks from, by the number of its declaration.
    pub(crate) fn own_pool(&self, declared: usize) -> Option<SharedPool> {
        let own = self.parts.own_pools.iter().find(|(number, _)| *number as usize == declared);
        own.map(|(_, pool)| pool.clone())
    }

    /// Messages taken in so far.
    pub(crate) fn taken(&self) -> u64 {
        self.values[values::TAKEN]
    }

    /// Messages given out so far.
    pub(crate) fn given(&self) -> u64 {
        self.values[values::GIVEN]
    }

    /// The position of the message that comes next.
    pub(crate) fn position(&self) -> u64 {
        self.intake().position().unwrap_or_else(|| self.taken())
    }

    fn intake(&self) -> &dyn Intake {
        self.parts.intake.as_deref().expect("only lanes with an inlet are asked for input")
    }

    fn intake_mut(&mut self) -> &mut dyn Intake {
        self.parts.intake.as_deref_mut().expect("only lanes with an inlet are asked for input")
    }

    fn writer(&self) -> &Writer<'static> {
        self.parts.writer.as_ref().expect("only lanes with an outlet push")
    }

    fn writer_mut(&mut self) -> &mut Writer<'static> {
        self.parts.writer.as_mut().expect("only lanes with an outlet push")
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.parts.stop.load(Ordering::Relaxed) != 0
    }

    // ------------------------------------------------------------------------------------------------ input

    /// What the inlet has; waits until it has something. `None` when the deadline has passed.
    ///
    /// # Errors
    /// When the run is being stopped.
    pub(crate) fn input(&mut self, deadline: Option<Instant>) -> Result<Option<Ready>> {
        let (want, passed) = (self.pace.want(), self.flags.epoch);
        match self.intake_mut().poll(want, passed) {
            Ready::Empty => {}
            ready => return self.unless_stopped(Some(ready)),
        }
        self.publish();
        let Parts { intake: Some(intake), bell, patience, stop, .. } = &mut self.parts else {
            return Ok(None);
        };
        let started = Instant::now();
        let ready = bell.wait(Reason::Input, *patience, deadline, &Futex, || {
            if stop.load(Ordering::Relaxed) != 0 {
                return Some(Ready::Empty);
            }
            Some(intake.poll(want, passed)).filter(|ready| *ready != Ready::Empty)
        });
        self.parts.desk.waited_for_input(started.elapsed());
        self.unless_stopped(ready)
    }

    fn unless_stopped(&self, ready: Option<Ready>) -> Result<Option<Ready>> {
        if self.is_stopped() { Err(Failure::stopped()) } else { Ok(ready) }
    }

    /// `messages` of the run are used up.
    #[inline]
    pub(crate) fn take(&mut self, messages: u64) {
        self.intake_mut().take(messages);
        self.values[values::TAKEN] += messages;
        self.uncommitted += messages;
    }

    /// Does a writer sleep because the inlet is full?
    pub(crate) fn is_backed_up(&self) -> bool {
        self.intake().holds_up_writers()
    }

    /// The spans of the run that `input` has found.
    ///
    /// # Safety
    /// A message in them must not be used after it has been taken.
    pub(crate) unsafe fn spans<'a>(&self, len: usize, into: &mut Vec<crate::ring::Span<'a>>) {
        // SAFETY: a slot is released by the commit after its message was taken, and the caller does not use it then.
        unsafe { self.intake().spans(len, into) }
    }

    // ------------------------------------------------------------------------------------------------ steps

    /// Do messages carry tags on the outlet?
    #[inline]
    pub(crate) fn is_tagged(&self) -> bool {
        self.parts.writer.as_ref().is_some_and(|writer| writer.slots().geometry().depth > 0)
    }

    /// The step for the `index`th message of the run begins.
    #[inline]
    pub(crate) fn begin_step(&mut self, index: u64) {
        self.forget_step();
        if self.is_tagged() {
            self.step.tags = self.intake().tags(index);
        }
    }

    /// The step is over, with all its outputs.
    ///
    /// # Errors
    /// When the run is being stopped.
    #[inline]
    pub(crate) fn end_step(&mut self) -> Result<()> {
        if self.step.tags.any_last() {
            self.mark_last()?;
        }
        self.forget_step();
        Ok(())
    }

    /// What was pushed belongs to no input, or its step is over.
    #[inline]
    pub(crate) fn forget_step(&mut self) {
        self.step = Step::default();
        if let Some(writer) = &self.parts.writer
            && writer.slots().geometry().depth > 0
        {
            self.step.tags = Tags::stray(writer.slots().geometry().depth);
        }
    }

    fn mark_last(&mut self) -> Result<()> {
        let tags = self.step.tags;
        if self.step.unpublished > 0 {
            let writer = self.writer();
            writer.slots().set_tags(writer.tail().wrapping_sub(1), &tags);
            return Ok(());
        }
        self.make_room()?;
        let writer = self.writer_mut();
        writer.slots().set_tags(writer.tail(), &tags.tombstone());
        if writer.slots().geometry().arena > 0 {
            writer.placed(writer.arena_tail(), 0);
        }
        self.filled(1);
        Ok(())
    }

    /// A message without a value is at hand: hands it on if somebody further on counts on it.
    ///
    /// # Errors
    /// When the run is being stopped.
    pub(crate) fn pass_tombstone(&mut self) -> Result<()> {
        self.begin_step(0);
        self.end_step()?;
        self.take(1);
        Ok(())
    }

    /// `messages` slots from the tail on hold the outputs of whole steps, or of the step at work.
    #[inline]
    pub(crate) fn filled(&mut self, messages: u64) {
        self.writer_mut().advance(messages);
        self.values[values::GIVEN] += messages;
        self.step.outputs += messages;
        self.step.unpublished += messages;
    }

    /// Slots that can be filled now, in one piece; waits until there is one.
    ///
    /// # Errors
    /// When the run is being stopped.
    #[inline]
    pub(crate) fn make_room(&mut self) -> Result<u64> {
        let writer = self.writer();
        let room = writer.room();
        if room == 0 {
            self.wait_for_room(Reason::Room, |writer| writer.room() > 0, None)?;
        }
        let writer = self.writer();
        Ok(writer.room().min(writer.slots().contiguous(writer.tail())))
    }

    /// The slot at the tail.
    #[inline]
    pub(crate) fn next_slot(&self) -> *mut u8 {
        self.writer().slots().at(self.writer().tail())
    }

    /// Does a reader sleep for lack of input?
    pub(crate) fn reader_sleeps(&self) -> bool {
        self.parts.writer.as_ref().is_some_and(Writer::reader_sleeps)
    }

    /// A timed run of messages.
    pub(crate) fn timed(&mut self, messages: u64, cost: Duration) {
        let waiting = self.parts.intake.as_deref().map_or(0, Intake::waiting);
        self.pace.learn(messages, cost);
        self.parts.desk.timed(messages, cost, waiting);
    }

    /// Waits until the readers have made enough room. `false` when the deadline has passed.
    ///
    /// # Errors
    /// When the run is being stopped.
    pub(crate) fn wait_for_room(
        &mut self,
        reason: Reason,
        enough: impl Fn(&Writer<'static>) -> bool,
        deadline: Option<Instant>,
    ) -> Result<bool> {
        self.writer_mut().refresh();
        if enough(self.writer()) {
            return Ok(true);
        }
        self.publish();
        let Parts { writer: Some(writer), bell, patience, stop, .. } = &mut self.parts else {
            return Ok(false);
        };
        let started = Instant::now();
        let room = bell.wait(reason, *patience, deadline, &Futex, || {
            writer.refresh();
            (enough(writer) || stop.load(Ordering::Relaxed) != 0).then_some(())
        });
        self.parts.desk.waited_for_room(started.elapsed());
        if self.is_stopped() { Err(Failure::stopped()) } else { Ok(room.is_some()) }
    }

    /// Waits until `end` has input or `head` has room, or the run is being stopped. Nothing of either is uncommitted.
    pub(crate) fn wait_for_either(head: &mut Lane, end: &mut Lane) {
        head.publish();
        end.publish();
        let (want, passed) = (end.pace.want(), end.flags.epoch);
        let (head, end) = (&mut head.parts, &mut end.parts);
        let (Some(writer), Some(intake)) = (&mut head.writer, &mut end.intake) else {
            return;
        };
        let bells = [(head.bell, Reason::AnyRoom), (end.bell, Reason::Input)];
        Bell::wait_at_two(bells, end.patience, &Futex, || {
            writer.refresh();
            writer.room() > 0
                || intake.poll(want, passed) != Ready::Empty
                || head.stop.load(Ordering::Relaxed) != 0
        });
    }

    // ------------------------------------------------------------------------------------------------ commits

    /// Is it time to publish? When a batch is full, or a reader sleeps.
    #[inline]
    pub(crate) fn is_due(&self) -> bool {
        let pending = self.parts.writer.as_ref().map_or(0, Writer::pending);
        self.uncommitted >= self.batch || pending >= self.batch || (pending > 0 && self.reader_sleeps())
    }

    /// Commits, if there is something to commit.
    pub(crate) fn publish(&mut self) {
        if self.uncommitted > 0 || self.parts.writer.as_ref().is_some_and(|writer| writer.pending() > 0) {
            self.commit();
        }
    }

    /// Makes everything visible at once: outputs, what was used up, flags.
    pub(crate) fn commit(&mut self) {
        let flags = self.flags.pack();
        let marked = self.values[values::FLAGS] != flags;
        self.values[values::FLAGS] = flags;
        if let Some(writer) = &self.parts.writer {
            self.values[values::TAIL] = writer.tail();
            self.values[values::ARENA] = writer.arena_tail() as u64;
        }
        if let Some(intake) = &self.parts.intake {
            intake.save(&mut self.values);
        }
        self.values[values::PARTIAL] = self.step.outputs;
        self.step.unpublished = 0;
        self.uncommitted = 0;
        self.parts.record.commit(&mut self.seq, &self.values);
        if let Some(intake) = &mut self.parts.intake {
            intake.settle();
        }
        if let Some(pools) = &self.parts.pools {
            pools.release_dropped();
        }
        bell::committed();
        match &mut self.parts.writer {
            Some(writer) => writer.wake_readers(self.values[values::TAIL], marked, &Futex),
            None if marked && self.parts.audience.sleeps_for(&[Reason::Input]) => {
                self.parts.audience.ring(&Futex);
            }
            None => {}
        }
        if let Some(intake) = &mut self.parts.intake {
            intake.wake(&Futex);
        }
    }

    /// Publishes even in the middle of a step, if the lane would otherwise wait for its own chunks.
    #[inline]
    pub(crate) fn part_with_chunks(&mut self) {
        if self.parts.own_pools.iter().any(|(_, pool)| !pool.has_free()) {
            self.commit();
        }
    }

    /// Everything before this flush mark has been dealt with.
    pub(crate) fn pass_mark(&mut self, epoch: u64) {
        self.flags.epoch = epoch;
        self.commit();
    }

    /// A flush mark that the caller has set and this source has not passed yet.
    pub(crate) fn open_mark(&self) -> Option<u64> {
        let marks = u64::from(self.parts.marks.load(Ordering::Acquire));
        (marks > self.flags.epoch).then_some(marks)
    }

    /// The lane gives nothing more.
    pub(crate) fn end(&mut self) {
        self.flags.ended = true;
        self.commit();
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.flags.ended
    }
}
