//! Where the kernel of a map writes: each item has a part of its own.

use crate::{Message, Result};
use std::ops::Range;

/// The outputs of a map, of which each item has a part of its own.
pub trait Outputs: sealed::Sealed {
    /// What the kernel gets.
    type Part<'a>;
    /// What a share is while it travels.
    #[doc(hidden)]
    type Share: Message;

    /// The parts of consecutive items, for one worker.
    #[doc(hidden)]
    fn share(&self, range: Range<usize>) -> Self::Share;

    /// The parts of a share, in the worker.
    ///
    /// # Errors
    /// When the worker cannot get at them.
    #[doc(hidden)]
    fn parts<'a>(share: <Self::Share as Message>::View<'a>) -> Result<impl Iterator<Item = Self::Part<'a>>>;
}

pub(super) mod sealed {
    pub trait Sealed {}
    impl Sealed for () {}
}

/// No outputs but what the kernel returns.
impl Outputs for () {
    type Part<'a> = ();
    type Share = ();
    fn share(&self, _: Range<usize>) {}
    #[inline(always)]
    fn parts<'a>((): ()) -> Result<impl Iterator<Item = ()>> {
        Ok(std::iter::repeat(()))
    }
}
