//! The automatic forks of one run: how wide they are, have been, and should be.

use super::gauge::{Gauge, Look};
use super::history::History;
use super::policy::{Fork, policy};
use crate::graph::plan::{Plan, Steered};
use crate::report::WidthReport;
use std::sync::Arc;
use std::time::Duration;

/// While something changes, looks are so far apart for every so many lanes: a look reads a little of each of them.
const LOOK_EVERY: Duration = Duration::from_millis(5);
const LANES_A_LOOK: usize = 64;
/// With nothing to change the time between looks doubles up to so many times this.
const STRETCH_MAX: u32 = 8;

#[derive(Debug)]
pub(crate) struct Steering {
    groups: Arc<[Steered]>,
    forks: Vec<Fork>,
    /// One for each fork of the graph, which has several groups if it stands inside another.
    records: Vec<Records>,
    gauge: Gauge,
    cores: usize,
    stretch: u32,
    is_idle: bool,
}

#[derive(Debug)]
struct Records {
    fork: u32,
    processor: &'static str,
    lanes: usize,
    history: History,
}

impl Steering {
    /// Every fork starts with all of its lanes. `None` if there is nothing to steer.
    pub(crate) fn of(plan: &Plan, cores: usize) -> Option<Steering> {
        let groups: Arc<[_]> = plan.steered().collect();
        let mut records: Vec<Records> = Vec::new();
        for group in groups.iter() {
            let lanes = group.workers.len();
            let processor = plan.lanes[group.workers[0][0]].first().name;
            match records.iter_mut().find(|records| records.fork == group.fork) {
                Some(records) => records.lanes += lanes,
                None => {
                    records.push(Records { fork: group.fork, processor, lanes, history: History::new(0) });
                }
            }
        }
        for records in &mut records {
            records.history = History::new(records.lanes);
        }
        let forks = groups.iter().map(|group| Fork::new(group.workers.len())).collect();
        let gauge = Gauge::default();
        let steering = Steering { groups, forks, records, gauge, cores, stretch: 1, is_idle: false };
        (!steering.groups.is_empty()).then_some(steering)
    }

    pub(crate) fn groups(&self) -> Arc<[Steered]> {
        self.groups.clone()
    }

    /// How many lanes of each group claim.
    pub(crate) fn widths(&self) -> Vec<usize> {
        self.forks.iter().map(|fork| fork.width).collect()
    }

    /// Decides anew.
    pub(crate) fn look(&mut self, look: &Look) {
        let widths = self.widths();
        let Some(interval) = self.gauge.look(look, &self.groups, &widths) else {
            return;
        };
        let was_long = self.stretch == STRETCH_MAX;
        self.is_idle = !interval.moved && was_long;
        if interval.moved {
            let free = self.cores as f64 - interval.used;
            let forks = policy(&self.forks, &interval.seen, free);
            let is_settled = forks == self.forks || forks.iter().all(Fork::is_settled);
            self.set(look.at, forks);
            self.stretch = if is_settled && widths == self.widths() { self.stretch } else { 0 };
        }
        self.stretch = (self.stretch * 2).clamp(1, STRETCH_MAX);
    }

    /// When to look again; `None` if only when a lane is woken.
    pub(crate) fn next_look(&self) -> Option<Duration> {
        let lanes: usize = self.groups.iter().flat_map(|group| &group.workers).map(Vec::len).sum();
        let times = 1 + (lanes / LANES_A_LOOK) as u32;
        (!self.is_idle).then_some(LOOK_EVERY * times * self.stretch)
    }

    /// A lane was woken in an idle run: what was before says nothing of what comes now.
    pub(crate) fn wake(&mut self) {
        (self.is_idle, self.stretch, self.gauge) = (false, 1, Gauge::default());
    }

    /// These widths, whatever the policy says.
    #[cfg(test)]
    pub(crate) fn force(&mut self, at: Duration, widths: &[usize]) {
        self.set(at, widths.iter().map(|width| Fork::new(*width)).collect());
    }

    fn set(&mut self, at: Duration, forks: Vec<Fork>) {
        let before = self.widths();
        self.forks = forks;
        if before != self.widths() {
            for records in &mut self.records {
                let groups = self.groups.iter().zip(&self.forks);
                let own = groups.filter(|(group, _)| group.fork == records.fork);
                records.history.set(at, own.map(|(_, fork)| fork.width).sum());
            }
        }
    }

    /// What has become of the widths up to then.
    pub(crate) fn reports(&self, until: Duration) -> Vec<WidthReport> {
        let reports = self.records.iter().map(|records| {
            let mut history = records.history.clone();
            history.go_on(until);
            WidthReport {
                processor: records.processor.to_owned(),
                lanes: records.lanes,
                narrowest: history.narrowest,
                widest: history.widest,
                mean: history.mean(),
                timeline: history.timeline(),
                slice: history.slice,
            }
        });
        reports.collect()
    }
}
