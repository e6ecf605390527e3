//! Which forks are open where, and in which of their regions messages carry tags.

use crate::graph::options::OnPoison;
use crate::graph::settings::Settings;
use crate::graph::table::{Element, Kind, Table};
use crate::ring::WhenFull;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Regions {
    /// For every element: the forks around it that no zip or ordered join has closed yet, outermost first.
    open: Vec<Vec<u32>>,
    /// Forks in whose regions messages carry a tag column: those that an ordered join closes; and those that a zip
    /// closes, if messages may be dropped or left out inside, so that each of them leaves a tombstone.
    tagged: BTreeSet<u32>,
    /// The join that closes each balanced fork in order.
    ordered: BTreeMap<u32, u32>,
    /// The replicated forks that a zip closes.
    zipped: BTreeSet<u32>,
}

impl Regions {
    pub(super) fn of(table: &Table, settings: &Settings) -> Regions {
        let open = vec![Vec::new(); table.elements.len()];
        let (tagged, ordered, zipped) = (BTreeSet::new(), BTreeMap::new(), BTreeSet::new());
        let mut regions = Regions { open, tagged, ordered, zipped };
        let mut known = vec![false; table.elements.len()];
        for element in 0..table.elements.len() {
            regions.visit(table, element, &mut known);
        }
        for (pipe, options) in &settings.pipes {
            if options.when_full != WhenFull::Block {
                regions.drops_in(table, *pipe, options.when_full);
            }
        }
        for (stage, options) in &settings.stages {
            if options.on_poison == Some(OnPoison::Skip) {
                regions.drops_around(regions.open[*stage as usize].clone());
            }
        }
        regions
    }

    fn visit(&mut self, table: &Table, element: usize, known: &mut [bool]) {
        if std::mem::replace(&mut known[element], true) {
            return;
        }
        let Element { kind, from, .. } = &table.elements[element];
        from.iter().for_each(|before| self.visit(table, *before as usize, known));
        let mut open = from.first().map_or(Vec::new(), |before| self.open[*before as usize].clone());
        match kind {
            Kind::Replicate | Kind::Balance => open.push(element as u32),
            Kind::Zip => self.zipped.extend(open.pop()),
            Kind::Ordered => {
                if let Some(fork) = open.pop() {
                    self.tagged.insert(fork);
                    self.ordered.insert(fork, element as u32);
                }
            }
            _ => {}
        }
        self.open[element] = open;
    }

    /// Every zip around a pipe that drops needs to learn of it. What a reader drops is dropped behind the forks that
    /// hand the pipe on to it.
    fn drops_in(&mut self, table: &Table, pipe: u32, when_full: WhenFull) {
        let mut around: Vec<u32> = self.open[pipe as usize].clone();
        if when_full == WhenFull::DropOldest {
            let hands_on =
                |element: &Element| matches!(element.kind, Kind::Pipe | Kind::Replicate | Kind::Balance);
            let mut handed = BTreeSet::from([pipe]);
            // predecessors come first in the table
            for (number, element) in table.elements.iter().enumerate() {
                if hands_on(element) && element.from.iter().any(|before| handed.contains(before)) {
                    handed.insert(number as u32);
                }
            }
            around.extend(handed);
        }
        self.drops_around(around);
    }

    fn drops_around(&mut self, forks: Vec<u32>) {
        self.tagged.extend(forks.into_iter().filter(|fork| self.zipped.contains(fork)));
    }

    /// The join that closes a balanced fork in order.
    pub(super) fn ordered_join(&self, fork: u32) -> Option<u32> {
        self.ordered.get(&fork).copied()
    }

    /// Is this fork's region one with tags?
    pub(super) fn is_tagged(&self, fork: u32) -> bool {
        self.tagged.contains(&fork)
    }

    /// Tag columns behind an element.
    pub(super) fn depth(&self, element: u32) -> usize {
        self.open[element as usize].iter().filter(|fork| self.is_tagged(**fork)).count()
    }
}
