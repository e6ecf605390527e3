//! What comes of a share, and how it comes back: the returned values, or an accumulator. Each has the instance that a
//! worker calls, and what the caller makes of it.

use super::deal::{Gathered, Taker};
use super::entry::kernel;
use super::home::Home;
use super::items::Items;
use super::job::Job;
use super::outputs::Outputs;
use super::share;
use super::task::{Outcome, TaskView};
use crate::message::Encoded;
use crate::{Failure, Message, Result};
use std::any::Any;
use std::collections::BTreeMap;

/// The instance for a kernel that returns values.
pub(super) fn values<I, O, W, S, K, R>(task: &TaskView<'_>, home: &mut Home) -> Outcome
where
    I: Items,
    O: Outputs,
    W: Message,
    S: 'static,
    K: for<'j, 'a> Fn(Job<'j, I::Item<'a>, O::Part<'a>, W, S>) -> R + Copy + Send + 'static,
    R: Message,
{
    let kernel = kernel::<K>();
    share::run::<I, O, W, S, Returned<R>>(
        task,
        home,
        |_, len| Ok(Returned::with_room(len)),
        |values, job| {
            values.push(kernel(job));
            Ok(())
        },
        Returned::encoded,
    )
}

/// The same for a kernel that can fail.
pub(super) fn tried_values<I, O, W, S, K, R, E>(task: &TaskView<'_>, home: &mut Home) -> Outcome
where
    I: Items,
    O: Outputs,
    W: Message,
    S: 'static,
    K: for<'j, 'a> Fn(Job<'j, I::Item<'a>, O::Part<'a>, W, S>) -> Result<R, E> + Copy + Send + 'static,
    R: Message,
    E: Into<Failure>,
{
    let kernel = kernel::<K>();
    share::run::<I, O, W, S, Returned<R>>(
        task,
        home,
        |_, len| Ok(Returned::with_room(len)),
        |values, job| {
            values.push(kernel(job).map_err(Into::into)?);
            Ok(())
        },
        Returned::encoded,
    )
}

/// The instance for a kernel that adds to an accumulator.
pub(super) fn fold<I, O, W, S, K, A>(task: &TaskView<'_>, home: &mut Home) -> Outcome
where
    I: Items,
    O: Outputs,
    W: Message,
    S: 'static,
    K: for<'j, 'a> Fn(&mut A, Job<'j, I::Item<'a>, O::Part<'a>, W, S>) + Copy + Send + 'static,
    A: Message,
{
    let kernel = kernel::<K>();
    share::run::<I, O, W, S, A>(
        task,
        home,
        |args, _| A::decode(args),
        |sum, job| {
            kernel(sum, job);
            Ok(())
        },
        |sum| Encoded::of(&sum),
    )
}

/// The same for a kernel that can fail.
pub(super) fn tried_fold<I, O, W, S, K, A, E>(task: &TaskView<'_>, home: &mut Home) -> Outcome
where
    I: Items,
    O: Outputs,
    W: Message,
    S: 'static,
    K: for<'j, 'a> Fn(&mut A, Job<'j, I::Item<'a>, O::Part<'a>, W, S>) -> Result<(), E>
        + Copy
        + Send
        + 'static,
    A: Message,
    E: Into<Failure>,
{
    let kernel = kernel::<K>();
    share::run::<I, O, W, S, A>(
        task,
        home,
        |args, _| A::decode(args),
        |sum, job| kernel(sum, job).map_err(Into::into),
        |sum| Encoded::of(&sum),
    )
}

/// What a kernel has returned in a share. Values of a type without a size are all alike: the last one is enough. So
/// there is nothing to count in the loop of a kernel that returns nothing, and it vectorises.
struct Returned<R> {
    values: Vec<R>,
    last: Option<R>,
}

impl<R: Message> Returned<R> {
    fn with_room(len: usize) -> Self {
        Returned { values: Vec::with_capacity(len), last: None }
    }

    #[inline(always)]
    fn push(&mut self, value: R) {
        match size_of::<R>() {
            0 => self.last = Some(value),
            _ => self.values.push(value),
        }
    }

    fn encoded(self) -> Result<Encoded> {
        match &self.last {
            Some(value) => Encoded::of(value),
            None => Encoded::of(&self.values),
        }
    }
}

/// The values of the shares that have come back, to be put in order at the end.
pub(super) struct Values<R> {
    shares: Vec<(usize, Vec<R>)>,
}

impl<R: Message> Values<R> {
    pub(super) fn new() -> Self {
        Values { shares: Vec::new() }
    }

    /// In the order of the items.
    pub(super) fn in_order(mut self) -> Vec<R> {
        self.shares.sort_unstable_by_key(|(first, _)| *first);
        let mut values = Vec::with_capacity(self.shares.iter().map(|(_, values)| values.len()).sum());
        self.shares.into_iter().for_each(|(_, share)| values.extend(share));
        values
    }
}

impl<R: Message> Taker for Values<R> {
    fn take(&mut self, share: Gathered<'_>) -> Result<()> {
        self.shares.push((share.first, values_of(share)?));
        Ok(())
    }
}

/// The values of a share.
///
/// # Errors
/// When they cannot be read.
pub(super) fn values_of<R: Message>(share: Gathered<'_>) -> Result<Vec<R>> {
    match (share.answers(), size_of::<R>()) {
        (0, _) => Ok(Vec::new()),
        (answers, 0) => match nothing(answers) {
            Some(values) => Ok(values),
            None => (0..answers).map(|_| share.encoded.decode()).collect(),
        },
        _ => share.encoded.decode(),
    }
}

/// The values of a kernel that returns nothing, at once: to go through millions of them would take whoever deals out shares
/// as long as a worker takes for some. `None` for any other kernel.
fn nothing<R: 'static>(answers: usize) -> Option<Vec<R>> {
    let mut values = Some(vec![(); answers]);
    (&mut values as &mut dyn Any).downcast_mut::<Option<Vec<R>>>().and_then(Option::take)
}

/// Merges accumulators in the order of the items, as soon as their turn has come.
pub(super) struct Merging<A, M> {
    merge: M,
    merged: Option<A>,
    /// The item behind what has been merged.
    next: usize,
    /// The others, with the item behind each.
    waiting: BTreeMap<usize, (usize, A)>,
}

impl<A: Message, M: FnMut(A, A) -> A> Merging<A, M> {
    pub(super) fn new(merge: M) -> Self {
        Merging { merge, merged: None, next: 0, waiting: BTreeMap::new() }
    }

    /// The accumulator of all items; nothing if there were none.
    pub(super) fn merged(self) -> Option<A> {
        self.merged
    }
}

impl<A: Message, M: FnMut(A, A) -> A> Taker for Merging<A, M> {
    /// Of a share that lacks some, nothing is wanted: the map ends with an error.
    fn take(&mut self, share: Gathered<'_>) -> Result<()> {
        let Gathered { first, items, encoded, .. } = share;
        if share.answers() < items {
            return Ok(());
        }
        self.waiting.insert(first, (first + items, encoded.decode()?));
        while let Some((end, sum)) = self.waiting.remove(&self.next) {
            self.next = end;
            self.merged = Some(match self.merged.take() {
                Some(merged) => (self.merge)(merged, sum),
                None => sum,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn returned<R: Message>(values: impl IntoIterator<Item = R>) -> Returned<R> {
        let mut returned = Returned::with_room(0);
        values.into_iter().for_each(|value| returned.push(value));
        returned
    }

    #[test]
    fn values_come_in_order() {
        let mut values = Values::<i32>::new();
        for (first, share) in [(2, vec![30, 40]), (0, vec![10, 20])] {
            let encoded = &returned(share).encoded().unwrap();
            values.take(Gathered { first, items: 2, worker: 0, missing: &[], encoded }).unwrap();
        }
        assert_eq!(values.in_order(), [10, 20, 30, 40]);
    }

    #[test]
    fn values_without_a_size_take_no_room() {
        let share = returned([(); 3]).encoded().unwrap();
        assert!(share.bytes().is_empty());
        let mut values = Values::<()>::new();
        values.take(Gathered { first: 0, items: 3, worker: 0, missing: &[], encoded: &share }).unwrap();
        assert_eq!(values.in_order(), [(); 3]);
        assert_eq!((nothing::<()>(3), nothing::<[u8; 0]>(3)), (Some(vec![(); 3]), None));
    }

    #[test]
    fn accumulators_are_merged_in_order_whenever_they_come() {
        let text = |text: &str| Encoded::of(&text.to_owned()).unwrap();
        let mut merging = Merging::new(|a: String, b: String| a + &b);
        for (first, items, share) in [(3, 1, "d"), (1, 2, "bc"), (0, 1, "a"), (4, 9, "e")] {
            merging.take(Gathered { first, items, worker: 0, missing: &[], encoded: &text(share) }).unwrap();
        }
        assert_eq!((merging.waiting.len(), merging.merged().as_deref()), (0, Some("abcde")));
        assert_eq!(Merging::new(|a: u8, _| a).merged(), None);
    }
}
