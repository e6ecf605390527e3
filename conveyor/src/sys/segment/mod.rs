//! One shared mapping.
//!
//! Invariants: the mapping is `len` bytes from `base` on, a whole number of pages, zeroed when created, its space
//! reserved (so that touching it cannot raise SIGBUS), left out of core dumps and not inherited by a plain `fork`.
//! It stays mapped as long as the segment lives. In a process that was forked off without exec it is not mapped, and
//! dropping a segment there does nothing: what it is made of is the maker's.

mod attached;
mod mapping;
mod memfd;
mod named;
mod room;
mod ticket;

pub(crate) use room::Need;
pub(crate) use ticket::Ticket;

use super::free_memory::free_memory;
use super::streams;
use crate::{Error, ErrorKind};
use attached::Attached;
use memfd::Memfd;
use named::Named;
use rustix::mm::{Advice, MprotectFlags, madvise, mprotect};
use std::mem::ManuallyDrop;
use std::ops::Range;
use std::process::Stdio;
use std::ptr::NonNull;

/// Where shared memory comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    /// An anonymous file: nothing can stay behind, whoever dies.
    Memfd,
    /// A name in `/dev/shm`, which other programs can attach to.
    Named,
}

/// One shared mapping, unmapped on drop. A name is removed by the segment that created it.
pub(crate) struct Segment {
    memory: ManuallyDrop<Memory>,
    /// The process that has mapped it.
    pid: u32,
}

enum Memory {
    Memfd(Memfd),
    Named(Named),
    Attached(Attached),
}

impl Segment {
    /// At least `len` bytes, zeroed and reserved.
    #[cfg(test)]
    pub(crate) fn create(len: usize, backend: Backend) -> Result<Segment, Error> {
        Segment::reserving(std::slice::from_ref(&(0..len)), len, backend, tests::NEED)
    }

    /// At least `len` bytes, zeroed, of which these ranges are reserved. The others are not to be touched before
    /// [`populate`] has got memory for them.
    pub(crate) fn reserving(
        reserved: &[Range<usize>],
        len: usize,
        backend: Backend,
        need: Need,
    ) -> Result<Segment, Error> {
        let page = rustix::param::page_size();
        let Some(len) = len.max(1).checked_next_multiple_of(page).filter(|len| isize::try_from(*len).is_ok())
        else {
            return Err(room::too_large(len as u64, free_memory(), need));
        };
        streams::keep_taken()?;
        let memory = match backend {
            Backend::Memfd => Memory::Memfd(Memfd::create(len, reserved, need)?),
            Backend::Named => Memory::Named(Named::create(len, reserved, None, need)?),
        };
        Segment::mapped(memory)
    }

    /// Exactly `len` bytes, zeroed and reserved, which other programs find under this name.
    pub(crate) fn named(name: &str, len: usize, need: Need) -> Result<Segment, Error> {
        streams::keep_taken()?;
        let all = 0..len;
        let reserved = std::slice::from_ref(&all);
        Segment::mapped(Memory::Named(Named::create(len, reserved, Some(name), need)?))
    }

    /// What some program has put there under this name, whatever its length. It is that program's to remove.
    pub(crate) fn attach(name: &str, need: Need) -> Result<Segment, Error> {
        streams::keep_taken()?;
        Segment::mapped(Memory::Attached(Attached::new(name, need)?))
    }

    /// The segment that another process holds. Takes the standard input of this one when the ticket says so.
    pub(crate) fn open(ticket: &Ticket) -> Result<Segment, Error> {
        streams::keep_taken()?;
        let memory = match ticket {
            Ticket::Stdin { len } => Memory::Memfd(Memfd::from_stdin(*len)?),
            Ticket::Descriptor { pid, fd, len } => Memory::Memfd(Memfd::from_process(*pid, *fd, *len)?),
            Ticket::Name { name, len } => Memory::Named(Named::open(name, *len)?),
        };
        Segment::mapped(memory)
    }

    /// Its first byte, aligned to a page.
    pub(crate) fn base(&self) -> NonNull<u8> {
        match &*self.memory {
            Memory::Memfd(memory) => memory.base(),
            Memory::Named(memory) => memory.base(),
            Memory::Attached(memory) => memory.base(),
        }
    }

    /// In bytes.
    pub(crate) fn len(&self) -> usize {
        match &*self.memory {
            Memory::Memfd(memory) => memory.len(),
            Memory::Named(memory) => memory.len(),
            Memory::Attached(memory) => memory.len(),
        }
    }

