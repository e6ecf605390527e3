//! The caller's part of a map: it deals out shares, and takes what comes back.

use super::entry::Entry;
use super::exchange::{Handed, Seat};
use super::pace::{Cost, Pace, SHARE_BYTES};
use super::pool::SHARE_BYTES_MAX;
use super::report::MapReport;
use super::task::{Done, Fault, Outcome, Place, Run, Task, lacking};
use crate::message::{Encoded, Kept};
use crate::{Error, ErrorKind, Failure};
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

/// What becomes of the other items when one has failed.
///
/// ```
/// use conveyor::map::OnError;
/// use conveyor::{Map, SharedArray};
///
/// let mut roots = SharedArray::<f64>::zeros(100)?;
/// let map = Map::over(0..100_i32).output(&mut roots).on_error(OnError::Finish);
/// let error = map.try_run(|job| match job.item {
///     50 => Err(conveyor::Failure::new("fifty is refused")),
///     x => Ok(*job.out = f64::from(x).sqrt()),
/// });
/// assert_eq!(error.unwrap_err().position(), Some(50));
/// assert_eq!(roots[[81]], 9.0); // done all the same
/// # Ok::<(), conveyor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnError {
    /// They are done all the same: each item that does well writes its output, and gives its answer if the map was
    /// [started](super::Map::start). The map's error is that with the lowest index.
    #[default]
    Finish,
    /// A share ends where an item fails, and shares that have not been handed out yet are left out: each worker has two, one
    /// at work and one that lies ready. The map's error is the first one that was seen. All items before it have been handed
    /// out, and those that do well give their answers; of those behind it some may.
    Stop,
}

/// What there is to deal out.
pub(super) struct Terms {
    pub(super) run: Entry<Run>,
    pub(super) items: usize,
    pub(super) share_len: Option<usize>,
    /// What an item took in the map before with the same kernel.
    pub(super) cost: Option<Cost>,
    pub(super) on_error: OnError,
    /// A share must not be begun again.
    pub(super) once: bool,
    /// The pools that wait for the map; see `within`.
    pub(super) within: Vec<u64>,
    /// Workers are other processes, which must find what shares refer to.
    pub(super) to_processes: bool,
    /// How many bytes every share has, whatever its length: on the way to the worker, and back.
    pub(super) fixed: [usize; 2],
}

/// Who takes what comes of the shares.
pub(super) trait Taker {
    /// Its shares are dealt out from this seat.
    fn begins(&mut self, _seat: &Seat) {}

    /// A share should not have more items, so that all workers get some at a time.
    fn longest(&self, _workers: usize) -> usize {
        usize::MAX
    }

    /// How many items the next share may have, which should have so many; nothing if no further one is wanted at all.
    fn room(&self, _wanted: usize) -> Option<usize> {
        Some(usize::MAX)
    }

    /// There is no room for a share. Whoever makes some, or wants none any more, rings for the seat.
    fn lacks_room(&self, _wanted: usize) -> bool {
        false
    }

    /// A share is dealt out.
    fn dealt(&mut self, _items: usize) {}

    /// What came of a share.
    ///
    /// # Errors
    /// When it cannot be read.
    fn take(&mut self, share: Gathered<'_>) -> Result<(), Failure>;
}

/// What came of a share.
#[derive(Clone, Copy)]
pub(super) struct Gathered<'g> {
    pub(super) first: usize,
    pub(super) items: usize,
    pub(super) worker: usize,
    /// Items without an answer: from each first one to the one behind the last, in order.
    pub(super) missing: &'g [(u64, u64)],
    pub(super) encoded: &'g Encoded,
}

impl Gathered<'_> {
    pub(super) fn answers(&self) -> usize {
        self.items.saturating_sub(lacking(self.missing))
    }
}

