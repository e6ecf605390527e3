//! How large the components are.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt;

/// How many vertices have the same root.
#[derive(Default)]
pub(crate) struct Sizes(HashMap<u32, u64>);

impl Sizes {
    /// Counts a vertex with this root.
    pub(crate) fn add(&mut self, root: u32) {
        *self.0.entry(root).or_default() += 1;
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sizes: Vec<u64> = self.0.values().copied().collect();
        sizes.sort_unstable_by_key(|&size| Reverse(size));
        writeln!(f, "{} vertices with an edge, {} components", sizes.iter().sum::<u64>(), sizes.len())?;
        sizes.truncate(10);
        writeln!(f, "the largest have {sizes:?} vertices")
    }
}
