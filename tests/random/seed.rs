//! Which graphs: a fixed seed, or the one in `CONVEYOR_SEED`; with `CONVEYOR_ONE` a single graph again.

use crate::coverage::Coverage;
use fastrand::Rng;
use std::fmt;

/// The issue asks for this many.
const COUNT: usize = 300;
/// Of so many candidates the one is taken that has what is rare.
const CANDIDATES: usize = 12;
/// So many graphs are tried for a mistake.
const ATTEMPTS: usize = 1000;
/// In so many rounds over all rules each of their mistakes has its turn.
pub(crate) const ROUNDS: u64 = 30;
const DEFAULT: u64 = 20_260;

/// The seeds of one test.
pub(crate) struct Seeds {
    what: &'static str,
    base: u64,
    count: usize,
    one: Option<u64>,
}

/// As the environment says.
pub(crate) fn seeds(what: &'static str) -> Seeds {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let one = std::env::var("CONVEYOR_ONE").ok();
    let one = one.and_then(|one| one.strip_prefix(what)?.strip_prefix(':')?.parse().ok());
    let count = number("CONVEYOR_GRAPHS").map_or(COUNT, |count| count as usize);
    Seeds {
        what,
        base: number("CONVEYOR_SEED").unwrap_or(DEFAULT),
        count: if one.is_some() { 1 } else { count },
        one,
    }
}

impl Seeds {
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// The seeds that a graph may be made from.
    pub(crate) fn candidates(&self, number: usize) -> impl Iterator<Item = u64> {
        let mut rng = Rng::with_seed(self.base ^ (number as u64) << 32);
        let one = self.one;
        let count = if one.is_some() { 1 } else { CANDIDATES };
        (0..count).map(move |_| one.unwrap_or_else(|| rng.u64(..)))
    }

    /// Seeds for a broken graph, all of them for one rule of so many, and for one mistake.
    pub(crate) fn broken(&self, number: usize, rules: usize) -> impl Iterator<Item = u64> {
        let mut rng = Rng::with_seed(self.base ^ (number as u64) << 32);
        let (one, rules) = (self.one, rules as u64);
        let (rule, round) = (number as u64 % rules, number as u64 / rules % ROUNDS);
        let count = u64::MAX / rules / ROUNDS - 1;
        (0..ATTEMPTS).map(move |_| one.unwrap_or_else(|| (rng.u64(..count) * ROUNDS + round) * rules + rule))
    }

    /// With all graphs everything has to occur often enough.
    pub(crate) fn demand(&self, coverage: &Coverage) {
        let missing = if self.count < COUNT { Vec::new() } else { coverage.missing() };
        assert!(missing.is_empty(), "too rare: {missing:?}");
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} graphs of CONVEYOR_SEED={}", self.count, self.what, self.base)
    }
}
