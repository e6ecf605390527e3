//! Segments with a name in `/dev/shm`, made by the `shared_memory` crate.
//!
//! That crate neither reserves the space nor survives a killed owner, so this file does: the owner holds a shared
//! lock on its segment as long as it lives, and a segment whose exclusive lock can be had has lost its owner. Who
//! has locked a new segment looks whether it is still linked, for a sweeper may have been faster.

use super::{Ticket, failed, room};
use crate::Error;
use crate::sys::free_memory::free_memory;
use rustix::fs::{OFlags, statvfs};
use rustix::io::Errno;
use shared_memory::{Shmem, ShmemConf, ShmemError};
use std::fs::{self, File, OpenOptions};
use std::ops::Range;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering}; // for a number in this process: nothing to model

const DIRECTORY: &str = "/dev/shm";
const PREFIX: &str = "conveyor-";

pub(super) struct Named {
    memory: Shmem,
    name: String,
    /// The owner's lock: the kernel drops it with the process, however that ends.
    lock: Option<File>,
}

impl Named {
    pub(super) fn create(len: usize, reserved: &[Range<usize>]) -> Result<Named, Error> {
        sweep();
        let needed = reserved.iter().map(Range::len).sum();
        room::check(needed, free())?;
        room::check_limits(len)?;
        loop {
            let Some((memory, name)) = new_segment(len)? else { continue };
            let file = match open_file(&name) {
                Ok(file) => file,
                // a sweeper was faster
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(failed("shared memory could not be opened", error)),
            };
            file.lock_shared().map_err(|error| failed("shared memory could not be locked", error))?;
            let links = file.metadata().map(|about| about.nlink());
            if links.map_err(|error| failed("shared memory could not be examined", error))? == 0 {
                continue;
            }
            return match room::reserve(&file, reserved) {
                Ok(()) => Ok(Named { memory, name, lock: Some(file) }),
                Err(Errno::NOSPC | Errno::NOMEM | Errno::FBIG) => Err(room::too_large(needed as u64, free())),
                Err(error) => Err(failed("shared memory could not be reserved", error)),
            };
        }
    }

    pub(super) fn open(name: &str, len: usize) -> Result<Named, Error> {
        let memory = ShmemConf::new()
            .os_id(name)
            .open()
            .map_err(|error| failed(&format!("shared memory {name} could not be opened"), error))?;
        if memory.len() != len {
            return Err(failed(
                &format!("shared memory {name} could not be opened"),
                format_args!("{len} bytes were expected and {} are there", memory.len()),
            ));
        }
        Ok(Named { memory, name: name.to_owned(), lock: None })
    }

    pub(super) fn base(&self) -> NonNull<u8> {
        NonNull::new(self.memory.as_ptr()).expect("a mapping that could be made is not at address 0")
    }

    pub(super) fn len(&self) -> usize {
        self.memory.len()
    }

    pub(super) fn ticket(&self) -> Ticket {
        Ticket::Name { name: self.name.clone(), len: self.len() }
    }
}

impl Drop for Named {
    fn drop(&mut self) {
        // `Shmem` unlinks in its own drop, but not if its descriptor is number 0.
        if self.lock.is_some() {
            let _ = fs::remove_file(path(&self.name));
        }
    }
}

// SAFETY: the mapping belongs to the process, not to a thread.
unsafe impl Send for Named {}
// SAFETY: it gives out a pointer only; whoever dereferences it answers for races.
unsafe impl Sync for Named {}

/// A segment under a new name; none if that name was taken.
fn new_segment(len: usize) -> Result<Option<(Shmem, String)>, Error> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("/{PREFIX}{}-{number}", std::process::id());
    match ShmemConf::new().os_id(&name).size(len).create() {
        Ok(memory) => Ok(Some((memory, name))),
        Err(ShmemError::MappingIdExists) => Ok(None),
        Err(error) => Err(failed(&format!("shared memory {name} could not be created"), error)),
    }
}

/// Removes what killed owners have left. Nothing of a living one is touched, and failures do not matter: who starts
/// next tries again.
fn sweep() {
    for entry in fs::read_dir(DIRECTORY).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
        if let Ok(file) = open_file(name)
            && file.try_lock().is_ok()
        {
            let _ = fs::remove_file(path(name));
        }
    }
}

fn open_file(name: &str) -> std::io::Result<File> {
    // Anybody can put a link or a FIFO there: follow none, and do not wait for the other end.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    OpenOptions::new().read(true).write(true).custom_flags(flags.bits().cast_signed()).open(path(name))
}

fn path(name: &str) -> std::path::PathBuf {
    Path::new(DIRECTORY).join(name.trim_start_matches('/'))
}

/// In bytes.
fn free() -> Option<u64> {
    let about = statvfs(DIRECTORY).ok()?;
    let there = about.f_bavail.saturating_mul(about.f_frsize);
    Some(free_memory().map_or(there, |memory| memory.min(there)))
}
