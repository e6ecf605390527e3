//! What the proofs of crash safety want to know of a run's memory, and to change in it.

use super::{LINE, Map, shared_bell};
use crate::graph::plan::{Inlet, Plan};
use crate::memory::shared::STAMPS;
use crate::ring::values;
use std::ops::Range;

impl Map {
    /// Everything on which the rest of the run depends: not what lanes tell about themselves, and not what the workers
    /// are told.
    pub(crate) fn protocol_areas(&self) -> Vec<Range<usize>> {
        let first_record = self.layout.lanes.first().map_or(self.layout.lanes_end, |lane| lane.record);
        let mut areas: Vec<_> = std::iter::once(self.layout.bells..first_record).collect();
        for (number, lane) in self.layout.lanes.iter().enumerate() {
            areas.push(lane.record..lane.desk);
            let end = self.layout.lanes.get(number + 1).map_or(self.layout.lanes_end, |next| next.record);
            areas.extend(lane.ring.as_ref().map(|ring| ring.slots..end));
        }
        areas.push(self.layout.lanes_end..self.layout.len);
        areas
    }

    /// The words on which lanes sleep.
    pub(crate) fn bell_area(&self) -> Range<usize> {
        self.layout.bells..self.layout.bells + (self.lanes() + shared_bell::COUNT) * LINE
    }

    /// As if so many messages had passed everywhere already, and as many chunks.
    pub(crate) fn start_at(&self, plan: &Plan, origin: u64) {
        for (number, lane) in plan.lanes.iter().enumerate() {
            let (mut seq, mut record) = self.record(number).restore();
            let shape = self.shape(number);
            let heads = (0..shape.rings).map(values::head);
            let freed = (0..shape.shared).map(|fork| shape.freed(fork));
            // of a merge it says whose turn it is
            let done = (!matches!(lane.inlet, Some(Inlet::Merge(_)))).then_some(values::DONE);
            // the caller sends what it has not given yet
            let passed = lane.inlet.iter().flat_map(|_| [values::TAKEN, values::GIVEN]);
            let counts = [values::TAIL, values::MARK].into_iter().chain(passed);
            for value in heads.chain(freed).chain(done).chain(counts) {
                record[value] = origin;
            }
            for pool in 0..shape.pools {
                record[shape.stamp(pool)] = origin & STAMPS;
            }
            self.record(number).commit(&mut seq, &record);
            let groups = lane.outlet.iter().flat_map(|ring| &ring.groups).enumerate();
            for (group, _) in groups.filter(|(_, group)| group.shared) {
                self.claims(number, group).0.start_at(origin);
            }
        }
        self.pools().iter().for_each(|pool| pool.start_at(origin));
    }
}
