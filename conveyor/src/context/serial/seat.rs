//! Where a machine stays: in the thread that has made it. The ends of a run may be sent to other threads, a machine may
//! not, because processors need not be `Send`; so the ends only hold its number.

use super::machine::Machine;
use crate::sys::ours::Ours;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering}; // for a number in this process: nothing to model

thread_local! {
    static MACHINES: RefCell<BTreeMap<u64, Rc<RefCell<Ours<Machine>>>>> = const { RefCell::new(BTreeMap::new()) };
}

/// The number of a machine, given once.
pub(super) struct Seat(u64);

impl Seat {
    /// Sits down in this thread. Machines of runs that were ended from another thread make room.
    pub(super) fn take(machine: Machine) -> Seat {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let left = MACHINES.with_borrow_mut(|machines| {
            let left: Vec<_> = machines.extract_if(.., |_, machine| is_over(machine)).collect();
            machines.insert(number, Rc::new(RefCell::new(Ours::new(machine))));
            left
        });
        // not before nothing is borrowed: a processor may do anything when it is dropped
        drop(left);
        Seat(number)
    }

    /// Uses the machine. `None` in another thread, or when it is in use further up.
    pub(super) fn with<R>(&self, work: impl FnOnce(&mut Machine) -> R) -> Option<R> {
        let machine = MACHINES.try_with(|machines| machines.borrow().get(&self.0).cloned());
        let machine = machine.ok().flatten()?;
        let mut machine = machine.try_borrow_mut().ok()?;
        Some(work(&mut machine))
    }

    /// Ends the machine, if it is in this thread; else it goes with its thread at the latest.
    pub(super) fn leave(&self) {
        let left = MACHINES.try_with(|machines| machines.borrow_mut().remove(&self.0));
        drop(left);
    }
}

fn is_over(machine: &RefCell<Ours<Machine>>) -> bool {
    machine.try_borrow().is_ok_and(|machine| machine.is_over())
}