/// Deals out all items. `write` encodes a share. Gives the report, and what an item takes.
///
/// # Errors
/// Of a kernel, of a worker, or of `write` and the taker.
pub(super) fn deal(
    seat: &Seat,
    terms: Terms,
    write: impl Fn(Range<usize>) -> Result<Encoded, Failure>,
    taker: &mut impl Taker,
) -> Result<(MapReport, Option<Cost>), Error> {
    let started = Instant::now();
    taker.begins(seat);
    let mut dealer = Dealer::new(seat, terms);
    dealer.run(&write, taker)?;
    dealer.report.elapsed = started.elapsed();
    match dealer.error {
        Some((_, error)) => Err(error),
        None => Ok((dealer.report, dealer.pace.cost())),
    }
}

/// A share that is under way.
struct Share {
    items: usize,
    /// Beyond the fixed ones.
    bytes: usize,
    /// What it refers to. It is kept here and not by the message, so that it is free again when the map is over.
    _kept: Kept,
}

struct Dealer<'s> {
    seat: &'s Seat,
    terms: Terms,
    pace: Pace,
    /// The first item that has not been dealt out.
    next: usize,
    /// There was no room for it.
    pending: Option<Box<Task>>,
    /// Shares under way, by the first item.
    under_way: BTreeMap<usize, Share>,
    /// With the index of its item.
    error: Option<(u64, Error)>,
    report: MapReport,
}

impl Dealer<'_> {
    fn new(seat: &Seat, terms: Terms) -> Dealer<'_> {
        let pace = Pace::new(seat.workers(), terms.share_len, terms.cost);
        let report = MapReport::new(seat.workers());
        Dealer { seat, terms, pace, next: 0, pending: None, under_way: BTreeMap::new(), error: None, report }
    }

    fn run(
        &mut self,
        write: &impl Fn(Range<usize>) -> Result<Encoded, Failure>,
        taker: &mut impl Taker,
    ) -> Result<(), Error> {
        loop {
            self.deal(write, taker)?;
            let sends = self.is_left() && self.goes_on(taker);
            if !sends || self.pending.is_none() && taker.lacks_room(self.wanted(taker)) {
                self.seat.rests();
            }
            let is_idle = self.under_way.len() == usize::from(self.pending.is_some());
            if is_idle && !sends {
                return Ok(());
            }
            if let Some(done) = self.seat.next()? {
                self.take(done, taker)?;
            }
        }
    }

    fn is_left(&self) -> bool {
        self.pending.is_some() || self.next < self.terms.items
    }

    /// How many items the next share should have; 0 if none is left.
    fn wanted(&self, taker: &impl Taker) -> usize {
        let left = self.terms.items - self.next;
        self.pace.next(left).min(taker.longest(self.seat.workers())).min(left)
    }

    /// Nobody has said that it is enough.
    fn goes_on(&self, taker: &impl Taker) -> bool {
        taker.room(self.wanted(taker)).is_some()
            && !(self.terms.on_error == OnError::Stop && self.error.is_some())
    }

    /// Sends as many shares as there may be under way.
    fn deal(
        &mut self,
        write: impl Fn(Range<usize>) -> Result<Encoded, Failure>,
        taker: &mut impl Taker,
    ) -> Result<(), Error> {
        while self.is_left() && self.goes_on(taker) && self.seat.may_send() {
            let task = match self.pending.take() {
                Some(task) => *task,
                None => match taker.room(self.wanted(taker)).unwrap_or(0).min(self.wanted(taker)) {
                    0 => break,
                    len => self.task(&write, len, taker)?,
                },
            };
            if let Handed::Full(task) = self.seat.send(task)? {
                self.pending = Some(task);
                break;
            }
        }
        Ok(())
    }

    /// The next share: shorter, if it would be too large.
    fn task(
        &mut self,
        write: impl Fn(Range<usize>) -> Result<Encoded, Failure>,
        mut len: usize,
        taker: &mut impl Taker,
    ) -> Result<Task, Error> {
        let (mut args, bytes) = loop {
            let args = write(self.next..self.next + len).map_err(|failure| self.unwritten(&failure))?;
            if self.terms.to_processes {
                args.kept().cross_processes()?;
            }
            let bytes = args.bytes().len();
            let own = bytes - self.terms.fixed[0].min(bytes);
            if bytes > SHARE_BYTES_MAX && (len == 1 || self.terms.share_len.is_some()) {
                return Err(self.unwritten(&too_large(bytes)));
            }
            if own <= SHARE_BYTES || len == 1 || self.terms.share_len.is_some() {
                break (args, own);
            }
            len = len.div_ceil(2);
        };
        let first = self.next;
        self.next += len;
        taker.dealt(len);
        let share = Share { items: len, bytes, _kept: args.take_kept() };
        self.under_way.insert(first, share);
        let Terms { run, once, on_error, .. } = self.terms;
        let (map, within, stops) = (self.seat.map, self.terms.within.clone(), on_error == OnError::Stop);
        let (first, len) = (first as u64, len as u64);
        Ok(Task { map, once, stops, within, first, len, ..Task::new(run, args) })
    }

    fn unwritten(&self, failure: &Failure) -> Error {
        let error = Error::new(failure.kind(), failure).in_processor("map").in_map();
        error.at_position(Some(self.next as u64))
    }

    fn take(&mut self, done: Done, taker: &mut impl Taker) -> Result<(), Error> {
        let first = done.first as usize;
        let share = self.under_way.remove(&first).expect("only shares that were sent come back");
        let Share { items, bytes, .. } = share;
        self.report.add(&done, items);
        let Outcome { gathered: encoded, missing, fault } = &done.outcome;
        match fault {
            Some(fault) => self.note(&done, fault),
            None => {
                let bytes = bytes.max(encoded.bytes().len().saturating_sub(self.terms.fixed[1]));
                self.pace.measured(items, Duration::from_nanos(done.at_items), bytes);
            }
        }
        let gathered = Gathered { first, items, worker: done.worker as usize, missing, encoded };
        taker.take(gathered).map_err(|failure| Error::new(failure.kind(), failure).in_map())
    }

    fn note(&mut self, done: &Done, fault: &Fault) {
        let (at, position) = match fault.place {
            Place::Item(index) => (index, Some(index)),
            Place::Share | Place::Init | Place::Finish => (done.first, None),
        };
        let is_first = match (&self.error, self.terms.on_error) {
            (None, _) => true,
            (Some((lowest, _)), OnError::Finish) => at < *lowest,
            (Some(_), OnError::Stop) => false,
        };
        if is_first {
            self.error = Some((at, error_of(done, fault, self.seat.workers()).at_position(position)));
        }
    }
}

