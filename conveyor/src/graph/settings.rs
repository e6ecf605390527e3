//! What the expressions in a declaration evaluate to: capacities, counts, options. The macro writes one function that
//! fills them in from the parameters, in the caller.

use super::options::{ForkOptions, FuseWith, OnPoison, PipeOptions, Policy, Restart, StageOptions, WhenFull};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Values by element number.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub(crate) capacities: BTreeMap<u32, usize>,
    pub(crate) widths: BTreeMap<u32, Width>,
    pub(crate) pools: BTreeMap<u32, PoolSize>,
    pub(crate) limits: BTreeMap<u32, usize>,
    /// The sources that read the program's standard input; a run accepts one.
    pub(crate) stdin: BTreeSet<u32>,
    pub(crate) pipes: BTreeMap<u32, PipeOptions>,
    pub(crate) stages: BTreeMap<u32, StageOptions>,
    pub(crate) forks: BTreeMap<u32, ForkOptions>,
}

/// How many workers a balanced fork has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Width {
    /// `balanced fork(n)`
    Fixed(usize),
    /// `balanced fork(auto)`, at most `max` if given.
    Auto {
        /// `[max = n]`
        max: Option<usize>,
    },
}

/// `pool name(chunks) of [T; elements]`
#[derive(Clone, Copy, Debug)]
pub(crate) struct PoolSize {
    pub(crate) chunks: usize,
    pub(crate) elements: usize,
}

/// What a piece of the user's code evaluates to. As with [`Between`](super::ports::Between), its type is known before the
/// rule is checked, which is to blame at the code.
pub struct Evaluated<T>(T);

/// A value of an option as the user's code gives it, to be read by the trait that says what may stand there.
pub fn evaluated<T>(value: T) -> Evaluated<T> {
    Evaluated(value)
}

impl<T> Evaluated<T> {
    /// The value that the rule makes of it: `Amount::amount`, `Condition::holds`, `Time::time`.
    pub fn by<U>(self, rule: fn(T) -> U) -> U {
        rule(self.0)
    }
}

/// A capacity, a count or a limit: a number, or a parameter, which expressions see by reference.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a capacity or a count",
    label = "expected `usize`",
    note = "capacities, counts and limits are a `usize`, or a parameter of that type"
)]
pub trait Amount: Copy {
    /// The number itself.
    fn amount(self) -> usize;
}
#[diagnostic::do_not_recommend]
impl Amount for usize {
    fn amount(self) -> usize {
        self
    }
}
#[diagnostic::do_not_recommend]
impl Amount for &usize {
    fn amount(self) -> usize {
        *self
    }
}

/// A condition: a `bool`, or a parameter, which expressions see by reference.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a condition", label = "expected `bool`")]
pub trait Condition: Copy {
    /// Does it hold?
    fn holds(self) -> bool;
}
#[diagnostic::do_not_recommend]
impl Condition for bool {
    fn holds(self) -> bool {
        self
    }
}
#[diagnostic::do_not_recommend]
impl Condition for &bool {
    fn holds(self) -> bool {
        *self
    }
}

/// A time that a step may take: a [`Duration`], or a parameter, which expressions see by reference.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a time",
    label = "expected `Duration`",
    note = "a deadline is a `std::time::Duration`, or a parameter of that type"
)]
pub trait Time: Copy {
    /// The time itself.
    fn time(self) -> Duration;
}
#[diagnostic::do_not_recommend]
impl Time for Duration {
    fn time(self) -> Duration {
        self
    }
}
#[diagnostic::do_not_recommend]
impl Time for &Duration {
    fn time(self) -> Duration {
        *self
    }
}

