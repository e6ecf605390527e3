//! Which arrays are parameters of pipelines.
//!
//! Whoever encodes an array lends it: as long as the bytes are kept, so is the array. Whoever decodes it in the same
//! process finds it here, and gets a handle of the same memory. Only lent arrays are found, and what is lent has a
//! handle here: so an array with a single handle has nobody who could come by another one. What is lent for writing is
//! found only for that: so nobody comes by a handle that reads it meanwhile, whatever bytes he makes up.

use super::memory::{Access, Id, Memory, not_shared};
use crate::Error;
use crate::message::Keepsake;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak}; // taken by callers only: nothing to model

/// An array, as long as somebody needs it.
pub(super) struct Lent {
    memory: Arc<Memory>,
    access: Access,
}

type Key = (Id, Access);

static LENT: Mutex<BTreeMap<Key, Weak<Lent>>> = Mutex::new(BTreeMap::new());

/// A panic leaves the table whole: every change is one call.
fn table() -> MutexGuard<'static, BTreeMap<Key, Weak<Lent>>> {
    LENT.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lent {
    /// Lends an array, once more perhaps.
    pub(super) fn of(memory: &Arc<Memory>, access: Access) -> Arc<Lent> {
        // what is dropped takes the lock, too: so nothing is dropped under it
        let (mut table, key) = (table(), (memory.id(), access));
        match table.get(&key).and_then(Weak::upgrade) {
            Some(lent) => lent,
            None => {
                let lent = Arc::new(Lent { memory: memory.clone(), access });
                table.insert(key, Arc::downgrade(&lent));
                lent
            }
        }
    }

    /// A handle of an array that is lent for this.
    pub(super) fn find(id: Id, access: Access) -> Option<Arc<Memory>> {
        let found = table().get(&(id, access)).and_then(Weak::upgrade);
        found.map(|lent| lent.memory.clone())
    }

    /// Is it lent, for whatever?
    pub(super) fn is_lent(id: Id) -> bool {
        [Access::Read, Access::Write].into_iter().any(|access| Lent::find(id, access).is_some())
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let (mut table, key) = (table(), (self.memory.id(), self.access));
        // it may have been lent anew meanwhile
        if table.get(&key).is_some_and(|lent| lent.strong_count() == 0) {
            table.remove(&key);
        }
    }
}

impl Keepsake for Lent {
    fn crosses_processes(&self) -> Result<(), Error> {
        #[cfg(target_os = "linux")]
        if self.memory.ticket()?.is_some() {
            return Ok(());
        }
        Err(not_shared())
    }
}