    /// How a child process finds this segment, and the standard input it has to be started with: the program's own
    /// when a source claims it.
    pub(crate) fn hand_over(&self, claims_stdin: bool) -> std::io::Result<(Ticket, Stdio)> {
        match &*self.memory {
            Memory::Memfd(memory) if !claims_stdin => {
                Ok((Ticket::Stdin { len: self.len() }, memory.as_stdin()?))
            }
            Memory::Memfd(_) => Ok((self.ticket()?, Stdio::inherit())),
            Memory::Named(_) | Memory::Attached(_) => {
                let stdin = if claims_stdin { Stdio::inherit() } else { Stdio::null() };
                Ok((self.ticket()?, stdin))
            }
        }
    }

    /// How any process finds this segment while it lives.
    pub(crate) fn ticket(&self) -> std::io::Result<Ticket> {
        match &*self.memory {
            Memory::Memfd(memory) => memory.ticket(),
            Memory::Named(memory) => Ok(memory.ticket()),
            Memory::Attached(memory) => Ok(memory.ticket()),
        }
    }

    /// Frees memory that nobody needs any more, though some may still have it mapped. What others find by a name stays.
    pub(crate) fn give_back(&self) {
        if !self.is_of_this_process() {
            return;
        }
        match &*self.memory {
            Memory::Memfd(memory) => memory.give_back(),
            Memory::Named(memory) => memory.give_back(),
            Memory::Attached(_) => {}
        }
    }

    /// Makes whole pages read-only in this process: writing there ends it with SIGSEGV.
    pub(crate) fn protect_read_only(&self, range: Range<usize>) -> Result<(), Error> {
        let page = rustix::param::page_size();
        assert!(range.start.is_multiple_of(page) && range.end.is_multiple_of(page), "whole pages");
        self.make_read_only(range)
    }

    /// The same for all of it.
    pub(crate) fn protect_all_read_only(&self) -> Result<(), Error> {
        self.make_read_only(0..self.len())
    }

    fn make_read_only(&self, range: Range<usize>) -> Result<(), Error> {
        assert!(range.start <= range.end && range.end <= self.len(), "within the segment");
        // SAFETY: the range lies in this mapping (just checked), which no Rust value owns; a write to it faults and
        // cannot be undefined.
        let done = unsafe {
            let start = self.base().as_ptr().add(range.start);
            mprotect(start.cast(), range.len(), MprotectFlags::READ)
        };
        done.map_err(|error| failed("shared memory could not be made read-only", error))
    }

    /// Finds the pages of a part that will be written, all at once. What is not found now is found when it is touched.
    pub(crate) fn find_pages(&self, range: Range<usize>) {
        assert!(range.start <= range.end && range.end <= self.len(), "within the segment");
        // SAFETY: the range lies in this mapping (just checked); one that must not be written stays as it is.
        let _ = unsafe { populate(self.base().as_ptr().add(range.start), range.len()) };
    }

    /// Not the child of a plain `fork`, where other things may be mapped in its place.
    fn is_of_this_process(&self) -> bool {
        self.pid == std::process::id()
    }

    fn mapped(memory: Memory) -> Result<Segment, Error> {
        let segment = Segment { memory: ManuallyDrop::new(memory), pid: std::process::id() };
        for advice in [Advice::LinuxDontDump, Advice::LinuxDontFork] {
            // SAFETY: neither kind of advice changes what the mapping holds, and the whole mapping is ours.
            unsafe { madvise(segment.base().as_ptr().cast(), segment.len(), advice) }
                .map_err(|error| failed("shared memory could not be set up", error))?;
        }
        Ok(segment)
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        if self.is_of_this_process() {
            // SAFETY: it is dropped once, here, and nobody looks at it any more.
            unsafe { ManuallyDrop::drop(&mut self.memory) };
        }
    }
}

/// Gets memory for a part of a mapping that was not reserved.
///
/// # Safety
/// The range lies in a mapping that this process may write.
pub(crate) unsafe fn populate(start: *mut u8, len: usize) -> rustix::io::Result<()> {
    let page = rustix::param::page_size();
    let before = start.addr() % page;
    // SAFETY: the pages lie in the mapping, as the caller says, and what is in them stays as it is.
    match unsafe { madvise(start.wrapping_sub(before).cast(), before + len, Advice::LinuxPopulateWrite) } {
        // Before Linux 5.14 there was no such advice: the memory comes, or does not come, when it is touched.
        Err(rustix::io::Errno::INVAL) => Ok(()),
        done => done,
    }
}

/// An error of the system while a run is being started.
fn failed(what: &str, error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Start, format_args!("{what}: {error}"))
}

#[cfg(test)]
mod tests;
