//! Parts: pipelines inside of the pipeline, any of them several times.

use super::region::Around;
use super::{Flow, Grower};
use crate::model::{Part, Step};

impl Grower<'_> {
    /// A stage, or a part where a stage could stand.
    pub(super) fn element(&mut self, flow: &Flow, around: &Around) -> (Step, Flow) {
        if around.may_go_deeper() && self.left > 3 * around.lanes && self.chance(12) {
            return self.part(flow, around);
        }
        self.left -= around.lanes;
        let stage = self.stage(flow, around);
        let after = Flow { ty: stage.gives(), ..flow.clone() };
        (Step::Stage(stage), after)
    }

    fn part(&mut self, flow: &Flow, around: &Around) -> (Step, Flow) {
        let known = self.parts.iter().position(|part| part.is_plain && part.takes == flow.ty);
        if let Some(known) = known.filter(|_| self.chance(60)) {
            self.left -= around.lanes;
            let ty = self.parts[known].gives.clone();
            return (Step::Part(known), Flow { ty, ..flow.clone() });
        }
        let is_plain = self.chance(60);
        let inside = if is_plain { around.plain() } else { around.deeper() };
        let entering = Flow { is_exact: flow.is_exact && !is_plain, ..flow.clone() };
        self.left -= around.lanes;
        let first = self.stage(&entering, &inside);
        let entered = Flow { ty: first.gives(), ..entering };
        let (mut steps, after) = self.chain(&entered, &inside, 0);
        steps.insert(0, Step::Stage(first));
        self.parts.push(Part { takes: flow.ty.clone(), gives: after.ty.clone(), steps, is_plain });
        let is_exact = if is_plain { flow.is_exact } else { after.is_exact };
        (Step::Part(self.parts.len() - 1), Flow { is_exact, ..after })
    }
}
