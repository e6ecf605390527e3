//! What the caller writes: what a map goes over, with what, and where.

use super::deal::OnError;
use super::items::Items;
use super::job::Setup;
use super::outputs::Outputs;
use super::share::{Finish, Init};
use super::shelf::Bounds;
use super::workers::{Workers, WorkersBuilder};
use crate::{Context, Message, Result};

/// A map over items: a kernel is called for each of them, by a pool of workers that share them.
///
/// The *kernel* gets a [`Job`](super::Job): the worker, the index, the item, and the item's own part of the outputs. It
/// may run in another process, so it captures nothing: what it needs is given by [`with`](Self::with).
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
/// ```compile_fail,E0080
/// let factor = 3;
/// let tripled = conveyor::Map::over(0..10).run(move |job| factor * job.item); // captures `factor`
/// ```
///
/// How many items a worker gets at a time is decided while the map runs: two to ten milliseconds of work, and less
/// towards the end, a part of what is left, as in *guided self-scheduling* (Polychronopoulos and Kuck, 1987).
#[must_use = "a map does nothing until it is run"]
pub struct Map<I, O = (), W = (), S = ()> {
    pub(super) items: I,
    pub(super) out: O,
    pub(super) with: W,
    pub(super) init: Init<W, S>,
    pub(super) finish: Finish<W, S>,
    pub(super) options: Options,
}

/// What has no type of its own.
#[derive(Clone, Default)]
pub(super) struct Options {
    pub(super) workers: Option<Workers>,
    /// Otherwise.
    pub(super) pool: WorkersBuilder,
    pub(super) on_error: OnError,
    pub(super) share_len: Option<usize>,
    /// The kernel reads its part of the outputs.
    pub(super) in_place: bool,
    pub(super) idempotent: bool,
    /// Of a map that is started.
    pub(super) bounds: Bounds,
    /// There is a hook for the end.
    pub(super) finishes: bool,
}

impl<I: Items> Map<I> {
    /// Over these items.
    pub fn over(items: I) -> Self {
        Map { items, out: (), with: (), init: stateless, finish: let_go, options: Options::default() }
    }

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
    /// Parts are for writing: when a worker dies, what it has written is written again. A kernel that reads its part
    /// first would see what was left there; see [`in_place`](Self::in_place).
    pub fn output<O: Outputs>(self, out: O) -> Map<I, O> {
        let Map { items, options, .. } = self;
        Map { items, out, with: (), init: stateless, finish: let_go, options }
    }

    /// The same for a kernel that reads its part, and changes it in place.
    ///
    /// When a worker dies in a share of such a map, nobody knows which of its items were changed already: the map ends
    /// with an error, unless it is declared [`idempotent`](Self::idempotent).
    ///
    /// ```
    /// use conveyor::{Map, SharedArray};
    ///
    /// let mut numbers = SharedArray::from_fn(1000, |x| x as f64)?;
    /// Map::over(0..1000).in_place(&mut numbers).run(|job| *job.out *= 3.0)?;
    /// assert_eq!(numbers[[25]], 75.0);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn in_place<O: Outputs>(self, out: O) -> Map<I, O> {
        let mut map = self.output(out);
        map.options.in_place = true;
        map
    }
}

/// A worker without a state.
fn stateless<W>(_: Setup<'_, W>) -> Result<()> {
    Ok(())
}

/// A state that is dropped in the end.
fn let_go<W, S>(_: Setup<'_, W>, state: S) -> Result<()> {
    drop(state);
    Ok(())
}

impl<I: Items, O: Outputs> Map<I, O> {
    /// What the kernel sees as `job.with`. It travels with every share, so what is large belongs into a
    /// [`SharedArray`](crate::SharedArray), which is no more than a handle there.
    ///
    /// Such a handle ends with the map, and so must its clones: one that the kernel puts into a `static` variable, in a
    /// worker that is a process, sees what its owner writes after the map without either knowing of the other.
    pub fn with<W: Message>(self, with: W) -> Map<I, O, W> {
        let Map { items, out, options, .. } = self;
        Map { items, out, with, init: stateless, finish: let_go, options }
    }
}

impl<I: Items, O: Outputs, W: Message> Map<I, O, W> {
    /// How each worker makes a state of its own, which the kernel sees as `job.state`: a connection, a random number
    /// generator, a buffer. It stays in the worker, and need not be a message.
    ///
    /// It is made when the worker gets its first share of this map, and dropped there at the end of it, or handed to
    /// [`finish`](Map::finish). A worker that has panicked makes it again, and so does one that replaces another.
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
    pub fn init<S: 'static>(self, init: for<'j> fn(Setup<'j, W>) -> Result<S>) -> Map<I, O, W, S> {
        let Map { items, out, with, options, .. } = self;
        Map { items, out, with, init, finish: let_go, options }
    }
}

