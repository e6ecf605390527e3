//! How a run is to behave, beside where it runs.

use std::path::PathBuf;

/// What the caller wishes of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunOptions {
    /// Where messages go that were left out.
    pub(crate) dead_letters: Option<PathBuf>,
}
