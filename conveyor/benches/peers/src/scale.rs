//! How much of its work a workload does.

/// The sizes that are written in the workloads, or a glance to see that everything works.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    Full,
    Quick,
}

impl Scale {
    pub fn of_name(name: &str) -> Scale {
        if name == Scale::Quick.name() { Scale::Quick } else { Scale::Full }
    }

    pub fn name(self) -> &'static str {
        match self {
            Scale::Full => "full",
            Scale::Quick => "quick",
        }
    }

    /// How many items there are where `full` are.
    pub fn items(self, full: u64) -> u64 {
        match self {
            Scale::Full => full,
            Scale::Quick => full.div_ceil(20),
        }
    }

    /// In how many turns each system runs.
    pub fn rounds(self) -> usize {
        match self {
            Scale::Full => 5,
            Scale::Quick => 1,
        }
    }
}
