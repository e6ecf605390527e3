//! What the options of elements say, beside plain numbers.

pub use crate::ring::WhenFull;
use std::fmt;
use std::time::Duration;

/// `processor name [restart = ..]`: what becomes of a processor that has died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Restart {
    /// The run ends.
    Never,
    /// It is replaced, so many times.
    OnCrash(usize),
    /// It is replaced by one without the state it had.
    Empty,
}

impl Restart {
    /// `restart = on_crash(n)`
    pub fn on_crash(times: usize) -> Restart {
        Restart::OnCrash(times)
    }
}

/// `processor name [on_poison = ..]`: what becomes of a message that kills its processor again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnPoison {
    /// The run ends.
    Stop,
    /// It is left out.
    Skip,
}

/// Which neighbours of a pipeline share a process, or a thread; see [`Pipeline::fuse`](crate::Pipeline::fuse). Outputs and errors
/// are the same whatever it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Fuse {
    /// Those with `[fuse = next]`.
    #[default]
    None,
    /// Those with `[fuse = next]`; and if there are more workers than cores, as many rows as leave no core without a
    /// worker.
    Auto,
    /// All that may.
    All,
}

/// `processor name [fuse = ..]`: whether it shares a process with the stage behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FuseWith {
    /// Never.
    None,
    /// Always.
    Next,
}

/// `balanced fork(n) [policy = ..]`: which worker gets a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// One that is free.
    #[default]
    Free,
    /// Each in its turn.
    RoundRobin,
}

/// Of a pipe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PipeOptions {
    pub(crate) when_full: WhenFull,
    /// Messages that are published at once, at most.
    pub(crate) batch: Option<usize>,
}

/// Of a source, a processor or a sink. What is `None` was not said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct StageOptions {
    pub(crate) stateless: bool,
    pub(crate) deterministic: bool,
    pub(crate) restart: Option<Restart>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) on_poison: Option<OnPoison>,
    pub(crate) fuse: Option<FuseWith>,
}

impl StageOptions {
    /// Whoever wrote one of these wants it to have a process of its own, unless he says `fuse = next`.
    pub(crate) fn isolates(&self) -> bool {
        self.only_of_processes().is_some()
    }

    /// The first option that only a process can obey: nothing else can be replaced or ended from outside.
    pub(crate) fn only_of_processes(&self) -> Option<&'static str> {
        [
            (self.restart.is_some(), "restart"),
            (self.deadline.is_some(), "deadline"),
            (self.on_poison.is_some(), "on_poison"),
        ]
        .into_iter()
        .find_map(|(is_said, name)| is_said.then_some(name))
    }
}

/// Of a balanced fork.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ForkOptions {
    pub(crate) policy: Policy,
    /// How many messages the fork may run ahead of its `join ordered`.
    pub(crate) window: Option<usize>,
}

/// As they travel to the workers.
impl PipeOptions {
    pub(crate) fn pack(self) -> [u64; 2] {
        [self.when_full as u64, self.batch.unwrap_or(0) as u64]
    }

    pub(crate) fn unpack([when_full, batch]: [u64; 2]) -> PipeOptions {
        let when_full = match when_full {
            1 => WhenFull::DropNewest,
            2 => WhenFull::DropOldest,
            _ => WhenFull::Block,
        };
        PipeOptions { when_full, batch: Some(batch as usize).filter(|batch| *batch > 0) }
    }
}

