//! Segments in an anonymous file, sealed against shrinking and growing: nobody can pull the pages from under a peer.
//!
//! Only the owner keeps the descriptor, which is closed on exec: a worker gets it as its standard input, maps it and
//! closes it, so nothing leaks into the commands that user code starts.

use super::mapping::Mapping;
use super::{Need, Ticket, failed, room};
use crate::Error;
use crate::sys::free_memory::free_memory;
use rustix::fs::{MemfdFlags, Mode, OFlags, SealFlags, fcntl_add_seals, ftruncate, memfd_create};
use rustix::io::Errno;
use std::ops::Range;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::process::Stdio;
use std::ptr::NonNull;

pub(super) struct Memfd {
    mapping: Mapping,
    /// Kept by the owner, for the workers to come.
    file: Option<OwnedFd>,
}

impl Memfd {
    pub(super) fn create(len: usize, reserved: &[Range<usize>], need: Need) -> Result<Memfd, Error> {
        // The kernel would go on until it runs out of memory and kills somebody, so ask first.
        let needed = reserved.iter().map(Range::len).sum();
        room::check(needed, free_memory(), need)?;
        room::check_limits(len, need)?;
        let file = new_file().map_err(|error| failed("no shared memory: memfd_create failed", error))?;
        ftruncate(&file, len as u64).map_err(|error| failed("shared memory could not be sized", error))?;
        match room::reserve(&file, reserved) {
            Ok(()) => {}
            Err(Errno::NOSPC | Errno::NOMEM | Errno::FBIG) => {
                return Err(room::too_large(needed as u64, free_memory(), need));
            }
            Err(error) => return Err(failed("shared memory could not be reserved", error)),
        }
        fcntl_add_seals(&file, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)
            .map_err(|error| failed("shared memory could not be sealed", error))?;
        Ok(Memfd { mapping: Mapping::of(file.as_fd(), len)?, file: Some(file) })
    }

    /// Maps the standard input, and puts `/dev/null` in its place.
    pub(super) fn from_stdin(len: usize) -> Result<Memfd, Error> {
        let mapping = Mapping::of(rustix::stdio::stdin(), len)?;
        let null = rustix::fs::open("/dev/null", OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())
            .map_err(|error| failed("/dev/null could not be opened", error))?;
        rustix::stdio::dup2_stdin(&null)
            .map_err(|error| failed("the standard input could not be replaced", error))?;
        Ok(Memfd { mapping, file: None })
    }

    pub(super) fn from_process(pid: u32, fd: i32, len: usize) -> Result<Memfd, Error> {
        let path = format!("/proc/{pid}/fd/{fd}");
        let file = rustix::fs::open(&path, OFlags::RDWR | OFlags::CLOEXEC, Mode::empty()).map_err(|error| {
            let what = format!(
                "shared memory could not be opened as {path} (/proc must be mounted, and the program that started \
                 the pipeline must be readable there)"
            );
            failed(&what, error)
        })?;
        Ok(Memfd { mapping: Mapping::of(file.as_fd(), len)?, file: None })
    }

    pub(super) fn base(&self) -> NonNull<u8> {
        self.mapping.base()
    }

    pub(super) fn len(&self) -> usize {
        self.mapping.len()
    }

    pub(super) fn as_stdin(&self) -> std::io::Result<Stdio> {
        self.file()?.try_clone().map(Stdio::from)
    }

    pub(super) fn ticket(&self) -> std::io::Result<Ticket> {
        let fd = self.file()?.as_raw_fd();
        Ok(Ticket::Descriptor { pid: std::process::id(), fd, len: self.len() })
    }

    /// Frees the memory, whoever else has it mapped: they find zeros in it.
    pub(super) fn give_back(&self) {
        if let Some(file) = &self.file {
            room::free(file, self.len());
        }
    }

    fn file(&self) -> std::io::Result<&OwnedFd> {
        self.file.as_ref().ok_or_else(|| {
            std::io::Error::other("shared memory can be handed over only by the process that created it")
        })
    }
}

fn new_file() -> rustix::io::Result<OwnedFd> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    match memfd_create("conveyor", flags | MemfdFlags::NOEXEC_SEAL) {
        // Before Linux 6.3 the flag did not exist.
        Err(Errno::INVAL) => memfd_create("conveyor", flags),
        made => made,
    }
}
