//! An output of which each worker, and not each item, has a part.

use super::outputs::{Borrowed, Outputs, sealed::Sealed};
use super::scope::Scope;
use crate::array::Element;
use crate::array::writable::Writable;
use crate::{Error, ErrorKind, Message, SharedArray, lane};
use std::ops::Range;

/// An array with a part for each worker; see [`per_worker`].
#[derive(Clone, Copy, Debug)]
pub struct PerWorker<A>(A);

/// An array whose slowest axis counts workers, as that of [`SharedArray::per_worker`]: the kernel gets the part of the
/// worker that calls it, whatever the item, and finds there what it has left before.
///
/// When a worker dies in a share, nobody knows what of it is in its part already: the map ends with an error, as one that
/// works [in place](super::Map::in_place). A [`fold`](super::Map::fold) survives that: its accumulators come back with
/// their shares.
///
/// ```
/// use conveyor::map::per_worker;
/// use conveyor::{Map, SharedArray, Workers};
///
/// let workers = Workers::new()?;
/// let mut counts = SharedArray::<u64>::per_worker(workers.number(), 10)?;
/// let map = Map::over(0..1000_u64).output(per_worker(&mut counts)).workers(&workers);
/// map.run(|job| job.out[(job.item % 10) as usize] += 1)?;
/// assert_eq!(counts.parts().map(|own| own[3]).sum::<u64>(), 100);
/// # Ok::<(), conveyor::Error>(())
/// ```
pub fn per_worker<A>(array: A) -> PerWorker<A> {
    PerWorker(array)
}

impl<A> PerWorker<A> {
    /// The array, which a map that was [started](super::Map::start) has given back.
    pub fn into_array(self) -> A {
        self.0
    }
}

macro_rules! outputs {
    ($($array:ty)*) => {$(
        impl<T: Element> Sealed for PerWorker<$array> {}

        impl<T: Element> Outputs for PerWorker<$array> {
            type Part<'a> = &'a mut [T];
            /// How many elements each of them has.
            type Lent = (Writable<T>, usize);
            type Share = (Writable<T>, u64);
            const ARE_READ: bool = true;
            fn lend(&mut self, _: usize, workers: usize) -> Result<(Writable<T>, usize), Error> {
                let (parts, each) = self.0.part_sizes();
                if parts < workers {
                    return Err(too_few(parts, workers));
                }
                Ok((self.0.writable()?, each))
            }
            fn share((array, each): &(Writable<T>, usize), _: Range<usize>) -> (Writable<T>, u64) {
                (array.clone(), *each as u64)
            }
            #[inline(always)]
            unsafe fn parts<'a>(
                (array, each): <(Writable<T>, u64) as Message>::View<'a>,
                scope: &'a Scope,
            ) -> impl Iterator<Item = &'a mut [T]> {
                let (array, each) = (scope.keep(array), *each as usize);
                let own = lane().index() * each..(lane().index() + 1) * each;
                // SAFETY: no other worker has this number, and this one has its part once at a time (the caller).
                std::iter::repeat_with(move || unsafe { array.elements_mut(own.clone()) })
            }
        }
    )*};
}
outputs!(&mut SharedArray<T> SharedArray<T>);

impl<T: Element> Borrowed for PerWorker<&mut SharedArray<T>> {}

#[cold]
fn too_few(parts: usize, workers: usize) -> Error {
    Error::new(
        ErrorKind::Array,
        format_args!(
            "an output of the map has parts for {parts} workers, and there are {workers}: make it by \
             `SharedArray::per_worker(workers.number(), ..)`"
        ),
    )
}
