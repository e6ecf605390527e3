//! What stands behind [`Workers`](super::Workers): a pipeline that is started once, and the run that maps share.

use super::board::Board;
use super::exchange::{Exchange, Seat};
use super::home::Home;
use super::pace::Cost;
use super::report::MapReport;
use super::task::{Done, Run, Task};
use super::within;
use crate::private::fallbacks::*;
use crate::private::{
    Accepted, Amount, At, Borrowing, FlowsInto, IsDeclared, Scope, Settings, Travels, Wiring, Written,
    between, declare, ends, evaluated, map, port,
};
use crate::{Context, Error, ErrorKind, Pipeline, Report, SharedArray};
use std::collections::BTreeMap;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// So many places for each worker has the pipe of the tasks: a share may take as long as so many others of each worker, and
/// nobody waits for it. Threads free each place on its own.
fn places(context: Context) -> usize {
    match context {
        Context::Processes => 8192,
        _ => 64,
    }
}

/// How large a share may be, in bytes, on its way to the worker or back. Memory is taken as it is needed.
pub(super) const SHARE_BYTES_MAX: usize = 256 << 20;
/// How large what is gathered in a share may be, so that its answer is no larger.
pub(super) const GATHERED_BYTES_MAX: usize = SHARE_BYTES_MAX - 4096;

/// The workers.
pub(super) struct Pool {
    pipeline: Pipeline<Task, Done>,
    pub(super) number: usize,
    pub(super) context: Context,
    board: Board,
    /// What all maps together have done.
    usage: Arc<Mutex<MapReport>>,
    /// What an item took in the last map with a kernel, by the address of its instance.
    costs: Mutex<BTreeMap<usize, Cost>>,
    /// The run that all maps share. In the serial context there is none: each map has a run of its own, because a run
    /// belongs to the thread that has started it.
    run: Option<Mutex<Arc<Exchange>>>,
    started: Instant,
}

impl Pool {
    /// # Errors
    /// When the workers cannot be started.
    pub(super) fn start(number: usize, context: Context) -> Result<Pool, Error> {
        let board = Board::new(number, context)?;
        let pipeline = pipeline(number, places(context), board.words()).context(context);
        let usage = Arc::new(Mutex::new(MapReport::new(number)));
        let (costs, started) = (Mutex::default(), Instant::now());
        let mut pool = Pool { pipeline, number, context, board, usage, costs, run: None, started };
        if context != Context::Serial {
            pool.run = Some(Mutex::new(pool.exchange()?));
        }
        Ok(pool)
    }

    fn exchange(&self) -> Result<Arc<Exchange>, Error> {
        let workers = (self.number, self.context);
        Exchange::start(&self.pipeline, workers, &self.board, self.usage.clone()).map(Arc::new)
    }

