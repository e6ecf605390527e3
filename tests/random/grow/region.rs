//! Regions: a fork with the join that closes it, and what stands between.

use super::{Flow, Grower};
use crate::model::{Chain, Count, Join, Policy, Region, Step, ends_in_sinks};
use crate::value::Ty;

/// What is around a place.
#[derive(Clone)]
pub(super) struct Around {
    /// Everything is one-to-one.
    pub(super) zip: bool,
    /// Nothing may leave, and merges lose what a join around needs.
    closed: bool,
    /// How many workers there are of each stage.
    pub(super) lanes: isize,
    depth: usize,
}

impl Around {
    pub(super) fn nothing() -> Around {
        Around { zip: false, closed: false, lanes: 1, depth: 0 }
    }

    pub(super) fn may_go_deeper(&self) -> bool {
        self.depth < 3
    }

    /// Whatever stands here may stand anywhere.
    pub(super) fn plain(&self) -> Around {
        Around { zip: true, closed: true, ..self.deeper() }
    }

    pub(super) fn deeper(&self) -> Around {
        Around { depth: self.depth + 1, ..self.clone() }
    }
}

impl Grower<'_> {
    /// A region out of which something comes, and what that is.
    pub(super) fn region(&mut self, flow: &Flow, around: &Around) -> (Region, Flow) {
        let kinds = if around.closed { 60 } else { 110 };
        match self.rng.u32(..kinds) {
            0..22 => self.zip(flow, around),
            22..42 => self.workers(flow, around, Join::Ordered),
            42..60 => self.shared(flow, around, Join::Ordered),
            60..76 => self.replicated_merge(flow, around),
            76..86 => self.workers(flow, around, Join::Merge),
            86..96 => self.shared(flow, around, Join::Merge),
            96..104 => self.tee(flow, around),
            _ => self.lonely(flow, around),
        }
    }

    /// Some steps: stages and regions.
    pub(super) fn chain(&mut self, flow: &Flow, around: &Around, least: usize) -> (Chain, Flow) {
        let (mut chain, mut flow) = (Chain::new(), flow.clone());
        for _ in 0..self.rng.usize(least..3) {
            if around.may_go_deeper() && self.left > 4 * around.lanes && self.chance(35) {
                let (region, after) = self.region(&flow, around);
                chain.push(Step::Region(region));
                flow = after;
            } else {
                let (step, after) = self.element(&flow, around);
                chain.push(step);
                flow = after;
            }
        }
        (chain, flow)
    }

    fn zip(&mut self, flow: &Flow, around: &Around) -> (Region, Flow) {
        let inside = around.plain();
        let count = [2, 2, 2, 3, 4][self.rng.usize(..5)];
        let (branches, flows): (Vec<_>, Vec<_>) = (0..count).map(|_| self.chain(flow, &inside, 0)).unzip();
        let ty = Ty::Tuple(flows.into_iter().map(|flow| flow.ty).collect());
        let join = Some(Join::Zip);
        let after = Flow { ty, is_exact: flow.is_exact };
        (Region { fork: Policy::Replicated, branches, join }, after)
    }

    fn workers(&mut self, flow: &Flow, around: &Around, join: Join) -> (Region, Flow) {
        let count = match self.rng.u32(..6) {
            0 => Count::Parameter,
            1 => Count::Auto,
            2 => Count::Fixed(3),
            // does nothing, and says so
            3 if around.depth == 0 => Count::Fixed(1),
            _ => Count::Fixed(2),
        };
        let inside = Around {
            closed: around.closed || join == Join::Ordered,
            lanes: around.lanes * 2,
            ..around.deeper()
        };
        let unsure = Flow { is_exact: false, ..flow.clone() };
        let least = if self.chance(85) { 1 } else { 0 };
        let (chain, after) = self.chain(&unsure, &inside, least);
        let is_exact = flow.is_exact && join == Join::Ordered;
        let region = Region { fork: Policy::Workers(count), branches: vec![chain], join: Some(join) };
        (region, Flow { ty: after.ty, is_exact })
    }

    /// Branches that do the same, hidden among elements that do nothing.
    fn shared(&mut self, flow: &Flow, around: &Around, join: Join) -> (Region, Flow) {
        let unsure = Flow { is_exact: false, ..flow.clone() };
        let mut after = unsure.clone();
        let core: Vec<_> = (0..self.rng.usize(..3))
            .map(|_| {
                let stage = self.stage(&after, around);
                after.ty = stage.gives();
                stage
            })
            .collect();
        let count = if self.chance(25) { 3 } else { 2 };
        let mut branches = Vec::new();
        for _ in 0..count {
            let mut chain = Chain::new();
            for stage in &core {
                self.disguise(&mut chain, &stage.takes);
                chain.push(Step::Stage(self.again(stage)));
            }
            self.disguise(&mut chain, &after.ty);
            self.left -= around.lanes * chain.len().max(1) as isize;
            branches.push(chain);
        }
        let is_exact = flow.is_exact && join == Join::Ordered;
        let region = Region { fork: Policy::Shared, branches, join: Some(join) };
        (region, Flow { ty: after.ty, is_exact })
    }

    fn disguise(&mut self, chain: &mut Chain, ty: &Ty) {
        if self.chance(25) {
            chain.push(Step::Stage(self.identity(ty)));
        }
    }

    fn replicated_merge(&mut self, flow: &Flow, around: &Around) -> (Region, Flow) {
        let inside = around.deeper();
        let count = [2, 2, 3, 4][self.rng.usize(..4)];
        let mut branches: Vec<(Chain, Ty)> = Vec::new();
        for number in 0..count {
            let (mut chain, after) = self.chain(flow, &inside, 0);
            if number > 1 && self.chance(30) {
                chain.push(Step::Stage(self.sink(&after.ty)));
            }
            branches.push((chain, after.ty));
        }
        let open = || branches.iter().filter(|(chain, _)| !ends_in_sinks(chain));
        let ty = match open().all(|(_, ty)| *ty == branches[0].1) {
            true => branches[0].1.clone(),
            false => Ty::Number,
        };
        for (chain, from) in &mut branches {
            if *from != ty && !ends_in_sinks(chain) {
                self.left -= around.lanes;
                chain.push(Step::Stage(self.digest(from)));
            }
        }
        let branches = branches.into_iter().map(|(chain, _)| chain).collect();
        let region = Region { fork: Policy::Replicated, branches, join: Some(Join::Merge) };
        (region, Flow { ty, is_exact: false })
    }

    /// A branch goes on, the others end in sinks.
    fn tee(&mut self, flow: &Flow, around: &Around) -> (Region, Flow) {
        let (open, after) = self.chain(flow, &around.deeper(), 0);
        let mut branches = vec![open];
        for _ in 0..self.rng.usize(1..3) {
            let (mut chain, drained) = self.chain(flow, &around.deeper(), 0);
            chain.push(Step::Stage(self.sink(&drained.ty)));
            branches.push(chain);
        }
        self.rng.shuffle(&mut branches);
        (Region { fork: Policy::Replicated, branches, join: None }, after)
    }

    /// A fork with one branch does nothing, and says so.
    fn lonely(&mut self, flow: &Flow, around: &Around) -> (Region, Flow) {
        let (fork, unsure) = match self.chance(50) {
            true => (Policy::Replicated, flow.clone()),
            false => (Policy::Shared, Flow { is_exact: false, ..flow.clone() }),
        };
        let (chain, after) = self.chain(&unsure, &around.deeper(), 1);
        (Region { fork, branches: vec![chain], join: None }, after)
    }

    /// A region out of which nothing comes.
    pub(super) fn dead_end(&mut self, flow: &Flow) -> Region {
        let around = Around::nothing().deeper();
        if self.chance(50) {
            let (mut chain, after) =
                self.chain(&Flow { is_exact: false, ..flow.clone() }, &Around { lanes: 2, ..around }, 0);
            chain.push(Step::Stage(self.sink(&after.ty)));
            let fork = Policy::Workers(Count::Fixed(2));
            return Region { fork, branches: vec![chain], join: None };
        }
        let mut branches = Vec::new();
        for _ in 0..2 {
            let (mut chain, after) = self.chain(flow, &around, 0);
            chain.push(Step::Stage(self.sink(&after.ty)));
            branches.push(chain);
        }
        Region { fork: Policy::Replicated, branches, join: None }
    }
}
