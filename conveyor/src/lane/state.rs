//! What user code has saved, beside the positions of the record.

use super::Lane;

impl Lane {
    /// The state as it is after the steps so far: committed with them.
    pub(crate) fn save_state(&mut self, _state: &[u8]) {}

    /// What was saved before the last commit of the worker that this one replaces.
    pub(crate) fn saved_state(&self) -> Option<Vec<u8>> {
        None
    }
}
