//! How a map runs, from the caller's side.

use super::fold::Fold;
use super::gather::{self, Values};
use super::items::Items;
use super::job::Job;
use super::outputs::{Borrowed, Outputs};
use super::over::Map;
use super::report::MapReport;
use super::task::Run;
use crate::{Error, Failure, Message, Result};

/// Calls a kernel for every item, and returns its values in the order of the items; [`Map`] is the same with all
/// options.
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
    K: for<'j, 'a> Fn(Job<'j, I::Item<'a>>) -> R + Copy + Send + 'static,
    R: Message,
{
    Map::over(items).run(kernel).map(|mapped| mapped.values)
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

impl<I: Items, O: Outputs, W: Message, S: 'static> Map<I, O, W, S> {
    /// Calls the kernel for every item.
    ///
    /// # Errors
    /// When the kernel panics: the error names the worker ([`Error::lane`]) and the index ([`Error::position`]). When
    /// workers cannot be started, or die again and again.
    pub fn run<K, R>(self, kernel: K) -> Result<Mapped<R>, Error>
    where
        K: for<'j, 'a> Fn(Job<'j, I::Item<'a>, O::Part<'a>, W, S>) -> R + Copy + Send + 'static,
        R: Message,
        O: Borrowed,
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
        K: for<'j, 'a> Fn(Job<'j, I::Item<'a>, O::Part<'a>, W, S>) -> Result<R, E> + Copy + Send + 'static,
        R: Message,
        E: Into<Failure>,
        O: Borrowed,
    {
        let _ = kernel; // its type is all that a worker needs
        self.collect(gather::tried_values::<I, O, W, S, K, R, E>)
    }

    /// Calls the kernel for every item, with an accumulator that starts as `initial`: each share has its own, and they
    /// are put together by [`Fold::reduce`].
    ///
    /// ```
    /// use conveyor::Map;
    ///
    /// let sum = Map::over(1..101_u64).fold(0, |sum, job| *sum += job.item).reduce(|a, b| a + b)?;
    /// assert_eq!(sum.value, 5050);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn fold<K, A>(self, initial: A, kernel: K) -> Fold<I, O, W, S, A>
    where
        K: for<'j, 'a> Fn(&mut A, Job<'j, I::Item<'a>, O::Part<'a>, W, S>) + Copy + Send + 'static,
        A: Message,
        O: Borrowed,
    {
        let _ = kernel; // its type is all that a worker needs
        Fold { map: self, initial, run: gather::fold::<I, O, W, S, K, A> }
    }

    /// The same for a kernel that can fail.
    pub fn try_fold<K, A, E>(self, initial: A, kernel: K) -> Fold<I, O, W, S, A>
    where
        K: for<'j, 'a> Fn(&mut A, Job<'j, I::Item<'a>, O::Part<'a>, W, S>) -> Result<(), E>
            + Copy
            + Send
            + 'static,
        A: Message,
        E: Into<Failure>,
        O: Borrowed,
    {
        let _ = kernel; // its type is all that a worker needs
        Fold { map: self, initial, run: gather::tried_fold::<I, O, W, S, K, A, E> }
    }

    fn collect<R: Message>(mut self, run: Run) -> Result<Mapped<R>, Error> {
        let mut values = Values::new();
        let report = self.deal(run, |_| (), &mut values)?;
        Ok(Mapped { values: values.in_order(), report })
    }
}