impl<I: Items, O: Outputs, W: Message, S: 'static> Map<I, O, W, S> {
    /// What each worker does with its state when all shares are done, also if some of them have failed. A worker
    /// without a state, which got no share of this map, does nothing; and the state of one that has died or panicked is gone.
    ///
    /// ```
    /// use conveyor::{Map, SharedArray};
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// let counted = SharedArray::<AtomicU64>::zeros(1)?;
    /// let map = Map::over(0..1000_u64).with(counted.clone()).init(|_| Ok(0));
    /// let map = map.finish(|end, count| {
    ///     end.with[[0]].fetch_add(count, Ordering::Relaxed);
    ///     Ok(())
    /// });
    /// map.run(|job| *job.state += 1)?;
    /// assert_eq!(counted[[0]].load(Ordering::Relaxed), 1000);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn finish(mut self, finish: for<'j> fn(Setup<'j, W>, S) -> Result<()>) -> Self {
        self.finish = finish;
        self.options.finishes = true;
        self
    }

    /// The kernel may be called again for an item whose part it has changed [in place](Self::in_place), be it in part:
    /// the result is the same. Then a worker that dies is replaced.
    pub fn idempotent(mut self) -> Self {
        self.options.idempotent = true;
        self
    }

    /// On workers that are there already. Otherwise the map makes its own.
    pub fn workers(mut self, workers: &Workers) -> Self {
        self.options.workers = Some(workers.clone());
        self
    }

    /// Where the map's own workers run; see [`WorkersBuilder::context`].
    pub fn context(mut self, context: Context) -> Self {
        self.options.pool = self.options.pool.context(context);
        self
    }

    /// How many workers of its own the map has; see [`WorkersBuilder::number`].
    ///
    /// ```
    /// use conveyor::{Context, Map};
    ///
    /// let report = Map::over(0..100_u64).context(Context::Threads).number(3).run(|job| job.item)?.report;
    /// # if std::env::var_os("CONVEYOR_CONTEXT").is_none() {
    /// assert_eq!(report.workers.len(), 3);
    /// # }
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn number(mut self, workers: usize) -> Self {
        self.options.pool = self.options.pool.number(workers);
        self
    }

    /// What becomes of the other items when one has failed. Otherwise they are done.
    pub fn on_error(mut self, on_error: OnError) -> Self {
        self.options.on_error = on_error;
        self
    }

    /// For a map that is [started](Self::start): its answers come in the order of the items. Otherwise they come as soon as
    /// they are there.
    ///
    /// ```
    /// use conveyor::Map;
    ///
    /// let squares = Map::over(0..1000_u64).in_order().start(|job| job.item * job.item)?;
    /// for (index, answer) in squares.enumerate() {
    ///     assert_eq!(answer?.index, index);
    /// }
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn in_order(mut self) -> Self {
        self.options.bounds.in_order = true;
        self
    }

    /// For a map that is [started](Self::start): at most so many items, at least one, are with the workers or wait as
    /// answers to be taken; or one share, if that is [longer](Self::share_len). Otherwise there are at most four shares for
    /// each worker, however many items they have.
    ///
    /// ```
    /// use conveyor::Map;
    ///
    /// let pictures = Map::over(0..100_u32).ahead(8).start(|job| vec![job.item; 10_000])?;
    /// for picture in pictures.take(10) {
    ///     assert_eq!(picture?.value.len(), 10_000);
    /// }
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn ahead(mut self, items: usize) -> Self {
        self.options.bounds.items = Some(items.max(1));
        self
    }

    /// Every share is so long, but for the last one. Then the same items are always together: so a [`fold`](Self::fold)
    /// over numbers that are rounded gives the same sum every time.
    ///
    /// ```
    /// use conveyor::{Error, Map};
    ///
    /// let sum = || -> Result<f64, Error> {
    ///     let map = Map::over(1..10_000_u32).share_len(100);
    ///     Ok(map.fold(0.0, |sum, job| *sum += 1.0 / f64::from(job.item)).reduce(|a, b| a + b)?.value)
    /// };
    /// assert_eq!(sum()?, sum()?);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn share_len(mut self, items: usize) -> Self {
        self.options.share_len = Some(items.max(1));
        self.options.bounds.whole_shares = true;
        self
    }
}
