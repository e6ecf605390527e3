//! The course of a map, whoever takes what comes of it: workers, shares, and the end in every worker.

use super::deal::{Taker, Terms, deal, leave};
use super::entry::Entry;
use super::exchange::Seat;
use super::items::Items;
use super::outputs::Outputs;
use super::over::Map;
use super::report::MapReport;
use super::share;
use super::task::Run;
use super::within;
use super::workers::Workers;
use crate::message::{Encoded, Encoder};
use crate::{Context, Error, Failure, Message, Result};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

impl<I: Items, O: Outputs, W: Message, S: 'static> Map<I, O, W, S> {
    /// Deals out the shares. `initial` writes what stands in front of what is the same for all maps.
    ///
    /// # Errors
    /// Of a kernel, a hook, a worker, or of what is encoded.
    pub(super) fn deal(
        &mut self,
        run: Run,
        initial: impl Fn(&mut Encoder),
        taker: &mut impl Taker,
    ) -> Result<MapReport, Error> {
        let items = self.items.len();
        let Some(workers) = self.pool_for(items)? else {
            return self.out.lend(items, 0).map(|_| MapReport::default());
        };
        let lent = self.out.lend(items, workers.number())?;
        let to_processes = workers.context() == Context::Processes;
        let encoded = |encoded: Result<Encoded>| encoded.map_err(unwritten);
        let (initial, with) = (encoded(Encoded::by(initial))?, encoded(Encoded::of(&self.with))?);
        for kept in [initial.kept(), with.kept()] {
            if to_processes {
                kept.cross_processes()?;
            }
        }
        let init = Entry::of(self.init, to_processes)?;
        let write = |range: Range<usize>| {
            let (share, parts) = (self.items.share(range.clone()), O::share(&lent, range));
            Encoded::by(|to| {
                share.encode(to);
                parts.encode(to);
                initial.encode(to);
                init.encode(to);
                with.encode(to);
            })
        };
        let within = || if to_processes { Vec::new() } else { within::pools() };
        let options = &self.options;
        let reads = (options.in_place || O::ARE_READ) && !options.idempotent;
        let terms = Terms {
            run: Entry::of(run, to_processes)?,
            items,
            share_len: options.share_len,
            cost: workers.pool().cost(run),
            on_error: options.on_error,
            once: reads && to_processes, // threads do not die
            within: within(),
            to_processes,
            fixed: [initial.bytes().len() + with.bytes().len(), initial.bytes().len()],
        };
        let seat = workers.pool().seat()?;
        let dealt = catch_unwind(AssertUnwindSafe(|| deal(&seat, terms, write, taker)));
        seat.settle();
        // what a worker keeps beyond plain bytes is let go at once, also if the caller has panicked
        let keeps = options.finishes || std::mem::needs_drop::<S>() || std::mem::needs_drop::<W>();
        let left = if items > 0 && keeps { self.leave(&seat, &within(), to_processes) } else { Ok(()) };
        match dealt {
            Ok(Ok((report, cost))) => {
                workers.pool().keep_cost(run, cost);
                left.map(|()| report)
            }
            Ok(Err(error)) => Err(error),
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Those that the map was given, or some of its own; none if there is nothing to do for them.
    fn pool_for(&self, items: usize) -> Result<Option<Workers>, Error> {
        match &self.options.workers {
            Some(workers) => Ok(Some(workers.clone())),
            None if items == 0 => Ok(None),
            None => self.options.pool.start().map(Some),
        }
    }

    fn leave(&self, seat: &Seat, within: &[u64], to_processes: bool) -> Result<(), Error> {
        let finish: share::Finish<W, S> = self.finish;
        let finish = Entry::of(finish, to_processes)?;
        let args = |meeting: u32| {
            Encoded::by(|to| {
                finish.encode(to);
                to.value(meeting);
            })
        };
        leave(seat, Entry::of(share::leave::<W, S> as Run, to_processes)?, within, args)
    }
}

fn unwritten(failure: Failure) -> Error {
    Error::new(failure.kind(), failure).in_map()
}
