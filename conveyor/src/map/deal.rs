//! The caller's part of a map: it deals out shares, and takes what comes back.

use super::entry::Entry;
use super::exchange::{Handed, Seat};
use super::pace::{Pace, SHARE_BYTES};
use super::report::MapReport;
use super::task::{Done, Fault, Place, Run, Task};
use super::workers::SHARE_BYTES_MAX;
use crate::message::{Encoded, Kept};
use crate::{Error, ErrorKind, Failure};
use std::collections::BTreeMap;
use std::ops::Range;
use std::time::{Duration, Instant};

/// What becomes of the other items when one has failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OnError {
    /// They are done all the same, but for those behind it in the same share. The map's error is that with the lowest
    /// index.
    #[default]
    Finish,
    /// Shares that have not been handed out yet are left out: each worker has two, one at work and one that lies ready. The map's error is the first one that was seen.
    Stop,
}

/// What there is to deal out.
pub(super) struct Terms {
    pub(super) run: Entry<Run>,
    pub(super) items: usize,
    pub(super) share_len: Option<usize>,
    pub(super) on_error: OnError,
    /// A share must not be begun again.
    pub(super) once: bool,
    /// Workers are other processes, which must find what shares refer to.
    pub(super) to_processes: bool,
}

/// Deals out all items. `write` encodes a share; `take` gets the first item of a share, how many there are, and what
/// came of them.
///
/// # Errors
/// Of a kernel, of a worker, or of `write` and `take`.
pub(super) fn deal(
    seat: &Seat,
    terms: Terms,
    write: impl Fn(Range<usize>) -> Result<Encoded, Failure>,
    mut take: impl FnMut(usize, usize, &Encoded) -> Result<(), Failure>,
) -> Result<MapReport, Error> {
    let started = Instant::now();
    let mut dealer = Dealer::new(seat, terms);
    let dealt = dealer.run(&write, &mut take);
    seat.settle();
    dealt?;
    dealer.report.elapsed = started.elapsed();
    match dealer.error {
        Some((_, error)) => Err(error),
        None => Ok(dealer.report),
    }
}

/// A share that is under way.
struct Share {
    items: usize,
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
        let pace = Pace::new(seat.workers(), terms.share_len);
        let report = MapReport::new(seat.workers());
        Dealer { seat, terms, pace, next: 0, pending: None, under_way: BTreeMap::new(), error: None, report }
    }

    fn run(
        &mut self,
        write: &impl Fn(Range<usize>) -> Result<Encoded, Failure>,
        take: &mut impl FnMut(usize, usize, &Encoded) -> Result<(), Failure>,
    ) -> Result<(), Error> {
        loop {
            self.deal(write)?;
            if self.is_through() {
                return Ok(());
            }
            if let Some(done) = self.seat.next()? {
                self.take(&done, &mut *take)?;
            }
        }
    }

    /// Nothing is under way, and nothing more is dealt out.
    fn is_through(&self) -> bool {
        self.left() == 0 && self.under_way.len() == usize::from(self.pending.is_some())
    }

    fn left(&self) -> usize {
        match self.terms.on_error {
            OnError::Stop if self.error.is_some() => 0,
            _ => self.terms.items - self.next + usize::from(self.pending.is_some()),
        }
    }

    /// Sends as many shares as there may be under way.
    fn deal(&mut self, write: impl Fn(Range<usize>) -> Result<Encoded, Failure>) -> Result<(), Error> {
        while self.left() > 0 && self.seat.may_send() {
            let task = match self.pending.take() {
                Some(task) => *task,
                None => self.task(&write)?,
            };
            if let Handed::Full(task) = self.seat.send(task)? {
                self.pending = Some(task);
                break;
            }
        }
        Ok(())
    }

    /// The next share: shorter than the pace says, if it would be too large.
    fn task(&mut self, write: impl Fn(Range<usize>) -> Result<Encoded, Failure>) -> Result<Task, Error> {
        let mut len = self.pace.next(self.terms.items - self.next);
        let mut args = loop {
            let args = write(self.next..self.next + len).map_err(|failure| self.unwritten(&failure))?;
            if self.terms.to_processes {
                args.kept().cross_processes()?;
            }
            let bytes = args.bytes().len();
            if bytes > SHARE_BYTES_MAX && (len == 1 || self.terms.share_len.is_some()) {
                return Err(self.unwritten(&too_large(bytes)));
            }
            if bytes <= SHARE_BYTES || len == 1 || self.terms.share_len.is_some() {
                break args;
            }
            len = len.div_ceil(2);
        };
        let first = self.next;
        self.next += len;
        let share = Share { items: len, bytes: args.bytes().len(), _kept: args.take_kept() };
        self.under_way.insert(first, share);
        let Terms { run, once, .. } = self.terms;
        let (first, len) = (first as u64, len as u64);
        Ok(Task { run, map: self.seat.map, oldest: 0, number: 0, once, first, len, args })
    }

    fn unwritten(&self, failure: &Failure) -> Error {
        let error = Error::new(failure.kind(), failure).in_processor("map").in_map();
        error.at_position(Some(self.next as u64))
    }

    fn take(
        &mut self,
        done: &Done,
        take: impl FnOnce(usize, usize, &Encoded) -> Result<(), Failure>,
    ) -> Result<(), Error> {
        let first = done.first as usize;
        let share = self.under_way.remove(&first).expect("only shares that were sent come back");
        let Share { items: len, bytes, .. } = share;
        self.report.add(done, len);
        match &done.outcome {
            Ok(gathered) => {
                let bytes = bytes.max(gathered.bytes().len());
                self.pace.measured(len, Duration::from_nanos(done.busy), bytes);
                take(first, len, gathered).map_err(|failure| Error::new(failure.kind(), failure).in_map())
            }
            Err(fault) => {
                self.note(done, fault);
                Ok(())
            }
        }
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

/// Ends a map in every worker: `args` are those of the instance `run`, from the number of the meeting.
///
/// # Errors
/// When the hook fails, or the run.
pub(super) fn leave(
    seat: &Seat,
    run: Entry<Run>,
    args: impl Fn(u32) -> Result<Encoded, Failure>,
) -> Result<(), Error> {
    let task = |meeting, worker| {
        let args = args(meeting).expect("entries and numbers can be encoded");
        // where no item is, each with a place of its own
        let first = u64::MAX - worker;
        Task { run, map: seat.map, oldest: 0, number: 0, once: false, first, len: 0, args }
    };
    let answers = seat.meet(task)?;
    let failed = answers.iter().filter_map(|done| Some((done, done.outcome.as_ref().err()?)));
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
