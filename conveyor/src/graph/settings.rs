//! What the expressions in a declaration evaluate to: capacities, counts, options. The macro writes one function that
//! fills them in from the parameters, in the caller.

use std::collections::BTreeMap;

/// Values by element number.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub(crate) capacities: BTreeMap<u32, usize>,
    pub(crate) widths: BTreeMap<u32, Width>,
    pub(crate) pools: BTreeMap<u32, PoolSize>,
    pub(crate) limits: BTreeMap<u32, usize>,
    pub(crate) stdin: Option<u32>,
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

impl Settings {
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
        self.pools.insert(pool, PoolSize { chunks, elements });
    }

    /// `source name [stdin]`, `source name [stdin = condition]`: the source reads the program's standard input.
    pub fn stdin(&mut self, source: u32, claims: bool) {
        if claims {
            self.stdin = Some(source);
        }
    }
}