    fn run(&self) -> Option<MutexGuard<'_, Arc<Exchange>>> {
        Some(self.run.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn report(&self) -> Option<Report> {
        self.run()?.report()
    }

    pub(super) fn usage(&self) -> MapReport {
        let usage = self.usage.lock().unwrap_or_else(PoisonError::into_inner).clone();
        MapReport { elapsed: self.started.elapsed(), ..usage }
    }

    fn costs(&self) -> MutexGuard<'_, BTreeMap<usize, Cost>> {
        self.costs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What an item took in the last map with this kernel.
    pub(super) fn cost(&self, kernel: Run) -> Option<Cost> {
        self.costs().get(&(kernel as usize)).copied()
    }

    /// There was a map with it.
    pub(super) fn keep_cost(&self, kernel: Run, cost: Option<Cost>) {
        if let Some(cost) = cost {
            self.costs().insert(kernel as usize, cost);
        }
    }

    /// # Errors
    /// In a thread that is one of its workers, or that one of them waits for: a map would wait for that one.
    pub(super) fn is_free(&self) -> Result<(), Error> {
        if self.run.is_some() && within::waits(&self.board) {
            return Err(Error::new(
                ErrorKind::Start,
                "a kernel cannot run a map on workers that wait for it, because it would wait for itself: leave out \
                 `.workers(..)` there, or give it a pool of its own",
            )
            .in_map());
        }
        Ok(())
    }

    /// A place for a map. Workers that have ended with an error are started again.
    ///
    /// # Errors
    /// When they cannot be, and as [`is_free`](Self::is_free).
    pub(super) fn seat(&self) -> Result<Seat, Error> {
        self.is_free()?;
        let Some(mut run) = self.run() else {
            return Ok(Seat::new(self.exchange()?));
        };
        if run.has_failed() {
            *run = self.exchange()?;
        }
        Ok(Seat::new(run.clone()))
    }
}

/// ```text
/// pipeline! {
///     <Task -> Done>(workers: usize, places: usize, board: SharedArray<AtomicU32>);
///     processor kernel [stateless] = Home::new(Board::of(board.clone()));
///     pipe(places * workers) -> balanced fork(workers) { kernel } -> pipe [batch = 1] -> join merge;
/// }
/// ```
/// A declaration cannot start with a pipe; this one, by hand, can. There are so few tasks under way (see `exchange`) that
/// whoever is free takes one at a time. The pipe has room for more, because the places of what is done become free in
/// their order, and one share may take longer than many others. Each answer is committed at once: so a worker that dies
/// has begun one share at most that nobody has an answer to.
fn pipeline(workers: usize, places: usize, board: SharedArray<AtomicU32>) -> Pipeline<Task, Done> {
    static TABLE: Written = Written::new(
        "workers",
        "Input input - - - inserted \n\
         Pipe pipe 0 - - written \n\
         Balance fork 1 - - written \n\
         Processor kernel 2 2 - written \n\
         Pipe answers 3 2 - written \n\
         Merge join 4 - - written \n\
         Output output 5 - - inserted ",
        "",
        "",
    );
    type Given = (usize, usize, SharedArray<AtomicU32>);
    type Params = Scope<Given, ()>;
    declare(
        (workers, places, board),
        |(workers, places, _): &Given, settings: &mut Settings| {
            settings.capacity(1, evaluated(*places * *workers).by(Amount::amount));
            settings.limit_bytes(1, evaluated(SHARE_BYTES_MAX).by(Amount::amount));
            settings.width(2, evaluated(workers).by(Amount::amount));
            settings.stateless(3, true);
            settings.batch(4, 1);
            settings.limit_bytes(4, evaluated(SHARE_BYTES_MAX).by(Amount::amount));
        },
        |w: &mut Wiring<'_, Params>| {
            w.table(&TABLE);
            let kernel = w
                .element(map(), |Scope { params: (.., board), .. }: &Params| {
                    Ok(Home::new(Board::of(board.clone())))
                })
                .accepted(Accepted::accepted, Borrowing::borrowing);
            between(port::<Task>(), kernel.node().input).holds(FlowsInto::flows);
            let join = kernel.node().gives(Travels::travels);
            w.row(0, &[3], At::<0, _>(kernel.recipe.kept())).composed();
            between(port::<Done>(), join).agrees(IsDeclared::declared);
            ends(port::<Task>().checked(Travels::travels), join.or_closed(), kernel.rate())
        },
    )
    .pipeline()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Map, Workers};

    #[test]
    fn what_items_take_is_known_by_kernel() {
        let workers = Workers::builder().number(1).context(Context::Threads).start().unwrap();
        for _ in 0..2 {
            Map::over(0..10_u64).workers(&workers).run(|job| job.item).unwrap();
            assert_eq!(workers.pool().costs().len(), 1);
        }
        Map::over(0..10_u64).workers(&workers).run(|job| job.item + 1).unwrap();
        assert_eq!(workers.pool().costs().len(), 2);
    }
}
