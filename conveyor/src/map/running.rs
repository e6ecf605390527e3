//! Maps that run while the caller does something else: a thread deals them out, and their answers are taken one by one.

use super::gather;
use super::items::Items;
use super::job::Job;
use super::outputs::Outputs;
use super::over::Map;
use super::report::MapReport;
use super::shelf::{Offers, Shelf};
use super::stop::StopHandle;
use super::task::Run;
use super::unfinished::Unfinished;
use super::within::{self, Within};
use crate::sys::ours::Ours;
use crate::{Error, ErrorKind, Failure, Message, Result};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, Builder, ThreadId};

/// What the kernel of a [`RunningMap`] has returned for one item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer<R> {
    /// Which of the items it was, from 0.
    pub index: usize,
    /// Which worker has done it, from 0.
    pub worker: usize,
    /// What the kernel has returned.
    pub value: R,
}

/// A map that runs, made by [`Map::start`]: an iterator of the kernel's [`Answer`]s, or, with the feature `async` and its
/// `into_stream`, a stream of them.
///
/// Every item that does well has an answer; of those that fail, the error that comes last names one, as
/// [`OnError`](super::OnError) says. Dropping it ends the map: no further share is handed out, and it waits for those that
/// are under way.
#[must_use = "a running map is ended when it is dropped"]
pub struct RunningMap<R, O = ()> {
    pub(super) shelf: Ours<Arc<Shelf<R>>>,
    course: Course<O>,
}

enum Course<O> {
    /// In this thread, which leaves there how it has ended.
    Runs(ThreadId, Arc<Mutex<Option<End<O>>>>),
    Over(O, Result<MapReport, Error>),
    /// It was finished.
    Gone,
}

/// How a map has ended, or what it has panicked with.
struct End<O> {
    out: O,
    dealt: thread::Result<Result<MapReport, Error>>,
}

/// What a running map leaves behind.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Ended<O = ()> {
    /// The outputs that were given to the map.
    pub out: O,
    /// What the workers have done.
    pub report: MapReport,
}

