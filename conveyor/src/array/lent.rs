//! Which arrays are parameters of pipelines.
//!
//! Whoever encodes an array lends it: as long as the bytes are kept, so is the array. Whoever decodes it in the same
//! process finds it here, and gets a handle of the same memory. Only lent arrays are found, and what is lent has a
//! handle here: so an array with a single handle has nobody who could come by another one.

use super::memory::{Id, Memory, not_shared};
use crate::Error;
use crate::message::Keepsake;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak}; // taken by callers only: nothing to model

/// An array, as long as somebody needs it.
pub(super) struct Lent(Arc<Memory>);

static LENT: Mutex<BTreeMap<Id, Weak<Lent>>> = Mutex::new(BTreeMap::new());

/// A panic leaves the table whole: every change is one call.
fn table() -> MutexGuard<'static, BTreeMap<Id, Weak<Lent>>> {
    LENT.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lent {
    /// Lends an array, once more perhaps.
    pub(super) fn of(memory: &Arc<Memory>) -> Arc<Lent> {
        // what is dropped takes the lock, too: so nothing is dropped under it
        let mut table = table();
        match table.get(&memory.id()).and_then(Weak::upgrade) {
            Some(lent) => lent,
            None => {
                let lent = Arc::new(Lent(memory.clone()));
                table.insert(memory.id(), Arc::downgrade(&lent));
                lent
            }
        }
    }

    /// A handle of an array that is lent.
    pub(super) fn find(id: Id) -> Option<Arc<Memory>> {
        let found = table().get(&id).and_then(Weak::upgrade);
        found.map(|lent| lent.0.clone())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut table = table();
        // it may have been lent anew meanwhile
        if table.get(&self.0.id()).is_some_and(|lent| lent.strong_count() == 0) {
            table.remove(&self.0.id());
        }
    }
}

impl Keepsake for Lent {
    fn crosses_processes(&self) -> Result<(), Error> {
        #[cfg(target_os = "linux")]
        if self.0.ticket()?.is_some() {
            return Ok(());
        }
        Err(not_shared())
    }
}
