//! Steps as elements, with the pipes between them.

use super::{Implicit, Writer};
use crate::draft::{Chain, Element, Is, Spot};
use crate::model::{Count, Join, Policy, Region, Stage, Step, ends_in_sinks};

/// What stands in front of the next element.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Before {
    Nothing,
    Stage,
    /// A stage that is fused with the one that comes next.
    Fused,
    Part,
    Fork(Policy),
    Join,
    /// The open branches of a fork in braces.
    Loose,
}

impl Writer<'_> {
    /// Writes steps behind what is there; gives what is then in front of the next.
    pub(super) fn steps(&mut self, chain: &mut Chain, steps: &[Step], mut before: Before) -> Before {
        for (at, step) in steps.iter().enumerate() {
            before = match step {
                Step::Stage(stage) => {
                    let stands_before_a_stage = matches!(steps.get(at + 1), Some(Step::Stage(_)));
                    self.stage(chain, stage, before, stands_before_a_stage)
                }
                Step::Region(region) => self.region(chain, region, before),
                Step::Part(part) => self.part(chain, *part, before),
            };
        }
        before
    }

    /// The pipe in front of a stage, unless it may be left out; gives the arrow that leads to the stage.
    fn lead_to_stage(&mut self, chain: &mut Chain, before: Before) -> Spot {
        let (mut arrow, mut has_pipe) = ("->".into(), false);
        match before {
            Before::Nothing => {}
            Before::Stage | Before::Fused | Before::Part
                if self.implicit != Implicit::Never && self.chance(40) =>
            {
                self.feature("pipe left out");
                if self.implicit == Implicit::Warned {
                    self.warn(&mut arrow, "CV004");
                }
            }
            Before::Stage | Before::Fused | Before::Part | Before::Loose => has_pipe = true,
            Before::Fork(_) | Before::Join => has_pipe = self.chance(20),
        }
        if has_pipe {
            let pipe = match before {
                Before::Fused => self.vanishing_pipe(),
                _ => self.pipe(before != Before::Loose, before == Before::Stage),
            };
            chain.push(pipe);
        }
        arrow
    }

    /// A use of a part stands where a stage could.
    fn part(&mut self, chain: &mut Chain, part: usize, before: Before) -> Before {
        let arrow = self.lead_to_stage(chain, before);
        let mut element = Element::new(Is::Part);
        element.code = Some(self.call_of_part(part).into());
        element = self.named(element);
        element.arrow = arrow;
        chain.push(element);
        Before::Part
    }

    fn stage(
        &mut self,
        chain: &mut Chain,
        stage: &Stage,
        before: Before,
        stands_before_a_stage: bool,
    ) -> Before {
        let arrow = self.lead_to_stage(chain, before);
        let mut element = Element::new(Is::Stage {
            role: stage.role(),
            takes: stage.takes.clone(),
            gives: stage.gives(),
            is_in_zip: self.around.0,
        });
        element.code = Some(stage.code().into());
        self.feature(stage.role().keyword());
        let is_fused = self.options_of_stage(&mut element, stage, stands_before_a_stage);
        if self.chance(30) {
            element = self.named(element);
            self.feature("stage by name");
        }
        element.arrow = arrow;
        chain.push(element);
        if is_fused { Before::Fused } else { Before::Stage }
    }

    fn region(&mut self, chain: &mut Chain, region: &Region, before: Before) -> Before {
        self.pipe_before_knot(chain, before);
        let number = self.regions;
        self.regions += 1;
        let mut fork = Element::new(Is::Fork(region.fork, region.join.map(|_| number)));
        self.describe_fork(&mut fork, region);
        let outside = self.around;
        self.around = (outside.0 || region.join == Some(Join::Zip), true);
        if outside.1 {
            self.feature("fork inside of a fork");
        }
        // The pipe in front of the join may stand in the branches or behind the braces.
        let pipes_inside = region.join.is_some() && self.chance(40);
        for steps in &region.branches {
            let mut branch = Vec::new();
            let before = self.steps(&mut branch, steps, Before::Fork(region.fork));
            if steps.is_empty() {
                self.feature("identity branch");
                branch.push(if pipes_inside { self.pipe(true, false) } else { Element::pipe() });
                self.relay_before_join(before);
            } else if pipes_inside && !ends_in_sinks(steps) {
                self.pipe_before_knot(&mut branch, before);
            } else if region.join.is_some() {
                self.relay_before_join(before);
            }
            fork.branches.push(branch);
        }
        self.around = outside;
        chain.push(fork);
        let Some(kind) = region.join else { return Before::Loose };
        if !pipes_inside {
            let starts_at_stages =
                region.branches.iter().all(|steps| matches!(steps.last(), Some(Step::Stage(_))));
            let pipe = self.pipe(false, starts_at_stages);
            chain.push(pipe);
        }
        self.feature(match kind {
            Join::Merge => "join merge",
            Join::Zip => "join zip",
            Join::Ordered => "join ordered",
        });
        let mut join = Element::new(Is::Join(kind, Some(number)));
        if self.chance(15) {
            join = self.named(join);
            self.feature("join by name");
        }
        chain.push(join);
        Before::Join
    }

    fn describe_fork(&mut self, fork: &mut Element, region: &Region) {
        match region.fork {
            Policy::Replicated => self.feature("replicated fork"),
            Policy::Shared => self.feature("balanced fork"),
            Policy::Workers(count) => {
                self.feature("balanced fork(n)");
                fork.code = Some(match count {
                    Count::Fixed(count) => count.to_string().into(),
                    Count::Parameter => "workers".into(),
                    Count::Auto => {
                        self.feature("balanced fork(auto)");
                        "auto".into()
                    }
                });
                if count == Count::Fixed(1) {
                    self.warn(&mut fork.words[0], "CV016");
                }
            }
        }
        self.options_of_fork(fork, region.fork, region.join);
        if region.branches.len() == 1 && !matches!(region.fork, Policy::Workers(_)) {
            self.warn(&mut fork.words[0], "CV016");
        }
    }

    /// A pipe that leads to a fork or a join.
    pub(super) fn pipe_before_knot(&mut self, chain: &mut Chain, before: Before) {
        self.relay_before_join(before);
        let holds = match before {
            Before::Stage | Before::Fused | Before::Join => true,
            Before::Fork(policy) => policy != Policy::Replicated,
            Before::Nothing | Before::Part | Before::Loose => false,
        };
        let pipe = self.pipe(before != Before::Loose, holds);
        chain.push(pipe);
    }

    /// Such a pipe cannot start at a join, or at a share of a balanced fork.
    fn relay_before_join(&mut self, before: Before) {
        if matches!(before, Before::Join | Before::Fork(Policy::Shared | Policy::Workers(_))) {
            self.feature("relay");
        }
    }

    /// A pipe. Only one that stands behind a single element can be named, and only one that holds messages itself,
    /// which starts at a stage or a relay, has options.
    fn pipe(&mut self, may_be_named: bool, holds: bool) -> Element {
        let mut pipe = match holds && self.chance(4) {
            true => self.dropping_pipe(),
            false => self.sized_pipe(),
        };
        if holds && pipe.options.is_empty() {
            self.options_of_pipe(&mut pipe);
        }
        if may_be_named && self.chance(8) {
            pipe = self.named(pipe);
            self.feature("pipe by name");
        }
        pipe
    }

    /// A pipe between stages that are fused: it cannot refuse anything.
    fn vanishing_pipe(&mut self) -> Element {
        let mut pipe = self.sized_pipe();
        self.options_of_any_pipe(&mut pipe);
        pipe
    }

    fn sized_pipe(&mut self) -> Element {
        let mut pipe = Element::pipe();
        self.feature("pipe");
        match self.rng.u32(..10) {
            0..3 => {
                pipe.code = Some(["1", "2", "5", "64"][self.rng.usize(..4)].into());
                self.feature("pipe(n)");
            }
            3 => {
                pipe.code = Some(["room", "*room", "room + 1"][self.rng.usize(..3)].into());
                self.feature("pipe(parameter)");
            }
            _ => {}
        }
        pipe
    }
}
