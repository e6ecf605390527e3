//! A pool of workers, which can serve any number of maps.

use super::pool::Pool;
use super::report::MapReport;
use crate::context::Overrides;
use crate::graph::plan::WIDTH_MAX;
use crate::sys::cores::cores;
use crate::{Context, Error, ErrorKind, Report};
use std::sync::{Arc, Mutex, PoisonError};

/// A pool of workers, made once for several maps.
///
/// A map that is told of none makes a pool of its own, which takes some milliseconds in processes. On a pool that is
/// there a map starts within microseconds. Several threads may use the same pool, also at the same time; the workers
/// are shared out. A clone is the same pool; the workers end with the last one.
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
#[derive(Clone)]
pub struct Workers(Arc<Pool>);

/// How many workers, and where; see [`Workers::builder`].
#[derive(Clone, Copy, Debug, Default)]
pub struct WorkersBuilder {
    number: Option<usize>,
    context: Option<Context>,
}

/// What is told nothing else; see [`WorkersBuilder::set_default`].
static DEFAULT: Mutex<WorkersBuilder> = Mutex::new(WorkersBuilder { number: None, context: None });

impl WorkersBuilder {
    /// So many workers, at least one. Otherwise there is one per core, or as many as
    /// [the environment](crate#environment-variables) says.
    pub fn number(mut self, workers: usize) -> Self {
        self.number = Some(workers.max(1));
        self
    }

    /// Where they run, unless [the environment](crate#environment-variables) names another context. In the serial context
    /// there is one worker: the thread that runs a map.
    pub fn context(mut self, context: Context) -> Self {
        self.context = Some(context);
        self
    }

    /// From now on this holds for all pools of this program, and for maps that make their own, as far as they are told
    /// nothing else. What is not set here is as it is at first: one worker per core, in the default [`Context`].
    ///
    /// ```
    /// use conveyor::{Context, Map, Workers};
    ///
    /// Workers::builder().context(Context::Threads).number(2).set_default();
    /// # if std::env::var_os("CONVEYOR_CONTEXT").is_none() {
    /// assert_eq!(Workers::new()?.context(), Context::Threads);
    /// assert_eq!(Map::over(0..10_u64).run(|job| job.worker)?.report.workers.len(), 2);
    /// # }
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn set_default(self) {
        *DEFAULT.lock().unwrap_or_else(PoisonError::into_inner) = self;
    }

    /// Starts the workers.
    ///
    /// # Errors
    /// When they cannot be started.
    pub fn start(self) -> Result<Workers, Error> {
        let overrides = Overrides::from_environment()?;
        let default = *DEFAULT.lock().unwrap_or_else(PoisonError::into_inner);
        let context = overrides.context.or(self.context).or(default.context).unwrap_or_default();
        let number = match context {
            Context::Serial => 1,
            _ => self.number.or(overrides.workers).or(default.number).unwrap_or_else(cores),
        };
        if number > WIDTH_MAX {
            let why = format_args!("a pool has at most {WIDTH_MAX} workers, and {number} were asked for");
            return Err(Error::new(ErrorKind::Start, why));
        }
        Pool::start(number, context).map(|pool| Workers(Arc::new(pool)))
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
        self.0.number
    }

    /// Where they run.
    pub fn context(&self) -> Context {
        self.0.context
    }

    /// What the workers have done since they were started: their process ids, how often they were replaced, how long
    /// they were at work. Nothing while a map waits for them, nor in the serial context.
    ///
    /// ```
    /// use conveyor::{Map, Workers};
    ///
    /// let workers = Workers::new()?;
    /// Map::over(0..100_u64).workers(&workers).run(|job| job.item)?;
    /// if let Some(report) = workers.report() {
    ///     println!("{report}");
    /// }
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn report(&self) -> Option<Report> {
        self.0.report()
    }

    /// What all maps together have done on these workers: how long each of them was at work, and on which cores.
    ///
    /// ```
    /// use conveyor::{Map, Workers};
    ///
    /// let workers = Workers::new()?;
    /// for factor in 1..4_u64 {
    ///     Map::over(0..100_u64).with(factor).workers(&workers).run(|job| job.item * job.with)?;
    /// }
    /// let usage = workers.usage();
    /// assert_eq!(usage.workers.iter().map(|worker| worker.items).sum::<usize>(), 300);
    /// for (core, time) in usage.cores.iter().enumerate() {
    ///     println!("core {core}: {time:?}");
    /// }
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn usage(&self) -> MapReport {
        self.0.usage()
    }

    pub(super) fn pool(&self) -> &Pool {
        &self.0
    }
}
