//! Where the kernel of a map writes: each item has a part of its own.

use super::scope::Scope;
use crate::{Error, Message};
use std::ops::Range;

/// The outputs of a map, of which each item has a part of its own; see [`Map::output`](super::Map::output).
///
/// | output | the kernel gets |
/// |---|---|
/// | `&mut array` | `&mut T`, an element |
/// | [`rows(&mut array)`](super::rows), [`chunks(&mut array, n)`](super::chunks) | `&mut [T]`, a part |
/// | a tuple of up to four outputs | a tuple of their parts |
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an output of a map",
    label = "is not `map::Outputs`",
    note = "outputs are `&mut array`, `rows(&mut array)`, `chunks(&mut array, n)` for a `SharedArray`, and tuples of these"
)]
pub trait Outputs: sealed::Sealed {
    /// What the kernel gets.
    type Part<'a>;
    /// What a share is while it travels.
    #[doc(hidden)]
    type Share: Message;

    /// Nobody else looks at them, and there is one part for each of so many items.
    ///
    /// # Errors
    /// When that is not so.
    #[doc(hidden)]
    fn check(&mut self, items: usize) -> Result<(), Error>;

    /// The parts of consecutive items, for one worker.
    #[doc(hidden)]
    fn share(&self, range: Range<usize>) -> Self::Share;

    /// The parts of a share, in the worker.
    ///
    /// # Safety
    /// The share is one that `share` gave, no two shares under way overlap, and whoever holds the outputs does not touch
    /// them until the share is done.
    #[doc(hidden)]
    unsafe fn parts<'a>(
        share: <Self::Share as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = Self::Part<'a>>;
}

pub(super) mod sealed {
    pub trait Sealed {}
}

/// No outputs but what the kernel returns.
impl Outputs for () {
    type Part<'a> = ();
    type Share = ();
    fn check(&mut self, _: usize) -> Result<(), Error> {
        Ok(())
    }
    fn share(&self, _: Range<usize>) {}
    #[inline(always)]
    unsafe fn parts<'a>((): (), _: &'a Scope) -> impl Iterator<Item = ()> {
        std::iter::repeat(())
    }
}
impl sealed::Sealed for () {}

macro_rules! zipped {
    ($a:expr, $b:expr) => {
        $a.zip($b)
    };
    ($a:expr, $b:expr, $c:expr) => {
        $a.zip($b).zip($c).map(|((a, b), c)| (a, b, c))
    };
    ($a:expr, $b:expr, $c:expr, $d:expr) => {
        $a.zip($b).zip($c.zip($d)).map(|((a, b), (c, d))| (a, b, c, d))
    };
}

macro_rules! tuples {
    ($($($output:ident $n:tt)*;)*) => {$(
        impl<$($output: Outputs),*> sealed::Sealed for ($($output,)*) {}
        impl<$($output: Outputs),*> Outputs for ($($output,)*) {
            type Part<'a> = ($($output::Part<'a>,)*);
            type Share = ($($output::Share,)*);
            fn check(&mut self, items: usize) -> Result<(), Error> {
                $(self.$n.check(items)?;)*
                Ok(())
            }
            fn share(&self, range: Range<usize>) -> Self::Share {
                ($(self.$n.share(range.clone()),)*)
            }
            #[inline(always)]
            unsafe fn parts<'a>(
                share: <Self::Share as Message>::View<'a>,
                scope: &'a Scope,
            ) -> impl Iterator<Item = Self::Part<'a>> {
                // SAFETY: what holds for all of them holds for each.
                unsafe { zipped!($($output::parts(share.$n, scope)),*) }
            }
        }
    )*};
}

tuples! {
    A 0 B 1;
    A 0 B 1 C 2;
    A 0 B 1 C 2 D 3;
}
