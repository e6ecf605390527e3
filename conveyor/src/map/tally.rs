//! Which items of a share are done, and which of them have failed.

use super::task::{Fault, Outcome, Place, TaskView};
use crate::message::Encoded;
use crate::{Failure, Result};
use std::ops::Range;

/// What is known of a share at work.
pub(super) struct Tally {
    items: Range<usize>,
    /// The first one that has not been done yet; behind all of them, if none will be any more.
    next: usize,
    /// An item that fails is the last one.
    stops: bool,
    stopped: bool,
    missing: Vec<(u64, u64)>,
    /// The first one.
    fault: Option<Fault>,
}

impl Tally {
    pub(super) fn of(task: &TaskView<'_>) -> Tally {
        // the caller has them from indices
        let (first, len) = (*task.first as usize, *task.len as usize);
        Tally::new(first..first + len, task.stops)
    }

    fn new(items: Range<usize>, stops: bool) -> Tally {
        Tally { next: items.start, items, stops, stopped: false, missing: Vec::new(), fault: None }
    }

    pub(super) fn goes_on(&self) -> bool {
        self.next < self.items.end
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// How many are done, or have failed.
    pub(super) fn done(&self) -> usize {
        self.next - self.items.start
    }

    /// The items that are left.
    #[inline(always)]
    pub(super) fn left(&mut self) -> Left<'_> {
        Left { count: self.items.end - self.next, tally: self }
    }

    /// No further items.
    fn misses_rest(&mut self) {
        self.misses(self.next..self.items.end);
        self.next = self.items.end;
    }

    fn misses(&mut self, items: Range<usize>) {
        let items = (items.start as u64, items.end as u64);
        match self.missing.last_mut() {
            _ if items.0 == items.1 => {}
            Some(last) if last.1 == items.0 => last.1 = items.1,
            _ => self.missing.push(items),
        }
    }

    /// `true` if that was the last one.
    #[cold]
    fn failed(&mut self, index: usize, panicked: bool, text: impl FnOnce() -> String) -> bool {
        self.misses(index..index + 1);
        let place = Place::Item(index as u64);
        self.fault.get_or_insert_with(|| Fault { place, panicked, text: text() });
        self.stopped = self.stops;
        self.stops
    }

    /// There are no further items.
    pub(super) fn ends(&mut self) {
        let (left, len) = (self.items.end - self.next, self.items.len());
        if left > 0 && !self.stopped {
            self.gives_up(Place::Share, false, format!("a share of {len} items has {left} too few"));
        }
        self.misses_rest();
    }

    /// None of those that are left can be done.
    pub(super) fn gives_up(&mut self, place: Place, panicked: bool, text: String) {
        self.fault.get_or_insert(Fault { place, panicked, text });
        self.misses_rest();
    }

    /// There was a panic.
    pub(super) fn panicked(&mut self, place: Place, text: String) {
        let Place::Item(index) = place else { return self.gives_up(place, true, text) };
        let index = index as usize;
        self.next = index + 1;
        if self.failed(index, true, || text) {
            self.misses_rest();
        }
    }

    /// What has been gathered, if it can travel.
    pub(super) fn fitting(&self, encoded: Encoded, most: usize) -> Result<Encoded> {
        let bytes = encoded.bytes().len();
        if bytes <= most {
            return Ok(encoded);
        }
        let Range { start, end } = self.items;
        Err(Failure::new(format_args!(
            "what came of the items {start} to {} has {bytes} bytes, and at most {most} travel at a time: write what is \
             large into an output, or see that fewer items go together, by `.share_len(..)`",
            end - 1
        )))
    }

    pub(super) fn outcome(self, gathered: Encoded) -> Outcome {
        Outcome { gathered, missing: self.missing, fault: self.fault }
    }

    /// What has been gathered is lost.
    pub(super) fn lost(self, panicked: bool, text: String) -> Outcome {
        let items = self.items.start as u64..self.items.end as u64;
        let place = if self.items.len() == 1 { Place::Item(items.start) } else { Place::Share };
        Outcome::of(self.fault.unwrap_or(Fault { place, panicked, text }), items)
    }
}

/// Items that are left. How many is written down when this goes, be it in a panic: so that the loop over them need not.
pub(super) struct Left<'t> {
    count: usize,
    tally: &'t mut Tally,
}

impl Left<'_> {
    #[inline(always)]
    pub(super) fn items(&self) -> Range<usize> {
        self.tally.next..self.tally.items.end
    }

    /// The next one is done, or has failed.
    #[inline(always)]
    pub(super) fn has_gone(&mut self) {
        self.count -= 1;
    }

    /// `true` if that was the last one.
    #[cold]
    pub(super) fn stops_at(&mut self, index: usize, failure: &Failure) -> bool {
        self.tally.failed(index, false, || failure.to_string())
    }
}

impl Drop for Left<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.tally.next = self.tally.items.end - self.count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(tally: Tally) -> (Vec<(u64, u64)>, Option<Place>) {
        let outcome = tally.outcome(Encoded::default());
        (outcome.missing, outcome.fault.map(|fault| fault.place))
    }

    /// The items 10 to 15, of which 11, 12 and 14 fail.
    fn at_work(stops: bool) -> Tally {
        let mut tally = Tally::new(10..16, stops);
        let mut left = tally.left();
        for index in left.items() {
            left.has_gone();
            if [11, 12, 14].contains(&index) && left.stops_at(index, &Failure::new(index)) {
                break;
            }
        }
        drop(left);
        tally.ends();
        tally
    }

    #[test]
    fn the_others_go_on_or_not() {
        assert_eq!(missing(at_work(false)), (vec![(11, 13), (14, 15)], Some(Place::Item(11))));
        assert_eq!(missing(at_work(true)), (vec![(11, 16)], Some(Place::Item(11))));
    }

    #[test]
    fn behind_a_panic_there_are_others() {
        let mut tally = Tally::new(0..4, false);
        tally.left().has_gone();
        tally.panicked(Place::Item(1), "one".into());
        assert!(tally.goes_on() && tally.done() == 2 && tally.left().items() == (2..4));
        tally.panicked(Place::Share, "the items themselves".into());
        assert!(!tally.goes_on());
        assert_eq!(missing(tally), (vec![(1, 4)], Some(Place::Item(1))));
    }

    #[test]
    fn a_share_with_too_few_items_has_failed() {
        let mut tally = Tally::new(0..4, false);
        tally.left().has_gone();
        tally.ends();
        assert_eq!(missing(tally), (vec![(1, 4)], Some(Place::Share)));
    }
}
