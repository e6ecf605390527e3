//! What is known of a run of a pool: who sits there, what is under way, and why it is over.

use super::report::MapReport;
use super::task::Done;
use crate::Error;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

/// How many shares a worker has: one that it works on, and one that lies ready.
pub(super) const AHEAD: usize = 2;

/// The map of tasks that are of no map; see [`nudge`](super::exchange).
pub(super) const NOBODY: u64 = u64::MAX;

/// What is known of the run.
#[derive(Default)]
pub(super) struct Desk {
    /// By the numbers of the maps.
    pub(super) seats: BTreeMap<u64, Tray>,
    /// The next map gets this number.
    pub(super) number: u64,
    /// Shares sent so far: the position of the next one in the pipeline.
    sent: u64,
    /// Shares under way, by their positions.
    under_way: BTreeMap<u64, UnderWay>,
    /// The map whose seat waits for the run.
    pub(super) attended: Option<u64>,
    /// A task is under way that does nothing but come back.
    pub(super) nudged: bool,
    /// Meetings so far, and the map whose workers meet. There is one at a time: its workers wait for each other, and
    /// those of another one would wait behind them.
    pub(super) meetings: u32,
    pub(super) meets: Option<u64>,
    /// Not all of its workers have been told: nobody else sends anything before.
    pub(super) calls: bool,
    /// The pipe has refused a share: it may have a place when an answer has come.
    pub(super) is_full: bool,
    failed: Option<Failed>,
}

/// What a seat has got.
#[derive(Default)]
pub(super) struct Tray {
    pub(super) answers: VecDeque<Done>,
    pub(super) under_way: usize,
    /// It has a share to send, or would have one if there were room.
    pub(super) wants: bool,
    /// Somebody else has rung for it.
    pub(super) rung: bool,
}

struct UnderWay {
    map: u64,
    items: Range<u64>,
}

/// Why the run is over.
struct Failed {
    /// The map whose share it was at which that has happened, and what it is told.
    map: Option<u64>,
    error: Error,
    /// What the others are told.
    others: Error,
}

impl Desk {
    pub(super) fn tray(&mut self, map: u64) -> &mut Tray {
        self.seats.entry(map).or_default()
    }

    /// May another share be under way? The pipe has room for more, so that nobody waits behind a long share.
    pub(super) fn has_room(&self, workers: usize) -> bool {
        self.under_way.len() < AHEAD * workers && !self.is_full
    }

    /// May this map have another share under way? Those that want some have the same part, at least one.
    pub(super) fn may_send(&self, map: u64, workers: usize) -> bool {
        let wanting = self.seats.values().filter(|tray| tray.wants).count();
        let part = (AHEAD * workers / wanting.max(1)).max(1);
        !self.calls && self.seats.get(&map).is_some_and(|tray| tray.under_way < part)
    }

    /// Has the seat something else to do than to wait for an answer?
    pub(super) fn is_ready(&self, map: u64, workers: usize) -> bool {
        let sends = || self.may_send(map, workers) && self.has_room(workers);
        self.seats.get(&map).is_some_and(|tray| tray.rung || tray.wants && sends())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.under_way.is_empty()
    }

    /// Nobody waits for the run, or for anything that it does.
    pub(super) fn is_idle(&self) -> bool {
        self.attended.is_none() && self.under_way.values().all(|share| share.map == NOBODY)
    }

    /// The maps that are not over.
    pub(super) fn live(&self) -> Vec<u64> {
        self.seats.keys().copied().collect()
    }

    /// The number of the next share in the run, from 1.
    pub(super) fn next_number(&self) -> u32 {
        (self.sent % u64::from(u32::MAX)) as u32 + 1
    }

    /// A share of a map is under way.
    pub(super) fn sent(&mut self, map: u64, items: Range<u64>) {
        self.under_way.insert(self.sent, UnderWay { map, items });
        self.sent += 1;
        if let Some(tray) = self.seats.get_mut(&map) {
            tray.under_way += 1;
        }
    }

    /// An answer has come. `usage` is of all maps.
    pub(super) fn deliver(&mut self, done: Done, usage: &mut MapReport) {
        self.is_full = false;
        let is_it = |share: &UnderWay| share.map == done.map && share.items.start == done.first;
        let position = self.under_way.iter().find(|(_, share)| is_it(share)).map(|(position, _)| *position);
        if let Some(UnderWay { items, .. }) = position.and_then(|position| self.under_way.remove(&position)) {
            usage.add(&done, (items.end - items.start) as usize);
            if let Some(tray) = self.seats.get_mut(&done.map) {
                tray.under_way -= 1;
                tray.answers.push_back(done);
            } else {
                self.nudged = false;
            }
        }
    }

    /// Why the run is over, for this map.
    pub(super) fn failure(&self, map: u64) -> Option<&Error> {
        self.failed
            .as_ref()
            .map(|failed| if failed.map == Some(map) { &failed.error } else { &failed.others })
    }

    pub(super) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// The run is over. Of the position in the pipeline, where its error is, only the caller knows whose items it was.
    pub(super) fn fail(&mut self, error: Error) {
        let share = error.position().and_then(|position| self.under_way.get(&position));
        let error = error.in_map();
        let failed = match share {
            None => {
                let error = error.at_position(None);
                Failed { map: None, others: error.clone(), error }
            }
            Some(UnderWay { map, items }) => {
                let others =
                    error.clone().at_position(None).and("it was at work for another map on the same workers");
                let error = match items.end - items.start {
                    0 => error.at_position(None),
                    1 => error.at_position(Some(items.start)),
                    _ => error.at_position(None).and(at_work_on(items)),
                };
                Failed { map: Some(*map), error, others }
            }
        };
        self.failed.get_or_insert(failed);
        self.under_way.clear();
        self.nudged = false;
        self.seats.values_mut().for_each(|tray| tray.under_way = 0);
    }
}

fn at_work_on(items: &Range<u64>) -> String {
    format!("it was at work on the items {} to {}", items.start, items.end - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanting(desk: &mut Desk, maps: std::ops::Range<u64>) {
        maps.for_each(|map| desk.tray(map).wants = true);
    }

    #[test]
    fn those_that_want_shares_have_the_same_part() {
        let mut desk = Desk::default();
        wanting(&mut desk, 0..1);
        (0..4).for_each(|item| desk.sent(0, item..item + 1));
        assert!(!desk.is_ready(0, 2) && desk.is_ready(0, 3));
        wanting(&mut desk, 1..3);
        assert!(!desk.may_send(0, 3) && desk.may_send(1, 3));
        desk.tray(2).wants = false;
        assert!(desk.may_send(1, 3) && !desk.is_ready(2, 3), "who wants nothing waits");
        desk.calls = true;
        assert!(!desk.may_send(1, 3));
    }

    #[test]
    fn a_pipe_that_is_full_is_asked_again_when_an_answer_has_come() {
        let mut desk = Desk::default();
        wanting(&mut desk, 0..1);
        desk.sent(0, 0..1);
        desk.is_full = true;
        assert!(!desk.is_ready(0, 2), "it would ask again and again");
        let outcome = super::super::task::Outcome::default();
        let done = Done { map: 0, first: 0, worker: 0, busy: 0, cpu: 0, at_items: 0, core: None, outcome };
        desk.deliver(done, &mut MapReport::default());
        assert!(desk.is_ready(0, 2) && desk.is_empty());
    }
}
