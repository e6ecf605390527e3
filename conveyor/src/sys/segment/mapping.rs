//! A file that is mapped, whole.

use super::failed;
use crate::Error;
use rustix::fs::fstat;
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};
use std::os::fd::BorrowedFd;
use std::ptr::NonNull;

pub(super) struct Mapping {
    base: NonNull<u8>,
    len: usize,
}

impl Mapping {
    /// Of a file that has so many bytes.
    pub(super) fn of(file: BorrowedFd<'_>, len: usize) -> Result<Mapping, Error> {
        let size = fstat(file).map_err(|error| failed("shared memory could not be examined", error))?.st_size;
        if u64::try_from(size) != Ok(len as u64) {
            return Err(failed(
                "shared memory could not be mapped",
                format_args!("{len} bytes were expected and {size} are there"),
            ));
        }
        // SAFETY: a new mapping at a place of the kernel's choice takes nothing from anybody.
        let base = unsafe {
            let protection = ProtFlags::READ | ProtFlags::WRITE;
            mmap(std::ptr::null_mut(), len, protection, MapFlags::SHARED, file, 0)
        }
        .map_err(|error| failed("shared memory could not be mapped", error))?;
        let base = NonNull::new(base.cast()).expect("the kernel never places a mapping at address 0 unasked");
        Ok(Mapping { base, len })
    }

    pub(super) fn base(&self) -> NonNull<u8> {
        self.base
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: this is the mapping made in `of`, in this process (`Segment`), and whoever uses it borrows the segment.
        let _ = unsafe { munmap(self.base.as_ptr().cast(), self.len) };
    }
}

// SAFETY: the mapping belongs to the process, not to a thread.
unsafe impl Send for Mapping {}
// SAFETY: it gives out a pointer only; whoever dereferences it answers for races.
unsafe impl Sync for Mapping {}
