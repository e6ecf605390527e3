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
