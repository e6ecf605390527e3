//! Shared arrays as items and as outputs of a map: element by element, or part by part along the slowest axis.

use super::items::Items;
use super::outputs::{Outputs, sealed::Sealed};
use super::scope::Scope;
use crate::array::Element;
use crate::{Error, ErrorKind, Message, SharedArray};
use std::ops::Range;

/// Some elements of an array, or some of its parts, which have so many elements each.
type Elements<T> = (SharedArray<T>, u64, u64);
type Several<T> = (SharedArray<T>, u64, u64, u64);

/// Every element is an item.
impl<T: Element> Items for SharedArray<T> {
    type Share = Elements<T>;
    type Item<'a> = &'a T;
    fn len(&self) -> usize {
        SharedArray::len(self)
    }
    fn share(&self, range: Range<usize>) -> Elements<T> {
        (self.clone(), range.start as u64, range.end as u64)
    }
    #[inline(always)]
    fn iter<'a>(
        (array, start, end): <Elements<T> as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = &'a T> {
        scope.keep(array).as_slice()[*start as usize..*end as usize].iter()
    }
}

/// An array part by part; see [`rows`] and [`chunks`].
#[derive(Clone, Copy, Debug)]
pub struct Parts<A> {
    array: A,
    each: usize,
}

/// An array by its rows: the parts along the slowest axis, each in one piece, as [`SharedArray::parts`] gives them. `rows(&array)`
/// are items, `rows(&mut array)` are outputs.
///
/// ```
/// use conveyor::map::rows;
/// use conveyor::{Map, SharedArray};
///
/// let table = SharedArray::from_fn([3, 4], |at| at as f64)?;
/// let mut doubled = SharedArray::<f64>::zeros([3, 4])?;
/// let sums = Map::over(rows(&table)).output(rows(&mut doubled)).run(|job| {
///     job.out.iter_mut().zip(job.item).for_each(|(out, x)| *out = 2.0 * x);
///     job.item.iter().sum::<f64>()
/// })?;
/// assert_eq!((sums.values, doubled[[2, 3]]), (vec![6.0, 22.0, 38.0], 22.0));
/// # Ok::<(), conveyor::Error>(())
/// ```
pub fn rows<A>(array: A) -> Parts<A> {
    Parts { array, each: 1 }
}

/// An array by chunks of so many rows; of a vector, of so many elements. The last one is shorter if they do not divide it.
///
/// ```
/// use conveyor::map::chunks;
/// use conveyor::{Map, SharedArray};
///
/// let numbers = SharedArray::from_fn(10, |at| at as u32)?;
/// let sums = Map::over(chunks(&numbers, 4)).run(|job| job.item.iter().sum::<u32>())?;
/// assert_eq!(sums.values, [6, 22, 17]);
/// # Ok::<(), conveyor::Error>(())
/// ```
///
/// # Panics
/// When the chunks have no rows.
pub fn chunks<A>(array: A, each: usize) -> Parts<A> {
    assert!(each > 0, "a chunk has at least one row");
    Parts { array, each }
}

impl<T: Element> Parts<&SharedArray<T>> {
    fn count(&self) -> usize {
        self.array.part_sizes().0.div_ceil(self.each)
    }
    fn several(&self, range: Range<usize>) -> Several<T> {
        let each = self.array.part_sizes().1 * self.each;
        (self.array.clone(), range.start as u64, range.end as u64, each as u64)
    }
}

/// The elements of these parts, with so many in each but the last one of the array.
fn elements<T: Element>(array: &SharedArray<T>, start: u64, end: u64, each: u64) -> Range<usize> {
    let [start, end] =
        [start, end].map(|part| (part as usize).saturating_mul(each as usize).min(array.len()));
    start..end
}

impl<T: Element> Items for Parts<&SharedArray<T>> {
    type Share = Several<T>;
    type Item<'a> = &'a [T];
    fn len(&self) -> usize {
        self.count()
    }
    fn share(&self, range: Range<usize>) -> Several<T> {
        self.several(range)
    }
    #[inline(always)]
    fn iter<'a>(
        (array, start, end, each): <Several<T> as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = &'a [T]> {
        let array = scope.keep(array);
        let mut rest = &array.as_slice()[elements(array, *start, *end, *each)];
        let each = *each as usize;
        (*start..*end).map(move |_| rest.split_off(..each.min(rest.len())).unwrap_or_default())
    }
}

fn agree(parts: usize, items: usize) -> Result<(), Error> {
    if parts == items {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Array,
        format_args!(
            "an output of the map has {parts} parts for {items} items: each item has one part of every output, an element of \
             `&mut array`, or a part of `rows(&mut array)` or `chunks(&mut array, n)`"
        ),
    ))
}

impl<T: Element> Sealed for &mut SharedArray<T> {}

/// Every element is the output of an item.
impl<T: Element> Outputs for &mut SharedArray<T> {
    type Part<'a> = &'a mut T;
    type Share = Elements<T>;
    fn check(&mut self, items: usize) -> Result<(), Error> {
        agree(self.as_mut_slice()?.len(), items)
    }
    fn share(&self, range: Range<usize>) -> Elements<T> {
        Items::share(&**self, range)
    }
    #[inline(always)]
    unsafe fn parts<'a>(
        (array, start, end): <Elements<T> as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = &'a mut T> {
        // SAFETY: the elements are those of one share (the caller), which nobody else has.
        unsafe { scope.keep(array).apart(*start as usize..*end as usize) }.iter_mut()
    }
}

impl<T: Element> Sealed for Parts<&mut SharedArray<T>> {}

/// Every part is the output of an item.
impl<T: Element> Outputs for Parts<&mut SharedArray<T>> {
    type Part<'a> = &'a mut [T];
    type Share = Several<T>;
    fn check(&mut self, items: usize) -> Result<(), Error> {
        self.array.as_mut_slice()?;
        agree(Parts { array: &*self.array, each: self.each }.count(), items)
    }
    fn share(&self, range: Range<usize>) -> Several<T> {
        Parts { array: &*self.array, each: self.each }.several(range)
    }
    #[inline(always)]
    unsafe fn parts<'a>(
        (array, start, end, each): <Several<T> as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = &'a mut [T]> {
        let array = scope.keep(array);
        // SAFETY: the elements are those of one share (the caller), which nobody else has.
        let mut rest = unsafe { array.apart(elements(array, *start, *end, *each)) };
        let each = *each as usize;
        (*start..*end).map(move |_| rest.split_off_mut(..each.min(rest.len())).unwrap_or_default())
    }
}
