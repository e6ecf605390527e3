//! Options that change nothing of what comes out: no worker dies, and pipes that drop messages have room for all of them.

use super::Writer;
use crate::draft::Element;
use crate::model::{Count, Join, Policy, Role, Stage};

/// Options about workers that die. In the serial and the threads context there are none, and a run refuses them.
pub(crate) const RECOVERY: [&str; 3] = ["[restart]", "[deadline]", "[on_poison]"];

/// Pipes that drop messages when they are full.
pub(crate) const DROPPING: [&str; 2] = ["[when_full = drop_newest]", "[when_full = drop_oldest]"];

/// So many messages such a pipe has room for: more than ever pass, so that it is never full. The test makes sure.
pub(crate) const ROOM: usize = 16_384;

impl Writer<'_> {
    pub(super) fn dropping_pipe(&mut self) -> Element {
        let mut pipe = Element::pipe();
        self.feature("pipe");
        pipe.code = Some(ROOM.to_string().into());
        self.feature("pipe(n)");
        let option = DROPPING[self.rng.usize(..2)];
        self.perhaps(&mut pipe, 100, option, None);
        pipe
    }

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
        if self.recovers {
            self.recovery_of_stage(element, is_source);
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

    /// Some of them contradict each other, or others.
    fn recovery_of_stage(&mut self, element: &mut Element, is_source: bool) {
        let is_stateless = element.options.iter().any(|(name, _)| name.text == "stateless");
        let restart = ["never", "on_crash(3)", if is_stateless { "on_crash(1)" } else { "empty" }];
        let restart = restart[self.rng.usize(..3)];
        self.perhaps(element, 25, "[restart]", Some(restart));
        if !is_source {
            self.perhaps(element, 25, "[deadline]", Some("std::time::Duration::from_secs(600)"));
            let poison = ["stop", if restart == "never" { "stop" } else { "skip" }];
            let poison = poison[self.rng.usize(..2)];
            self.perhaps(element, 25, "[on_poison]", Some(poison));
        }
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
