//! Segments with a name in `/dev/shm`, made by the `shared_memory` crate.
//!
//! That crate neither reserves the space nor survives a killed owner, so this file does: the owner holds a shared
//! lock on its segment as long as it lives, and a segment whose exclusive lock can be had has lost its owner. Who
//! has locked a new segment looks whether it is still linked, for a sweeper may have been faster.
//!
//! A name that a user has chosen is a second link to such a segment: so it goes with the first one, whoever is killed
//! when, and a file that some other program has put there is never touched.

use super::{Need, Ticket, failed, room};
use crate::sys::free_memory::free_memory;
use crate::{Error, ErrorKind};
use rustix::fs::{OFlags, statvfs};
use rustix::io::Errno;
use shared_memory::{Shmem, ShmemConf, ShmemError};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::ops::Range;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering}; // for a number in this process: nothing to model

const DIRECTORY: &str = "/dev/shm";
const PREFIX: &str = "conveyor-";
/// What a file's name may have.
const NAME_BYTES_MAX: usize = 255;

pub(super) struct Named {
    memory: Shmem,
    name: String,
    /// A link to it, which the user has named.
    alias: Option<Alias>,
    /// The owner's lock: the kernel drops it with the process, however that ends.
    lock: Option<File>,
}

impl Named {
    pub(super) fn create(
        len: usize,
        reserved: &[Range<usize>],
        alias: Option<&str>,
        need: Need,
    ) -> Result<Named, Error> {
        alias.map_or(Ok(()), check_name)?;
        sweep();
        let needed = reserved.iter().map(Range::len).sum();
        room::check(needed, free(), need)?;
        room::check_limits(len, need)?;
        loop {
            let Some((memory, name)) = new_segment(len)? else { continue };
            let file = match open_file(&name) {
                Ok(file) => file,
                // a sweeper was faster
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(failed("shared memory could not be opened", error)),
            };
            match file.try_lock_shared() {
                Ok(()) => {}
                // a sweeper has it, and is about to remove it
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => {
                    return Err(failed("shared memory could not be locked", error));
                }
            }
            let links = file.metadata().map(|about| about.nlink());
            if links.map_err(|error| failed("shared memory could not be examined", error))? == 0 {
                continue;
            }
            reserve(&file, reserved, need)?;
            let alias = alias.map(|alias| Alias::new(alias, &name, &file)).transpose()?;
            return Ok(Named { memory, name, alias, lock: Some(file) });
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
        Ok(Named { memory, name: name.to_owned(), alias: None, lock: None })
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

    /// Frees the memory, whoever else has it mapped: they find zeros in it. What the user has named belongs to other
    /// programs as well, and stays as long as they have it mapped.
    pub(super) fn give_back(&self) {
        if let (Some(file), None) = (&self.lock, &self.alias) {
            room::free(file, self.len());
        }
    }
}

impl Drop for Named {
    fn drop(&mut self) {
        // the first link goes last: as long as it is there, a sweeper would find the other one
        drop(self.alias.take());
        // `Shmem` unlinks in its own drop, but not if its descriptor is number 0.
        if self.lock.is_some() {
            let _ = fs::remove_file(path(&self.name));
        }
    }
}

/// A second link to a segment, removed on drop if it still is one.
struct Alias {
    name: String,
    /// Device and inode of the segment.
    file: (u64, u64),
}

impl Alias {
    fn new(alias: &str, name: &str, file: &File) -> Result<Alias, Error> {
        let about = file.metadata().map_err(|error| failed("shared memory could not be examined", error))?;
        let link = || fs::hard_link(path(name), path(alias));
        let linked = match link() {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                wait_for_sweeper(alias);
                link()
            }
            done => done,
        };
        match linked {
            Ok(()) => Ok(Alias { name: alias.to_owned(), file: identity(&about) }),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(Error::new(
                ErrorKind::Start,
                format_args!(
                    "there is shared memory called {alias:?} already, and it has not been left by a dead program of \
                     this kind: attach to it, choose another name, or remove {}",
                    path(alias).display()
                ),
            )),
            Err(error) => Err(failed(&format!("shared memory could not be called {alias:?}"), error)),
        }
    }
}

impl Drop for Alias {
    fn drop(&mut self) {
        remove_link(&self.name, self.file);
    }
}

fn identity(about: &fs::Metadata) -> (u64, u64) {
    (about.dev(), about.ino())
}

/// Removes a name, unless it is some other file's by now.
fn remove_link(name: &str, file: (u64, u64)) {
    let path = path(name);
    if fs::symlink_metadata(&path).is_ok_and(|about| identity(&about) == file) {
        let _ = fs::remove_file(path);
    }
}

/// Can it be the name of a file there, and not one of ours?
pub(super) fn check_name(name: &str) -> Result<(), Error> {
    let is_possible = !name.is_empty()
        && name.len() <= NAME_BYTES_MAX
        && !name.starts_with('.')
        && !name.contains(['/', '\0'])
        && !name.starts_with(PREFIX);
    match is_possible {
        true => Ok(()),
        false => Err(Error::new(
            ErrorKind::Start,
            format_args!(
                "shared memory cannot be called {name:?}: a name is 1 to {NAME_BYTES_MAX} bytes long, has no `/`, \
                 and does not start with `.` or `{PREFIX}`"
            ),
        )),
    }
}

pub(super) fn reserve(file: &File, ranges: &[Range<usize>], need: Need) -> Result<(), Error> {
    match room::reserve(file, ranges) {
        Ok(()) => Ok(()),
        Err(Errno::NOSPC | Errno::NOMEM | Errno::FBIG) => {
            let needed: usize = ranges.iter().map(Range::len).sum();
            Err(room::too_large(needed as u64, free(), need))
        }
        Err(error) => Err(failed("shared memory could not be reserved", error)),
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
            && let Ok(about) = file.metadata()
        {
            remove_aliases(&about);
            remove_link(name, identity(&about));
        }
    }
}

/// A leftover that is called so may be in the hands of another process's `sweep`: waits until it is through.
fn wait_for_sweeper(alias: &str) {
    // what cannot be opened is gone, or not ours
    let Ok(file) = open_file(alias) else { return };
    // the first link goes last: without one it is not ours, and its lock may be held for ever
    if file.metadata().is_ok_and(|about| has_first_link(identity(&about))) {
        // shared, because an owner that lives holds it so
        let _ = file.lock_shared();
        drop(file);
        // whose owner has died meanwhile
        sweep();
    }
}

fn has_first_link(file: (u64, u64)) -> bool {
    let is_it = |entry: fs::DirEntry| {
        entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX))
            && fs::symlink_metadata(entry.path()).is_ok_and(|about| identity(&about) == file)
    };
    fs::read_dir(DIRECTORY).into_iter().flatten().flatten().any(is_it)
}

/// Removes all other names of a segment.
fn remove_aliases(about: &fs::Metadata) {
    if about.nlink() < 2 {
        return;
    }
    for entry in fs::read_dir(DIRECTORY).into_iter().flatten().flatten() {
        if let Some(name) = entry.file_name().to_str().filter(|name| !name.starts_with(PREFIX)) {
            remove_link(name, identity(about));
        }
    }
}

pub(super) fn open_file(name: &str) -> std::io::Result<File> {
    // Anybody can put a link or a FIFO there: follow none, and do not wait for the other end.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    OpenOptions::new().read(true).write(true).custom_flags(flags.bits().cast_signed()).open(path(name))
}

pub(super) fn path(name: &str) -> PathBuf {
    Path::new(DIRECTORY).join(name.trim_start_matches('/'))
}

/// In bytes.
pub(super) fn free() -> Option<u64> {
    let about = statvfs(DIRECTORY).ok()?;
    let there = about.f_bavail.saturating_mul(about.f_frsize);
    Some(free_memory().map_or(there, |memory| memory.min(there)))
}
