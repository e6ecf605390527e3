//! Maps that reduce their items to one value.

use super::gather::Merging;
use super::items::Items;
use super::outputs::Outputs;
use super::over::Map;
use super::report::MapReport;
use super::task::Run;
use crate::{Error, Message};

/// A map with accumulators; see [`Map::fold`].
#[must_use = "a fold does nothing until it is reduced"]
pub struct Fold<I, O, W, S, A> {
    pub(super) map: Map<I, O, W, S>,
    pub(super) initial: A,
    pub(super) run: Run,
}

/// What a fold has given.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reduced<A> {
    /// The accumulator of all items.
    pub value: A,
    /// What the workers have done.
    pub report: MapReport,
}

impl<I: Items, O: Outputs, W: Message, S: 'static, A: Message> Fold<I, O, W, S, A> {
    /// Runs the map. `merge` puts two accumulators together, those of neighbouring shares, in the order of the items;
    /// it runs in the caller. Of no items at all the value is the initial one.
    ///
    /// An accumulator travels back with its share: so that of a worker that dies is neither lost nor counted twice.
    ///
    /// # Errors
    /// As for [`Map::run`], and when the kernel fails.
    pub fn reduce(self, merge: impl FnMut(A, A) -> A) -> Result<Reduced<A>, Error> {
        let Fold { mut map, initial, run } = self;
        let mut merging = Merging::new(merge);
        let report = map.deal(run, |to| initial.encode(to), &mut merging)?;
        Ok(Reduced { value: merging.merged().unwrap_or(initial), report })
    }
}
