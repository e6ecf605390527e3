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
/// | [`axis(&mut array, k)`](super::axis) | [`StridedMut`](crate::array::StridedMut), a part along any axis |
/// | [`per_worker(&mut array)`](super::per_worker) | `&mut [T]`, the part of the worker |
/// | a tuple of up to four outputs | a tuple of their parts |
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an output of a map",
    label = "is not `map::Outputs`",
    note = "outputs are `&mut array`, `rows(&mut array)`, `chunks(&mut array, n)`, `axis(&mut array, k)`, \
            `per_worker(&mut array)` for a `SharedArray`, and tuples of these"
)]
pub trait Outputs: sealed::Sealed {
    /// What the kernel gets.
    type Part<'a>;
    /// What they are while the map runs.
    #[doc(hidden)]
    type Lent;
    /// What a share is while it travels.
    #[doc(hidden)]
    type Share: Message;

    /// What the kernel gets was written before, and it reads that.
    #[doc(hidden)]
    const ARE_READ: bool = false;

    /// Lends them: nobody else looks at them, and there is one part for each of so many items, or workers.
    ///
    /// # Errors
    /// When that is not so.
    #[doc(hidden)]
    fn lend(&mut self, items: usize, workers: usize) -> Result<Self::Lent, Error>;

    /// The parts of consecutive items, for one worker.
    #[doc(hidden)]
    fn share(lent: &Self::Lent, range: Range<usize>) -> Self::Share;

    /// The parts of a share, in the worker; `scope` keeps what they lie in.
    ///
    /// # Safety
    /// The share is one that `share` gave, no two shares under way overlap, and as long as it is under way what was
    /// lent is there, and whoever has lent it does not touch it. A part is let go before the next one is asked for.
    #[doc(hidden)]
    unsafe fn parts<'a>(
        share: <Self::Share as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = Self::Part<'a>>;
}

/// Outputs that the caller keeps, and lends to a map that it waits for: `&mut array`, `rows(&mut array)` and so on.
///
/// ```compile_fail,E0277
/// use conveyor::{Map, SharedArray};
///
/// let roots = SharedArray::<f64>::zeros(10)?;
/// Map::over(0..10_u32).output(roots).run(|job| *job.out = f64::from(job.item).sqrt())?; // gone, if it compiled
/// # Ok::<(), conveyor::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is given to the map by value, and would be gone with it: lend it, by `&mut array`, \
               `rows(&mut array)` and so on",
    label = "is given to the map by value",
    note = "only a map that is started has its outputs by value, and gives them back by `finish`"
)]
pub trait Borrowed: Outputs {}

impl Borrowed for () {}

pub(super) mod sealed {
    pub trait Sealed {}
}

/// No outputs but what the kernel returns.
impl Outputs for () {
    type Part<'a> = ();
    type Lent = ();
    type Share = ();
    fn lend(&mut self, _: usize, _: usize) -> Result<(), Error> {
        Ok(())
    }
    fn share((): &(), _: Range<usize>) {}
    #[inline(always)]
    unsafe fn parts((): (), _: &Scope) -> impl Iterator<Item = ()> {
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
        impl<$($output: Borrowed),*> Borrowed for ($($output,)*) {}
        impl<$($output: Outputs),*> Outputs for ($($output,)*) {
            type Part<'a> = ($($output::Part<'a>,)*);
            type Lent = ($($output::Lent,)*);
            type Share = ($($output::Share,)*);
            const ARE_READ: bool = false $(|| $output::ARE_READ)*;
            fn lend(&mut self, items: usize, workers: usize) -> Result<Self::Lent, Error> {
                Ok(($(self.$n.lend(items, workers)?,)*))
            }
            fn share(lent: &Self::Lent, range: Range<usize>) -> Self::Share {
                ($($output::share(&lent.$n, range.clone()),)*)
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