impl Settings {
    /// Adds the values of another declaration, whose elements and pools have these numbers here. What has a value
    /// keeps it; what has no number is not there.
    pub(crate) fn add(
        &mut self,
        other: Settings,
        element: impl Fn(u32) -> Option<u32>,
        pool: impl Fn(u32) -> Option<u32>,
    ) {
        fn fill<T>(
            into: &mut BTreeMap<u32, T>,
            from: BTreeMap<u32, T>,
            number: &impl Fn(u32) -> Option<u32>,
        ) {
            for (at, value) in from {
                if let Some(at) = number(at) {
                    into.entry(at).or_insert(value);
                }
            }
        }
        let Settings { capacities, widths, pools, limits, stdin, pipes, stages, forks } = other;
        fill(&mut self.capacities, capacities, &element);
        fill(&mut self.widths, widths, &element);
        fill(&mut self.pools, pools, &pool);
        fill(&mut self.limits, limits, &element);
        fill(&mut self.pipes, pipes, &element);
        fill(&mut self.stages, stages, &element);
        fill(&mut self.forks, forks, &element);
        self.stdin.extend(stdin.into_iter().filter_map(element));
    }

    /// `pipe(n)`: at most `n` messages.
    pub fn capacity(&mut self, pipe: u32, messages: usize) {
        self.capacities.insert(pipe, messages);
    }

    /// `pipe [limit_bytes = n]`
    pub fn limit_bytes(&mut self, pipe: u32, bytes: usize) {
        self.limits.insert(pipe, bytes);
    }

    /// `balanced fork(n)`
    pub fn width(&mut self, fork: u32, workers: usize) {
        self.widths.insert(fork, Width::Fixed(workers));
    }

    /// `balanced fork(auto)`, with `[max = n]`
    pub fn width_auto(&mut self, fork: u32, max: Option<usize>) {
        self.widths.insert(fork, Width::Auto { max });
    }

    /// `pool name(chunks) of [T; elements]`
    pub fn pool(&mut self, pool: u32, chunks: usize, elements: usize) {
        let size = PoolSize { chunks, elements };
        self.pools.insert(pool, size);
    }

    /// `pipe [when_full = drop_newest]`
    pub fn when_full(&mut self, pipe: u32, when_full: WhenFull) {
        self.pipes.entry(pipe).or_default().when_full = when_full;
    }

    /// `pipe [batch = n]`
    pub fn batch(&mut self, pipe: u32, messages: usize) {
        self.pipes.entry(pipe).or_default().batch = Some(messages);
    }

    /// `processor name [stateless]`
    pub fn stateless(&mut self, stage: u32, is_stateless: bool) {
        self.stages.entry(stage).or_default().stateless = is_stateless;
    }

    /// `processor name [deterministic]`
    pub fn deterministic(&mut self, stage: u32, is_deterministic: bool) {
        self.stages.entry(stage).or_default().deterministic = is_deterministic;
    }

    /// `processor name [restart = on_crash(n)]`
    pub fn restart(&mut self, stage: u32, restart: Restart) {
        self.stages.entry(stage).or_default().restart = Some(restart);
    }

    /// `processor name [deadline = time]`
    pub fn deadline(&mut self, stage: u32, time: Duration) {
        self.stages.entry(stage).or_default().deadline = Some(time);
    }

    /// `processor name [on_poison = skip]`
    pub fn on_poison(&mut self, stage: u32, on_poison: OnPoison) {
        self.stages.entry(stage).or_default().on_poison = Some(on_poison);
    }

    /// `processor name [fuse = next]`
    pub fn fuse(&mut self, stage: u32, fuse: FuseWith) {
        self.stages.entry(stage).or_default().fuse = Some(fuse);
    }

    /// `balanced fork(n) [policy = round_robin]`
    pub fn policy(&mut self, fork: u32, policy: Policy) {
        self.forks.entry(fork).or_default().policy = policy;
    }

    /// `balanced fork(n) [window = n]`
    pub fn window(&mut self, fork: u32, messages: usize) {
        self.forks.entry(fork).or_default().window = Some(messages);
    }

    /// `source name [stdin]`, `source name [stdin = condition]`: the source reads the program's standard input.
    pub fn stdin(&mut self, source: u32, claims: bool) {
        if claims {
            self.stdin.insert(source);
        }
    }
}
