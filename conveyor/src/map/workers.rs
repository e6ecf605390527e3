//! A pool of workers, which can serve any number of maps: a pipeline that is started once.

use super::board::Board;
use super::exchange::{Exchange, Seat};
use super::home::Home;
use super::task::{Done, Task};
use crate::context::Overrides;
use crate::private::fallbacks::*;
use crate::private::{
    Accepted, Amount, At, Borrowing, FlowsInto, IsDeclared, Scope, Settings, Travels, Wiring, Written,
    between, declare, ends, evaluated, map, port,
};
use crate::{Context, Error, Pipeline, Report, SharedArray};
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError};

/// So many places for each worker has the pipe of the tasks.
const SLOTS: usize = 64;

/// How large a share may be, in bytes, on its way to the worker or back. Memory is taken as it is needed.
pub(super) const SHARE_BYTES_MAX: usize = 256 << 20;

/// A pool of workers, made once for several maps.
///
/// A map that is told of none makes a pool of its own, which takes some milliseconds in processes. On a pool that is
/// there a map starts within microseconds. Several threads may use the same pool, also at the same time; the workers
/// are shared out. Dropping it ends the workers.
///
/// A worker process that dies is replaced, and its share is done again. Only a share that kills its worker again and
/// again ends the workers, and all maps on them, with an error; the next map starts them anew.
///
/// ```
/// use conveyor::{Map, Workers};
///
/// let workers = Workers::new()?;
/// let squares = Map::over(0..5_u64).workers(&workers).run(|job| job.item * job.item)?.values;
/// let words = ["to", "be"].map(String::from);
/// let lengths = Map::over(&words).workers(&workers).run(|job| job.item.len())?.values;
/// assert_eq!((squares, lengths), (vec![0, 1, 4, 9, 16], vec![2, 2]));
/// # Ok::<(), conveyor::Error>(())
/// ```
pub struct Workers {
    pipeline: Pipeline<Task, Done>,
    number: usize,
    context: Context,
    board: Board,
    /// The run that all maps share. In the serial context there is none: each map has a run of its own, because a run
    /// belongs to the thread that has started it.
    run: Option<Mutex<Arc<Exchange>>>,
}

/// How many workers, and where; see [`Workers::builder`].
#[derive(Clone, Copy, Debug, Default)]
pub struct WorkersBuilder {
    number: Option<usize>,
    context: Option<Context>,
}

impl WorkersBuilder {
    /// So many workers, at least one. Otherwise there is one per core, or as many as the environment variable
    /// `CONVEYOR_WORKERS` says.
    pub fn number(mut self, workers: usize) -> Self {
        self.number = Some(workers.max(1));
        self
    }

    /// Where they run; the environment variable `CONVEYOR_CONTEXT` overrides it. In the serial context there is one
    /// worker: the thread that runs a map.
    pub fn context(mut self, context: Context) -> Self {
        self.context = Some(context);
        self
    }

    /// Starts the workers.
    ///
    /// # Errors
    /// When they cannot be started.
    pub fn start(self) -> Result<Workers, Error> {
        let overrides = Overrides::from_environment()?;
        let context = overrides.context.or(self.context).unwrap_or_default();
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let number = match context {
            Context::Serial => 1,
            _ => self.number.or(overrides.workers).unwrap_or_else(cores),
        };
        let board = Board::new(number, context)?;
        let pipeline = pipeline(number, board.words()).context(context);
        let run = match context {
            Context::Serial => None,
            _ => Some(Mutex::new(Arc::new(Exchange::start(&pipeline, number, &board)?))),
        };
        Ok(Workers { pipeline, number, context, board, run })
    }
}

impl Workers {
    /// One worker per core, in the default context.
    ///
    /// # Errors
    /// When they cannot be started.
    pub fn new() -> Result<Workers, Error> {
        Workers::builder().start()
    }

    /// To choose how many workers, and where.
    ///
    /// ```
    /// use conveyor::{Context, Workers};
    ///
    /// let workers = Workers::builder().number(3).context(Context::Threads).start()?;
    /// assert_eq!(workers.number(), 3);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn builder() -> WorkersBuilder {
        WorkersBuilder::default()
    }

    /// How many workers there are.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Where they run.
    pub fn context(&self) -> Context {
        self.context
    }

    /// What the workers have done since they were started: their process ids, how often they were replaced, how long
    /// they were at work. Nothing while a map waits for them, nor in the serial context.
    pub fn report(&self) -> Option<Report> {
        self.run.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner).report()
    }

    /// A place for a map. Workers that have ended with an error are started again.
    pub(super) fn seat(&self) -> Result<Seat, Error> {
        let start = || Exchange::start(&self.pipeline, self.number, &self.board).map(Arc::new);
        let Some(run) = &self.run else {
            return Ok(Seat::new(start()?));
        };
        let mut run = run.lock().unwrap_or_else(PoisonError::into_inner);
        if run.has_failed() {
            *run = start()?;
        }
        Ok(Seat::new(run.clone()))
    }
}

/// ```text
/// pipeline! {
///     <Task -> Done>(workers: usize, board: SharedArray<AtomicU32>);
///     processor kernel [stateless] = Home::new(Board::of(board.clone()));
///     pipe(64 * *workers) -> balanced fork(workers) { kernel } -> pipe [batch = 1] -> join merge;
/// }
/// ```
/// A declaration cannot start with a pipe; this one, by hand, can. There are so few tasks under way (see `exchange`) that
/// whoever is free takes one at a time. The pipe has room for more, because the places of what is done become free in
/// their order, and one share may take longer than many others. Each answer is committed at once: so a worker that dies
/// has begun one share at most that nobody has an answer to.
fn pipeline(workers: usize, board: SharedArray<AtomicU32>) -> Pipeline<Task, Done> {
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
    type Given = (usize, SharedArray<AtomicU32>);
    type Params = Scope<Given, ()>;
    declare(
        (workers, board),
        |(workers, _): &Given, settings: &mut Settings| {
            settings.capacity(1, evaluated(SLOTS * *workers).by(Amount::amount));
            settings.limit_bytes(1, evaluated(SHARE_BYTES_MAX).by(Amount::amount));
            settings.width(2, evaluated(workers).by(Amount::amount));
            settings.stateless(3, true);
            settings.batch(4, 1);
            settings.limit_bytes(4, evaluated(SHARE_BYTES_MAX).by(Amount::amount));
        },
        |w: &mut Wiring<'_, Params>| {
            w.table(&TABLE);
            let kernel = w
                .element(map(), |Scope { params: (_, board), .. }: &Params| {
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
