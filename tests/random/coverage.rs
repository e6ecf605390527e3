//! How many graphs have each feature, and the choice of those that have what is rare.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How often each feature has to occur.
pub(crate) const LEAST: usize = 10;

#[derive(Default)]
pub(crate) struct Coverage(BTreeMap<&'static str, usize>);

impl Coverage {
    /// Of these features, none yet.
    pub(crate) fn of(wanted: impl IntoIterator<Item = &'static str>) -> Coverage {
        Coverage(wanted.into_iter().map(|feature| (feature, 0)).collect())
    }

    pub(crate) fn count(&mut self, features: &BTreeSet<&'static str>) {
        for feature in features {
            *self.0.entry(feature).or_default() += 1;
        }
    }

    /// How much these features would help.
    pub(crate) fn lack(&self, features: &BTreeSet<&'static str>) -> usize {
        let missing =
            |feature: &&'static str| LEAST.saturating_sub(self.0.get(feature).copied().unwrap_or(LEAST));
        features.iter().map(missing).sum()
    }

    /// Those that occur too rarely.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        self.0.iter().filter(|(_, count)| **count < LEAST).map(|(feature, _)| *feature).collect()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(feature, count)| writeln!(f, "{count:6} {feature}"))
    }
}
