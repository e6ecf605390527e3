//! The caller's side of a map: what it goes over, with what, and where.

use super::deal::{OnError, Terms, deal};
use super::entry::Entry;
use super::fold::Fold;
use super::gather::{self, Values};
use super::items::Items;
use super::job::{Job, Setup};
use super::outputs::Outputs;
use super::report::MapReport;
use super::share::Init;
use super::task::Run;
use super::workers::{Workers, WorkersBuilder};
use crate::message::{Encoded, Encoder};
use crate::{Context, Error, ErrorKind, Failure, Message, Result};
use std::ops::Range;

/// Calls a kernel for every item, and returns its values in the order of the items; [`Map`] is the same with all options.
///
/// ```
/// let squares = conveyor::map(0..5_u64, |job| job.item * job.item)?;
/// assert_eq!(squares, [0, 1, 4, 9, 16]);
/// # Ok::<(), conveyor::Error>(())
/// ```
///
/// # Errors
/// As for [`Map::run`].
pub fn map<I, K, R>(items: I, kernel: K) -> Result<Vec<R>, Error>
where
    I: Items,
    K: for<'j, 'a> Fn(Job<'j, I::Item<'a>>) -> R + Copy + 'static,
    R: Message,
{
    Map::over(items).run(kernel).map(|mapped| mapped.values)
}

/// A map over items: a kernel is called for each of them, by a pool of workers that share them.
///
/// The *kernel* gets a [`Job`]: the worker, the index, the item, and the item's own part of the outputs. It may run in
/// another process, so it captures nothing: what it needs is given by [`with`](Self::with).
///
/// ```
/// use conveyor::Map;
///
/// let names = ["Ada", "Grace"].map(String::from);
/// let greetings = Map::over(&names).with("Hello".to_owned()).run(|job| format!("{} {}", job.with, job.item))?;
/// assert_eq!(greetings.values, ["Hello Ada", "Hello Grace"]);
/// # Ok::<(), conveyor::Error>(())
/// ```
///
/// How many items a worker gets at a time is decided while the map runs: about half a millisecond of work, and less towards
/// the end.
#[must_use = "a map does nothing until it is run"]
pub struct Map<'m, I, O = (), W = (), S = ()> {
    pub(super) items: I,
    pub(super) out: O,
    pub(super) with: W,
    pub(super) init: Init<W, S>,
    pub(super) workers: Option<&'m Workers>,
    pub(super) pool: WorkersBuilder,
    pub(super) on_error: OnError,
    pub(super) share_len: Option<usize>,
}

/// What a map has given.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Mapped<R> {
    /// What the kernel has returned, in the order of the items.
    pub values: Vec<R>,
    /// What the workers have done.
    pub report: MapReport,
}

impl<I: Items> Map<'_, I> {
    /// Over these items.
    pub fn over(items: I) -> Self {
        Map {
            items,
            out: (),
            with: (),
            init: stateless,
            workers: None,
            pool: WorkersBuilder::default(),
            on_error: OnError::default(),
            share_len: None,
        }
    }
}

/// A worker without a state.
fn stateless<W>(_: Setup<'_, W>) -> Result<()> {
    Ok(())
}

impl<'m, I: Items> Map<'m, I> {
    /// Where the kernel writes: each item has a part of its own, as `job.out`. Several outputs are given as a tuple.
    ///
    /// ```
    /// use conveyor::{Map, SharedArray};
    ///
    /// let numbers = SharedArray::from_fn(1000, |x| x as f64)?;
    /// let mut roots = SharedArray::<f64>::zeros(1000)?;
    /// Map::over(&numbers).output(&mut roots).run(|job| *job.out = job.item.sqrt())?;
    /// assert_eq!(roots[[25]], 5.0);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// Parts are for writing: when a worker dies, what it has written is written again. So a kernel that reads its part
    /// would see what was left there.
    pub fn output<O: Outputs>(self, out: O) -> Map<'m, I, O> {
        let Map { items, with, workers, pool, on_error, share_len, .. } = self;
        Map { items, out, with, init: stateless, workers, pool, on_error, share_len }
    }
}

impl<'m, I: Items, O: Outputs> Map<'m, I, O> {
    /// What the kernel sees as `job.with`. It travels with every share, so what is large belongs into a shared array.
    pub fn with<W: Message>(self, with: W) -> Map<'m, I, O, W> {
        let Map { items, out, workers, pool, on_error, share_len, .. } = self;
        Map { items, out, with, init: stateless, workers, pool, on_error, share_len }
    }
}

impl<'m, I: Items, O: Outputs, W: Message> Map<'m, I, O, W> {
    /// How each worker makes a state of its own, which the kernel sees as `job.state`: a connection, a random number
    /// generator, a buffer. It stays in the worker, and need not be a message.
    ///
    /// It is made when the worker gets its first share of this map. A worker that has panicked makes it again, and so does
    /// one that replaces another.
    ///
    /// ```
    /// use conveyor::Map;
    ///
    /// let map = Map::over(0..1000_u64).init(|setup| Ok(vec![setup.worker as u8; 64]));
    /// let scratch = map.run(|job| {
    ///     job.state.push(job.worker as u8);
    ///     job.state.iter().all(|byte| usize::from(*byte) == job.worker)
    /// })?;
    /// assert!(scratch.values.iter().all(|own| *own));
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn init<S: 'static>(self, init: for<'j> fn(Setup<'j, W>) -> Result<S>) -> Map<'m, I, O, W, S> {
        let Map { items, out, with, workers, pool, on_error, share_len, .. } = self;
        Map { items, out, with, init, workers, pool, on_error, share_len }
    }
}

impl<'m, I: Items, O: Outputs, W: Message, S: 'static> Map<'m, I, O, W, S> {
    /// On workers that are there already. Otherwise the map makes its own.
    pub fn workers(mut self, workers: &'m Workers) -> Self {
        self.workers = Some(workers);
        self
    }

