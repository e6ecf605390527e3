//! Arrays of another process that this one has mapped.
//!
//! A mapping is kept as long as the array's owner has it, because it costs more than a message: every page of it has to
//! be found again. It is let go when another array is mapped after that; memory that its owner has dropped is given
//! back at once, whoever has it mapped (`memory`).

use super::element::Element;
use super::memory::{Access, Id, Memory, not_shared};
use crate::Result;
use crate::sys::segment::Ticket;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError}; // taken by constructors and per share of a map: nothing to model

static BORROWED: Mutex<BTreeMap<(Id, Access), Arc<Memory>>> = Mutex::new(BTreeMap::new());

/// The memory of this array, which another process has lent. An empty text tells that it cannot be.
pub(super) fn borrowed<T: Element>(
    id: Id,
    ticket: &str,
    bytes: usize,
    access: Access,
) -> Result<Arc<Memory>> {
    let access = if T::ATOMIC { Access::Write } else { access };
    // a panic leaves the table whole: every change is one call
    let mut table = BORROWED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(memory) = table.get(&(id, access)) {
        return Ok(memory.clone());
    }
    if ticket.is_empty() {
        return Err(not_shared().into());
    }
    let ticket: Ticket = ticket.parse().map_err(|_| crate::Failure::damaged("an array without a place"))?;
    if let Ticket::Stdin { .. } = ticket {
        return Err(crate::Failure::damaged("an array in the standard input"));
    }
    let memory = Arc::new(Memory::borrow::<T>(id, ticket, bytes, access)?);
    // what somebody here still looks at stays
    table.retain(|_, memory| Arc::strong_count(memory) > 1 || !memory.is_abandoned());
    table.insert((id, access), memory.clone());
    Ok(memory)
}

#[cfg(test)]
mod tests {
    use super::super::handle::SharedArray;
    use super::*;
    use crate::{Backend, Context};

    /// A handle's memory, as a worker maps it.
    fn lend(array: &SharedArray<u64>) -> Arc<Memory> {
        let id = Id { pid: 0, ..array.memory().id() };
        let ticket = array.memory().ticket().unwrap().unwrap().to_string();
        borrowed::<u64>(id, &ticket, size_of_val(array.as_slice()), Access::Read).unwrap()
    }

    #[test]
    fn a_mapping_is_kept_until_its_owner_has_dropped_it_and_another_one_comes() {
        for backend in [Backend::Memfd, Backend::Named] {
            let array = || {
                SharedArray::<u64>::build(1000).context(Context::Processes).backend(backend).full(5).unwrap()
            };
            let (first, second) = (array(), array());
            let kept = Arc::downgrade(&lend(&first));
            drop(lend(&second));
            assert!(Arc::ptr_eq(&kept.upgrade().unwrap(), &lend(&first)));
            drop((first, second));
            assert!(kept.upgrade().is_some());
            drop(lend(&array()));
            assert!(kept.upgrade().is_none());
        }
    }
}
