//! What is made of threads and of other processes. A process that user code forks has a copy of the memory around them, and
//! nothing else: whoever took it down there would wait for threads that it does not have.

use std::ops::{Deref, DerefMut};

/// A value that is dropped by the process that has made it. Any other forgets it.
pub(crate) struct Ours<T> {
    pid: u32,
    /// There until it is dropped.
    value: Option<T>,
}

const IS_THERE: &str = "only a drop takes it out";

impl<T> Ours<T> {
    pub(crate) fn new(value: T) -> Ours<T> {
        Ours { pid: std::process::id(), value: Some(value) }
    }

    /// Has this process made it?
    pub(crate) fn is_ours(&self) -> bool {
        self.pid == std::process::id()
    }

    pub(crate) fn into_inner(mut self) -> T {
        self.value.take().expect(IS_THERE)
    }
}

impl<T> Deref for Ours<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        self.value.as_ref().expect(IS_THERE)
    }
}

impl<T> DerefMut for Ours<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect(IS_THERE)
    }
}

impl<T> Drop for Ours<T> {
    fn drop(&mut self) {
        if !self.is_ours() {
            std::mem::forget(self.value.take());
        }
    }
}