impl<I, O, W, S> Map<I, O, W, S>
where
    I: Items + Send + 'static,
    O: Outputs + Send + 'static,
    W: Message,
    S: 'static,
{
    /// Calls the kernel for every item, while the caller goes on. Several maps, over arrays of different types and with
    /// different kernels, may run together on the same [workers](Self::workers), which are shared out.
    ///
    /// As nobody waits for it, the map has what it works on: items and outputs are given by value. A
    /// [`SharedArray`](crate::SharedArray) that is an item is a clone of a handle; one that is an output is the only handle,
    /// and comes back from [`RunningMap::finish`].
    ///
    /// ```
    /// use conveyor::map::chunks;
    /// use conveyor::{Map, SharedArray, Workers};
    ///
    /// let workers = Workers::new()?;
    /// let numbers = SharedArray::from_fn(10_000, |x| x as u64)?;
    /// let halves = SharedArray::<f32>::zeros(10_000)?;
    ///
    /// let sums = Map::over(chunks(numbers.clone(), 3000)).workers(&workers);
    /// let mut sums = sums.in_order().start(|job| job.item.iter().sum::<u64>())?;
    /// let halved = Map::over(numbers.clone()).output(halves).workers(&workers);
    /// let halved = halved.start(|job| *job.out = *job.item as f32 / 2.0)?;
    ///
    /// for answer in &mut sums {
    ///     let answer = answer?;
    ///     println!("part {}: {}, by worker {}", answer.index, answer.value, answer.worker);
    /// }
    /// assert_eq!(halved.finish()?.out[[25]], 12.5);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// A thread deals out the shares. In the [serial](crate::Context::Serial) context it does the work as well.
    ///
    /// # Errors
    /// When no thread can be started, or a kernel starts a map on the workers that it runs on. All others come from
    /// [`RunningMap`].
    pub fn start<K, R>(self, kernel: K) -> Result<RunningMap<R, O>, Error>
    where
        K: for<'j, 'a> Fn(Job<'j, I::Item<'a>, O::Part<'a>, W, S>) -> R + Copy + Send + 'static,
        R: Message,
    {
        let _ = kernel; // its type is all that a worker needs
        self.begin(gather::values::<I, O, W, S, K, R>)
    }

    /// The same for a kernel that can fail.
    ///
    /// ```
    /// let texts = ["1", "two"].map(String::from);
    /// let map = conveyor::Map::over(texts).in_order().try_start(|job| job.item.parse::<u8>())?;
    /// let (answers, errors): (Vec<_>, Vec<_>) = map.partition(Result::is_ok);
    /// assert_eq!((answers.len(), errors.len()), (1, 1));
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    pub fn try_start<K, R, E>(self, kernel: K) -> Result<RunningMap<R, O>, Error>
    where
        K: for<'j, 'a> Fn(Job<'j, I::Item<'a>, O::Part<'a>, W, S>) -> Result<R, E> + Copy + Send + 'static,
        R: Message,
        E: Into<Failure>,
    {
        let _ = kernel; // its type is all that a worker needs
        self.begin(gather::tried_values::<I, O, W, S, K, R, E>)
    }

    fn begin<R: Message>(mut self, run: Run) -> Result<RunningMap<R, O>, Error> {
        if let Some(workers) = &self.options.workers {
            workers.pool().is_free()?;
        }
        let shelf = Arc::new(Shelf::new(self.options.bounds));
        let mut offers = Offers { shelf: shelf.clone() };
        let (over, pools) = (Arc::new(Mutex::new(None)), within::pools());
        let left = over.clone();
        let thread = Builder::new().name("conveyor-map".into()).spawn(move || {
            let _within = Within::of(&pools);
            let dealt = catch_unwind(AssertUnwindSafe(|| self.deal(run, |_| (), &mut offers)));
            let Map { out, items, with, options, .. } = self;
            let let_go = catch_unwind(AssertUnwindSafe(|| drop((items, with, options))));
            let dealt = let_go.and(dealt);
            *left.lock().unwrap_or_else(PoisonError::into_inner) = Some(End { out, dealt });
            drop(offers); // whoever sees the end finds how it was, and that everything has been let go
        });
        let thread = thread.map_err(|error| {
            Error::new(ErrorKind::Start, format_args!("no thread can be started for a map: {error}")).in_map()
        })?;
        Ok(RunningMap { shelf: Ours::new(shelf), course: Course::Runs(thread.thread().id(), over) })
    }
}

impl<R: Message, O> RunningMap<R, O> {
    /// What [stops](Self::stop) it while it is borrowed.
    ///
    /// ```
    /// use conveyor::Map;
    ///
    /// let mut numbers = Map::over(0..u64::MAX).in_order().start(|job| job.item * job.item)?;
    /// let stop = numbers.stop_handle();
    /// for answer in &mut numbers {
    ///     if answer?.value > 1000 {
    ///         stop.stop();
    ///     }
    /// }
    /// numbers.finish()?;
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn stop_handle(&self) -> StopHandle {
        StopHandle::of(self.shelf.clone())
    }
}

impl<R, O> RunningMap<R, O> {
    /// Calls a function for every further answer, and waits for the end: here, or in a thread of its own.
    ///
    /// ```
    /// use conveyor::Map;
    ///
    /// let mut sum = 0;
    /// Map::over(0..=100_u64).start(|job| 2 * job.item)?.for_each_answer(|answer| sum += answer.value)?;
    /// assert_eq!(sum, 10_100);
    ///
    /// // called while this thread goes on
    /// let lengths = Map::over(vec!["to".to_owned(), "be".to_owned()]).start(|job| job.item.len())?;
    /// let called = std::thread::spawn(|| lengths.for_each_answer(|answer| println!("{answer:?}")));
    /// called.join().expect("`println` does not panic")?;
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As for [`finish`](Self::finish).
    pub fn for_each_answer(
        mut self,
        mut call_back: impl FnMut(Answer<R>),
    ) -> Result<Ended<O>, Unfinished<O>> {
        while let Some(answer) = self.shelf.take() {
            call_back(answer);
        }
        self.end()
    }

    /// Waits until all items are done, and gives the outputs. Answers that nobody has taken are lost.
    ///
    /// # Errors
    /// As for [`Map::try_run`]. The outputs come with it.
    ///
    /// # Panics
    /// When code of the caller has panicked in the map's thread: an own type of items, or what drops a value. And in that
    /// thread itself, as long as the map runs.
    pub fn finish(mut self) -> Result<Ended<O>, Unfinished<O>> {
        self.shelf.read_no_more();
        self.end()
    }

    /// Hands out no further shares, and does not wait for that. The answers of those that are under way still come. In a
    /// loop over the map there is a [`stop_handle`](Self::stop_handle) for it.
    pub fn stop(&self) {
        self.shelf.stop();
    }

    /// Waits for the end.
    fn end(&mut self) -> Result<Ended<O>, Unfinished<O>> {
        assert!(!self.would_wait_for_itself(), "the thread of a map cannot wait for its end");
        self.shelf.wait_for_end();
        self.arrive();
        match std::mem::replace(&mut self.course, Course::Gone) {
            Course::Over(out, Ok(report)) => Ok(Ended { out, report }),
            Course::Over(out, Err(error)) => Err(Unfinished { out, error }),
            Course::Runs(..) | Course::Gone => unreachable!("it has arrived, and is finished once"),
        }
    }

    /// This is the thread that deals it out, be it in what it drops or wakes.
    fn would_wait_for_itself(&self) -> bool {
        let is_it = matches!(&self.course, Course::Runs(id, _) if *id == thread::current().id());
        is_it && !self.shelf.has_ended()
    }

    /// It has ended: takes note of how. `true` the first time.
    fn arrive(&mut self) -> bool {
        let Course::Runs(_, over) = &self.course else { return false };
        let end = over.lock().unwrap_or_else(PoisonError::into_inner).take();
        let End { out, dealt } = end.expect("it is there before anybody is told of the end");
        match dealt {
            Ok(dealt) => self.course = Course::Over(out, dealt),
            Err(panic) => {
                let error = Error::new(ErrorKind::Panicked, "the map has panicked").in_map();
                self.course = Course::Over(out, Err(error));
                resume_unwind(panic);
            }
        }
        true
    }

    /// Behind the last answer: the map's error, once.
    pub(super) fn error(&mut self) -> Option<Error> {
        if !self.arrive() {
            return None;
        }
        match &self.course {
            Course::Over(_, Err(error)) => Some(error.clone()),
            _ => None,
        }
    }

    /// Everything has been taken, and there was an end.
    #[cfg(feature = "async")]
    pub(super) fn is_over(&self) -> bool {
        !matches!(self.course, Course::Runs(..))
    }
}

impl<R, O> Iterator for RunningMap<R, O> {
    type Item = Result<Answer<R>, Error>;

    /// Waits for the next answer.
    fn next(&mut self) -> Option<Self::Item> {
        match self.shelf.take() {
            Some(answer) => Some(Ok(answer)),
            None => self.error().map(Err),
        }
    }
}

impl<R, O> Drop for RunningMap<R, O> {
    fn drop(&mut self) {
        if !self.shelf.is_ours() {
            return;
        }
        self.shelf.stop();
        self.shelf.read_no_more();
        if matches!(self.course, Course::Runs(..)) && !self.would_wait_for_itself() {
            self.shelf.wait_for_end();
        }
    }
}
