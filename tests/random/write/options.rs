//! Options that change nothing of what comes out, in any context: those about restarting are for processes alone.

use super::Writer;
use crate::draft::Element;
use crate::model::{Count, Join, Policy, Role, Stage};

impl Writer<'_> {
    pub(super) fn options_of_pipe(&mut self, pipe: &mut Element) {
        let bytes = ["1 << 20", "65_536"][self.rng.usize(..2)];
        self.perhaps(pipe, 6, "[limit_bytes]", Some(bytes));
        self.options_of_any_pipe(pipe);
    }

    /// Those that a pipe may have that vanishes.
    pub(super) fn options_of_any_pipe(&mut self, pipe: &mut Element) {
        self.perhaps(pipe, 4, "[when_full]", Some("block"));
        let batch = ["1", "2", "room", "1000"][self.rng.usize(..4)];
        self.perhaps(pipe, 4, "[batch]", Some(batch));
    }

    /// Gives whether it is fused with the next stage.
    pub(super) fn options_of_stage(
        &mut self,
        element: &mut Element,
        stage: &Stage,
        stands_before_a_stage: bool,
    ) -> bool {
        let (is_source, is_sink) = (stage.role() == Role::Source, stage.role() == Role::Sink);
        if is_source {
            self.perhaps(element, 30, "[stdin]", Some("*dry"));
        } else if !stage.function.has_state {
            self.perhaps(element, 4, "[stateless]", None);
        }
        if !is_sink {
            self.perhaps(element, 4, "[deterministic]", None);
            if stands_before_a_stage && self.chance(15) {
                self.perhaps(element, 100, "[fuse = next]", None);
                return true;
            }
            self.perhaps(element, 3, "[fuse]", Some("none"));
        }
        false
    }

    pub(super) fn options_of_fork(&mut self, fork: &mut Element, policy: Policy, join: Option<Join>) {
        match policy {
            Policy::Replicated => return,
            Policy::Workers(Count::Auto) => self.perhaps(fork, 50, "[max]", Some("3")),
            Policy::Shared | Policy::Workers(_) => {}
        }
        let policy = ["free", "round_robin"][self.rng.usize(..2)];
        self.perhaps(fork, 20, "[policy]", Some(policy));
        if join == Some(Join::Ordered) {
            let window = ["2", "7", "room", "1000"][self.rng.usize(..4)];
            self.perhaps(fork, 25, "[window]", Some(window));
        }
    }

    /// The feature is the option's name in brackets.
    fn perhaps(&mut self, element: &mut Element, percent: u32, option: &'static str, value: Option<&str>) {
        if self.chance(percent) {
            let name = option.trim_matches(['[', ']']);
            element.options.push((name.into(), value.map(Into::into)));
            self.feature(option);
        }
    }
}
