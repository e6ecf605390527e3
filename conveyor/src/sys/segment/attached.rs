//! Memory that another program has put into `/dev/shm` under a name, and may take the name from at any time.
//!
//! So the name is looked up once: the descriptor stays open, and that is how workers find the memory.

use super::mapping::Mapping;
use super::{Need, Ticket, failed, named, room};
use crate::Error;
use std::fs::File;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::MetadataExt;
use std::ptr::NonNull;

pub(super) struct Attached {
    mapping: Mapping,
    file: File,
}

impl Attached {
    pub(super) fn new(name: &str, need: Need) -> Result<Attached, Error> {
        named::check_name(name)?;
        let unopened = |error: &dyn std::fmt::Display| {
            failed(&format!("shared memory {name} could not be opened"), error)
        };
        let file = match named::open_file(name) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(unopened(
                    &"there is none of this name: the program that makes it has to run first",
                ));
            }
            Err(error) => return Err(unopened(&error)),
        };
        let about = file.metadata().map_err(|error| unopened(&error))?;
        if !about.is_file() || about.len() == 0 {
            return Err(unopened(&"it is no memory, or its maker has not sized it yet"));
        }
        let len = usize::try_from(about.len()).map_err(|error| unopened(&error))?;
        // who made it need not have reserved it
        let missing = about.len().saturating_sub(about.blocks() * 512);
        room::check(missing as usize, named::free(), need)?;
        room::check_limits(len, need)?;
        named::reserve(&file, std::slice::from_ref(&(0..len)), need)?;
        Ok(Attached { mapping: Mapping::of(file.as_fd(), len)?, file })
    }

    pub(super) fn base(&self) -> NonNull<u8> {
        self.mapping.base()
    }

    pub(super) fn len(&self) -> usize {
        self.mapping.len()
    }

    pub(super) fn ticket(&self) -> Ticket {
        Ticket::Descriptor { pid: std::process::id(), fd: self.file.as_raw_fd(), len: self.len() }
    }
}
