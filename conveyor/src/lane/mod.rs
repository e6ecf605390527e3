//! A lane: one worker of one stage, or one of the caller's ends, on its rings.
//!
//! The lane owns its positions: it takes input and fills its outlet privately, and [`Lane::commit`] makes all of it
//! visible at once. Invariants:
//! - the record always describes whole steps, except that a step whose outputs do not fit into the ring, and one that
//!   gives the same outputs whenever it is done, commits them in parts, and counts them in the record;
//! - nothing is waited for with something left uncommitted;
//! - after every commit the neighbours that sleep for it are woken.
//!
//! Its work lies in files by idea: `step`, `room`, `commit`, `drops`, and `outlet`, which puts outputs into their slots;
//! `stretch` does so in bulk; `batch` says how many are published at once. Who takes over from a dead lane goes on by
//! `resume`, and by what the `ledger` says; it looks for the culprit by `replacement`.
//!
//! This layer knows rings, not stages, processes or the graph.

mod batch;
mod commit;
mod counts;
mod drops;
pub(crate) mod intake;
mod last_words;
mod ledger;
mod outlet;
mod replacement;
mod resume;
mod room;
mod step;
mod stretch;

pub(crate) use crate::memory::Futex;
pub(crate) use crate::meter::at_work::{self, Giver, Inside, Row};
pub(crate) use crate::meter::{DESK_WORDS, Desk, Looks, Pace, Phase};
pub(crate) use batch::stretch_max;
pub(crate) use last_words::{LEN as LAST_WORDS_LEN, LastWords};
pub(crate) use ledger::{Ledger, LedgerSize};
pub(crate) use outlet::{Nowhere, Place, Pushing, offer};
pub(crate) use replacement::Again;
pub(crate) use resume::Call;
pub(crate) use stretch::Stretch;

use crate::memory::Pools;
use crate::memory::shared::SharedPool;
use crate::ring::bell::{Bell, Reason};
use crate::ring::patience::{Patience, Temper};
use crate::ring::record::Record;
use crate::ring::tags::Tags;
use crate::ring::values::{self, Flags};
use crate::ring::writer::Writer;
use crate::ring::{Span, WhenFull};
use crate::sync::mutant::Mutant;
use crate::sync::{AtomicU32, Ordering};
use crate::{Failure, Message, Result};
use batch::batch;
use intake::{Intake, Ready};
use replacement::Replacement;
use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

/// What is there for a replacement alone can be left out, to see what it costs: `RUSTFLAGS="--cfg bare"`.
pub(crate) const RESUMES: bool = !cfg!(bare);

/// What a lane is made of.
pub(crate) struct Parts {
    pub(crate) record: Record<'static>,
    pub(crate) bell: Bell<'static>,
    pub(crate) desk: Desk<'static>,
    /// Not 0 when the run is being stopped.
    pub(crate) stop: &'static AtomicU32,
    /// Not 0 when sources are to give nothing more.
    pub(crate) winding_down: &'static AtomicU32,
    /// How many flush marks the caller has asked for: what sources go by.
    pub(crate) marks: &'static AtomicU32,
    /// The caller waits here for lanes without an outlet.
    pub(crate) audience: Bell<'static>,
    pub(crate) patience: Patience,
    pub(crate) intake: Option<Box<dyn Intake>>,
    pub(crate) writer: Option<Writer<'static>>,
    /// The run has pools. Somebody may wait for a chunk as long as it is under way.
    pub(crate) has_pools: bool,
    /// It shares what it reads with other lanes.
    pub(crate) is_share: bool,
    /// The pools of the run, if chunks come by.
    pub(crate) pools: Option<Arc<Pools>>,
    /// The pools that this lane takes chunks from, by the number of their declaration.
    pub(crate) own_pools: Vec<(u32, SharedPool)>,
    /// Where the newest stamp of each of these pools stands in the record.
    pub(crate) stamps: Vec<usize>,
    /// What belongs to a commit and does not fit into the record.
    pub(crate) ledger: Ledger<'static>,
    /// A step may be published in parts even where it could be published whole.
    pub(crate) may_part: bool,
    /// Where the counts of dropped messages stand in the record, if the lane may drop some.
    pub(crate) drops: Option<values::Drops>,
    /// What becomes of outputs when the outlet is full.
    pub(crate) when_full: WhenFull,
    /// Who writes the inlet rings, one after the other.
    pub(crate) givers: Vec<Giver>,
    /// The stages of the lane, as who gives what they give.
    pub(crate) members: Arc<[Giver]>,
    /// The user's word on how many messages are published at once, at most.
    pub(crate) batch: Option<u64>,
    /// How many messages it should take at most before it gives room for others back, where that is more than a few.
    pub(crate) taken_max: u64,
    /// The outlet's pipe, for error messages.
    pub(crate) outlet_name: &'static str,
    /// Whose lane it is, who writes the inlet rings, and who reads the outlet, for error messages.
    pub(crate) name: String,
    pub(crate) giver_names: Vec<String>,
    pub(crate) taker_names: String,
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
    temper: Temper,
    looks: Looks,
    batch: u64,
    /// Taken since the last commit.
    uncommitted: u64,
    step: Step,
    /// Outputs of the first step that a dead predecessor has published already.
    published_before: u64,
    /// What the step at work is, or, of a replacement, that first step.
    call: Call,
    /// Each step of the stage has exactly one output.
    gives_one: bool,
    /// A source with a checkpoint.
    keeps_state: bool,
    /// The stage's state after the last whole step, encoded.
    state: Option<Vec<u8>>,
    /// What a message that found no room needs in the arena, in bytes.
    refused: usize,
    born: Instant,
    replacement: Replacement,
    /// What each stage of the row has taken, if it is one.
    counts: Vec<u64>,
}

