//! How many graphs have each feature, and the choice of those that have what is rare.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::OpenOptions;
use std::io::Write;

/// How often each feature has to occur.
pub(crate) const LEAST: usize = 10;

pub(crate) struct Coverage {
    counts: BTreeMap<&'static str, usize>,
    /// How often each has to occur.
    least: usize,
}

impl Coverage {
    /// Of these features, none yet.
    pub(crate) fn of(wanted: impl IntoIterator<Item = &'static str>, least: usize) -> Coverage {
        Coverage { counts: wanted.into_iter().map(|feature| (feature, 0)).collect(), least }
    }

    pub(crate) fn count<'f>(&mut self, features: impl IntoIterator<Item = &'f &'static str>) {
        for feature in features {
            *self.counts.entry(feature).or_default() += 1;
        }
    }

    /// How much these features would help.
    pub(crate) fn lack(&self, features: &BTreeSet<&'static str>) -> usize {
        let missing = |feature: &&'static str| {
            self.least.saturating_sub(self.counts.get(feature).copied().unwrap_or(self.least))
        };
        features.iter().map(missing).sum()
    }

    /// Those that occur too rarely.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        self.counts.iter().filter(|(_, count)| **count < self.least).map(|(feature, _)| *feature).collect()
    }
}

/// In one line: `3 pipe, 4 sink`.
impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<String> =
            self.counts.iter().map(|(feature, count)| format!("{count} {feature}")).collect();
        f.write_str(&counts.join(", "))
    }
}

/// Prints a line that is worth reading when all is well, too: the harness hides it then, so it is also appended to the file
/// that the environment names in `CONVEYOR_SAID`.
pub(crate) fn say(line: &str) {
    println!("{line}");
    if let Some(file) = std::env::var_os("CONVEYOR_SAID") {
        let file = OpenOptions::new().create(true).append(true).open(file);
        file.and_then(|mut file| writeln!(file, "{line}")).expect("the file can be written");
    }
}
