//! What the expressions in a declaration evaluate to: capacities, counts, options. The macro writes one function that
//! fills them in from the parameters, in the caller.

use std::collections::{BTreeMap, BTreeSet};

/// Values by element number.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub(crate) capacities: BTreeMap<u32, usize>,
    pub(crate) widths: BTreeMap<u32, Width>,
    pub(crate) pools: BTreeMap<u32, PoolSize>,
    pub(crate) limits: BTreeMap<u32, usize>,
    /// The sources that read the program's standard input; a run accepts one.
    pub(crate) stdin: BTreeSet<u32>,
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
impl Amount for usize {
    fn amount(self) -> usize {
        self
    }
}
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
impl Condition for bool {
    fn holds(self) -> bool {
        self
    }
}
impl Condition for &bool {
    fn holds(self) -> bool {
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
        let Settings { capacities, widths, pools, limits, stdin } = other;
        fill(&mut self.capacities, capacities, &element);
        fill(&mut self.widths, widths, &element);
        fill(&mut self.pools, pools, &pool);
        fill(&mut self.limits, limits, &element);
        self.stdin.extend(stdin.into_iter().filter_map(element));
    }

    /// `pipe(n)`: at most `n` messages.
    pub fn capacity(&mut self, pipe: u32, messages: impl Amount) {
        self.capacities.insert(pipe, messages.amount());
    }

    /// `pipe [limit_bytes = n]`
    pub fn limit_bytes(&mut self, pipe: u32, bytes: impl Amount) {
        self.limits.insert(pipe, bytes.amount());
    }

    /// `balanced fork(n)`
    pub fn width(&mut self, fork: u32, workers: impl Amount) {
        self.widths.insert(fork, Width::Fixed(workers.amount()));
    }

    /// `balanced fork(auto)`, with `[max = n]`
    pub fn width_auto(&mut self, fork: u32, max: Option<impl Amount>) {
        self.widths.insert(fork, Width::Auto { max: max.map(Amount::amount) });
    }

    /// `pool name(chunks) of [T; elements]`
    pub fn pool(&mut self, pool: u32, chunks: impl Amount, elements: impl Amount) {
        let size = PoolSize { chunks: chunks.amount(), elements: elements.amount() };
        self.pools.insert(pool, size);
    }

    /// `source name [stdin]`, `source name [stdin = condition]`: the source reads the program's standard input.
    pub fn stdin(&mut self, source: u32, claims: impl Condition) {
        if claims.holds() {
            self.stdin.insert(source);
        }
    }
}