/// The step at work.
#[derive(Default)]
struct Step {
    tags: Tags,
    outputs: u64,
    /// How many of these, the first ones, were published in a commit.
    published: u64,
    /// Outputs in slots that are not yet published.
    unpublished: u64,
    /// How far the outlet was when the step began, or when a part of it was published.
    before: OutletPlace,
}

/// How far an outlet is.
#[derive(Clone, Copy, Default)]
struct OutletPlace {
    tail: u64,
    arena: usize,
    given: u64,
    dropped: u64,
}

impl Lane {
    pub(crate) fn new(parts: Parts) -> Lane {
        let (seq, values) = parts.record.restore();
        let batch = batch(&parts);
        let mut flags = Flags::unpack(values[values::FLAGS]);
        flags.ended &= !Mutant::EndForgotten.is_on();
        let temper = Temper::new(parts.patience);
        let is_whole_row = parts.writer.is_none() && parts.intake.is_none();
        let pace = match &parts {
            _ if is_whole_row => Pace::of_whole_row(),
            Parts { has_pools: true, .. } => Pace::beside_pools(batch),
            Parts { is_share: true, .. } => Pace::of_share(batch),
            _ => Pace::new(batch),
        };
        let mut lane = Lane {
            parts,
            seq,
            values,
            flags,
            pace,
            temper,
            looks: Looks::default(),
            batch,
            uncommitted: 0,
            step: Step::default(),
            published_before: 0,
            call: Call::Message,
            gives_one: false,
            keeps_state: false,
            state: None,
            refused: 0,
            born: Instant::now(),
            replacement: Replacement::default(),
            counts: Vec::new(),
        };
        lane.forget_step();
        lane.take_over();
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

    /// A source has failed: at the message that it was to give next.
    pub(crate) fn note_source(&self) {
        if self.parts.intake.is_none() {
            self.parts.desk.note(self.given(), 1);
        }
    }

    /// The position of the message that comes next.
    pub(crate) fn position(&self) -> u64 {
        self.intake().position().unwrap_or_else(|| self.taken())
    }

    /// So many messages are worked on next. Returns how the first one is called: see [`position`](Self::position).
    pub(crate) fn begin_run(&self, messages: usize) -> u64 {
        let (first, place) = (self.position(), self.intake().place());
        at_work::begin(self.parts.givers[place.0 as usize], place.1);
        self.parts.desk.begin(first, messages as u64, place);
        first
    }

    /// The same for what the stages of a row give in `flush` or `finish`: `which` of these calls it is.
    pub(crate) fn begin_finishing(&self, which: u64) {
        let first = self.parts.members.first();
        first.into_iter().for_each(|first| at_work::begin(*first, which));
    }

    /// A row of stages works here.
    pub(crate) fn enter_row(&self, inside: Inside) {
        let (members, desk) = (self.parts.members.clone(), Some(self.parts.desk));
        at_work::enter_row(Some(Row { members, desk, inside }));
    }

    /// Counts in the record; from a damaged number on, too.
    #[inline]
    fn count_up(&mut self, value: usize, more: u64) {
        self.values[value] = self.values[value].wrapping_add(more);
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

    pub(crate) fn has_outlet(&self) -> bool {
        self.parts.writer.is_some()
    }

    pub(crate) fn is_winding_down(&self) -> bool {
        self.parts.winding_down.load(Ordering::Relaxed) != 0
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.parts.stop.load(Ordering::Relaxed) != 0
    }

    /// What the inlet has; waits until it has something. `None` when the deadline has passed; `Empty` when there is
    /// another reason to wait now.
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
        self.parts.desk.note(0, 0); // no message is at work
        let Parts { intake: Some(intake), bell, stop, .. } = &mut self.parts else {
            return Ok(None);
        };
        let reason = intake.reason();
        let mut wait = self.looks.wait(self.temper.awake_looks());
        let ready = bell.wait(reason, &mut self.temper, deadline, &Futex, || {
            wait.look();
            if stop.load(Ordering::Relaxed) != 0 {
                return Some(Ready::Empty);
            }
            let ready = intake.poll(want, passed);
            (ready != Ready::Empty || intake.reason() != reason).then_some(ready)
        });
        let waited = self.looks.waited(&wait);
        match reason {
            Reason::Parked => {
                self.temper.forget();
                self.parts.desk.was_parked(waited);
            }
            _ => {
                self.temper.waited(waited, || intake.has_paid());
                self.parts.desk.waited_for_input(waited);
            }
        }
        self.unless_stopped(ready)
    }

    fn unless_stopped(&self, ready: Option<Ready>) -> Result<Option<Ready>> {
        match ready {
            _ if self.is_stopped() => Err(Failure::stopped()),
            Some(Ready::Damaged(ring)) => Err(self.damaged_inlet(ring)),
            // of its outputs a predecessor has published a part, so the rest has to come, however old it is
            Some(Ready::Surplus { .. }) if self.is_step_published() => Ok(Some(Ready::Run(1))),
            ready => Ok(ready),
        }
    }

    /// `messages` of the run are used up.
    #[inline]
    pub(crate) fn take(&mut self, messages: u64) {
        if messages == 0 && !Mutant::NothingTaken.is_on() {
            return; // the slot before the head may have been committed, and used again
        }
        self.intake_mut().take(messages);
        self.count_up(values::TAKEN, messages);
        self.uncommitted += messages;
        if RESUMES {
            self.published_before = 0;
            self.message_is_over();
        }
    }

    /// A message with changed chunks is committed at once: what they were is kept for one message only.
    #[inline]
    fn message_is_over(&mut self) {
        if let Some(pools) = &self.parts.pools
            && pools.message_is_over(self.taken())
        {
            self.uncommitted = self.uncommitted.max(self.batch);
        }
    }

    /// The lane takes nothing for now: a writer that sleeps until there is more room than there is has to go on.
    pub(crate) fn rouse_writers(&mut self) {
        self.intake_mut().rouse_writers(&Futex);
    }

    /// Is there anything to take?
    pub(crate) fn has_input(&mut self) -> bool {
        let passed = self.flags.epoch;
        self.intake_mut().poll(1, passed) != Ready::Empty
    }

    /// The run that `input` has found. Of a zip there are `parts`.
    ///
    /// # Safety
    /// `len` is not above what was found. A message must not be used after it has been taken, nor when this lane is gone.
    pub(crate) unsafe fn span<'a>(&self, len: usize, parts: &'a mut Vec<Span<'static>>) -> Span<'a> {
        // SAFETY: a slot is released by the commit after its message was taken, and the caller does not use it then.
        unsafe { self.intake().span(len, parts) }
    }

    /// The chunks in the first messages go back to their pools.
    fn discard<T: Message>(&self, messages: usize) -> Result<()> {
        if !T::HOLDS_CHUNKS {
            return Ok(());
        }
        let mut parts = Vec::new();
        // SAFETY: the messages are taken after this, and the span is not used then.
        let span = unsafe { self.span(messages, &mut parts) };
        (0..messages).try_for_each(|index| T::discard(span, index))
    }
}