/// What a share or a hook has failed with.
fn error_of(done: &Done, fault: &Fault, workers: usize) -> Error {
    let kind = if fault.panicked { ErrorKind::Panicked } else { ErrorKind::Failed };
    let name = match fault.place {
        Place::Share | Place::Item(_) => "kernel",
        Place::Init => "init",
        Place::Finish => "finish",
    };
    Error::new(kind, &fault.text).in_processor(name).in_map().in_lane(done.worker, workers as u32)
}

/// Ends a map in every worker, which pools may wait for: `args` are those of the instance `run`, from the number of the meeting.
///
/// # Errors
/// When the hook fails, or the run.
pub(super) fn leave(
    seat: &Seat,
    run: Entry<Run>,
    within: &[u64],
    args: impl Fn(u32) -> Result<Encoded, Failure>,
) -> Result<(), Error> {
    let task = |meeting, worker| {
        let args = args(meeting).expect("entries and numbers can be encoded");
        // where no item is, each with a place of its own
        let first = u64::MAX - worker;
        Task { map: seat.map, within: within.to_vec(), first, ..Task::new(run, args) }
    };
    let answers = seat.meet(task)?;
    let failed = answers.iter().filter_map(|done| Some((done, done.outcome.fault.as_ref()?)));
    let first = failed.min_by_key(|(done, _)| done.worker);
    first.map_or(Ok(()), |(done, fault)| Err(error_of(done, fault, seat.workers())))
}

#[cold]
fn too_large(bytes: usize) -> Failure {
    Failure::new(format_args!(
        "a share of {bytes} bytes is more than the {SHARE_BYTES_MAX} that travel at a time: large items belong into a \
         shared array"
    ))
}