    /// Where the map's own workers run; see [`WorkersBuilder::context`].
    pub fn context(mut self, context: Context) -> Self {
        self.pool = self.pool.context(context);
        self
    }

    /// What becomes of the other items when one has failed. Otherwise they are done.
    pub fn on_error(mut self, on_error: OnError) -> Self {
        self.on_error = on_error;
        self
    }

    /// Every share is so long, but for the last one. Then the same items are always together: so a [`fold`](Self::fold) over
    /// numbers that are rounded gives the same sum every time.
    pub fn share_len(mut self, items: usize) -> Self {
        self.share_len = Some(items.max(1));
        self
    }

    /// Calls the kernel for every item.
    ///
    /// # Errors
    /// When the kernel panics: the error names the worker ([`Error::lane`]) and the index ([`Error::position`]). When
    /// workers cannot be started, or die again and again.
    pub fn run<K, R>(self, kernel: K) -> Result<Mapped<R>, Error>
    where
        K: for<'j, 'a> Fn(Job<'j, I::Item<'a>, O::Part<'a>, W, S>) -> R + Copy + 'static,
        R: Message,
    {
        let _ = kernel; // its type is all that a worker needs
        self.collect(gather::values::<I, O, W, S, K, R>)
    }

    /// The same for a kernel that can fail.
    ///
    /// ```
    /// use conveyor::{ErrorKind, Map};
    ///
    /// let texts = ["1", "two", "3"].map(String::from);
    /// let error = Map::over(&texts).try_run(|job| job.item.parse::<u8>()).unwrap_err();
    /// assert_eq!((error.kind(), error.position()), (ErrorKind::Failed, Some(1)));
    /// assert!(error.to_string().ends_with("failed at item 1: invalid digit found in string"), "{error}");
    /// ```
    ///
    /// # Errors
    /// As for [`run`](Self::run); and when the kernel fails.
    pub fn try_run<K, R, E>(self, kernel: K) -> Result<Mapped<R>, Error>
    where
        K: for<'j, 'a> Fn(Job<'j, I::Item<'a>, O::Part<'a>, W, S>) -> Result<R, E> + Copy + 'static,
        R: Message,
        E: Into<Failure>,
    {
        let _ = kernel; // its type is all that a worker needs
        self.collect(gather::tried_values::<I, O, W, S, K, R, E>)
    }

    /// Calls the kernel for every item, with an accumulator that starts as `initial`: each share has its own, and they are
    /// put together by [`Fold::reduce`].
    ///
    /// ```
    /// use conveyor::Map;
    ///
    /// let sum = Map::over(1..101_u64).fold(0, |sum, job| *sum += job.item).reduce(|a, b| a + b)?;
    /// assert_eq!(sum.value, 5050);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn fold<K, A>(self, initial: A, kernel: K) -> Fold<'m, I, O, W, S, A>
    where
        K: for<'j, 'a> Fn(&mut A, Job<'j, I::Item<'a>, O::Part<'a>, W, S>) + Copy + 'static,
        A: Message,
    {
        let _ = kernel; // its type is all that a worker needs
        Fold { map: self, initial, run: gather::fold::<I, O, W, S, K, A> }
    }

    /// The same for a kernel that can fail.
    pub fn try_fold<K, A, E>(self, initial: A, kernel: K) -> Fold<'m, I, O, W, S, A>
    where
        K: for<'j, 'a> Fn(&mut A, Job<'j, I::Item<'a>, O::Part<'a>, W, S>) -> Result<(), E> + Copy + 'static,
        A: Message,
        E: Into<Failure>,
    {
        let _ = kernel; // its type is all that a worker needs
        Fold { map: self, initial, run: gather::tried_fold::<I, O, W, S, K, A, E> }
    }

    fn collect<R: Message>(self, run: Run) -> Result<Mapped<R>, Error> {
        let mut values = Values::new();
        let report = self.deal(run, |_| (), |first, len, share| values.add(first, len, share))?;
        Ok(Mapped { values: values.in_order(), report })
    }

    /// Deals out the shares. `initial` writes what stands in front of what is the same for all maps.
    pub(super) fn deal(
        self,
        run: Run,
        initial: impl Fn(&mut Encoder),
        take: impl FnMut(usize, usize, &Encoded) -> Result<()>,
    ) -> Result<MapReport, Error> {
        let Map { items, mut out, with, init, workers, pool, on_error, share_len } = self;
        let lent = out.lend(items.len())?;
        if items.is_empty() {
            return Ok(MapReport::default());
        }
        let own = match workers {
            Some(_) => None,
            None => Some(pool.start()?),
        };
        let Some(workers) = workers.or(own.as_ref()) else {
            return Err(Error::new(ErrorKind::Start, "a map without workers"));
        };
        let init = Entry::of(init)?;
        let with = Encoded::of(&with).map_err(|failure| Error::new(failure.kind(), failure).in_map())?;
        let to_processes = workers.context() == Context::Processes;
        if to_processes {
            with.kept().cross_processes()?;
        }
        let write = |range: Range<usize>| {
            let (share, parts) = (items.share(range.clone()), O::share(&lent, range));
            Encoded::by(|to| {
                share.encode(to);
                parts.encode(to);
                initial(to);
                init.encode(to);
                with.encode(to);
            })
        };
        let terms = Terms { run: Entry::of(run)?, items: items.len(), share_len, on_error, to_processes };
        let seat = workers.seat()?;
        deal(&seat, terms, write, take)
    }
}