/// As they travel to the workers. Only for a plan: in it no count and no time is 0.
impl StageOptions {
    pub(crate) fn pack(self) -> [u64; 6] {
        let restart = match self.restart {
            None => 0,
            Some(Restart::Never) => 1,
            Some(Restart::Empty) => 2,
            Some(Restart::OnCrash(times)) => 2_u64.saturating_add(times as u64),
        };
        [
            u64::from(self.stateless),
            u64::from(self.deterministic),
            restart,
            self.deadline.map_or(0, |time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)),
            self.on_poison.map_or(0, |on_poison| 1 + on_poison as u64),
            self.fuse.map_or(0, |fuse| 1 + fuse as u64),
        ]
    }

    pub(crate) fn unpack([stateless, deterministic, restart, deadline, on_poison, fuse]: [u64; 6]) -> Self {
        StageOptions {
            stateless: stateless != 0,
            deterministic: deterministic != 0,
            restart: match restart {
                0 => None,
                1 => Some(Restart::Never),
                2 => Some(Restart::Empty),
                times => Some(Restart::OnCrash((times - 2) as usize)),
            },
            deadline: Some(Duration::from_nanos(deadline)).filter(|deadline| !deadline.is_zero()),
            on_poison: match on_poison {
                0 => None,
                1 => Some(OnPoison::Stop),
                _ => Some(OnPoison::Skip),
            },
            fuse: match fuse {
                0 => None,
                1 => Some(FuseWith::None),
                _ => Some(FuseWith::Next),
            },
        }
    }
}

/// As they travel to the workers.
impl ForkOptions {
    pub(crate) fn pack(self) -> [u64; 2] {
        [self.policy as u64, self.window.unwrap_or(0) as u64]
    }

    pub(crate) fn unpack([policy, window]: [u64; 2]) -> ForkOptions {
        let policy = if policy == 0 { Policy::Free } else { Policy::RoundRobin };
        ForkOptions { policy, window: Some(window as usize).filter(|window| *window > 0) }
    }
}

/// As they were written: nothing for what was not.
impl fmt::Display for StageOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = [
            self.stateless.then(|| "stateless".to_owned()),
            self.deterministic.then(|| "deterministic".to_owned()),
            self.restart.map(|restart| match restart {
                Restart::Never => "restart = never".to_owned(),
                Restart::OnCrash(times) => format!("restart = on_crash({times})"),
                Restart::Empty => "restart = empty".to_owned(),
            }),
            self.deadline.map(|deadline| format!("deadline = {deadline:?}")),
            self.on_poison.map(|on_poison| match on_poison {
                OnPoison::Stop => "on_poison = stop".to_owned(),
                OnPoison::Skip => "on_poison = skip".to_owned(),
            }),
            self.fuse.map(|fuse| match fuse {
                FuseWith::None => "fuse = none".to_owned(),
                FuseWith::Next => "fuse = next".to_owned(),
            }),
        ];
        f.write_str(&said.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_survive_packing() {
        let said = StageOptions {
            stateless: true,
            deterministic: true,
            restart: Some(Restart::OnCrash(3)),
            deadline: Some(Duration::from_millis(5)),
            on_poison: Some(OnPoison::Skip),
            fuse: Some(FuseWith::Next),
        };
        let others = [Restart::Never, Restart::Empty].map(|restart| StageOptions {
            restart: Some(restart),
            on_poison: Some(OnPoison::Stop),
            fuse: Some(FuseWith::None),
            ..StageOptions::default()
        });
        for options in [said, StageOptions::default()].into_iter().chain(others) {
            assert_eq!(StageOptions::unpack(options.pack()), options);
        }
        for when_full in [WhenFull::Block, WhenFull::DropNewest, WhenFull::DropOldest] {
            for batch in [None, Some(7)] {
                let options = PipeOptions { when_full, batch };
                assert_eq!(PipeOptions::unpack(options.pack()), options);
            }
        }
        for policy in [Policy::Free, Policy::RoundRobin] {
            let options = ForkOptions { policy, window: Some(1) };
            assert_eq!(ForkOptions::unpack(options.pack()), options);
        }
    }

    #[test]
    fn they_print_as_they_were_written() {
        let options = StageOptions {
            stateless: true,
            restart: Some(Restart::OnCrash(3)),
            deadline: Some(Duration::from_secs(2)),
            ..StageOptions::default()
        };
        assert_eq!(options.to_string(), "stateless, restart = on_crash(3), deadline = 2s");
        assert_eq!(StageOptions::default().to_string(), "");
    }
}
