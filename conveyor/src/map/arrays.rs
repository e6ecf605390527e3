//! Shared arrays as items and as outputs of a map: element by element, or part by part along the slowest axis.

use super::items::Items;
use super::outputs::{Outputs, sealed::Sealed};
use super::scope::Scope;
use crate::array::Element;
use crate::array::writable::Writable;
use crate::{Error, ErrorKind, Message, SharedArray};
use std::ops::Range;

/// Some elements of an array, or some of its parts, which have so many elements each.
type Elements<A> = (A, u64, u64);
type Several<A> = (A, u64, u64, u64);

/// Every element is an item.
impl<T: Element> Items for SharedArray<T> {
    type Share = Elements<SharedArray<T>>;
    type Item<'a> = &'a T;
    fn len(&self) -> usize {
        SharedArray::len(self)
    }
    fn share(&self, range: Range<usize>) -> Elements<SharedArray<T>> {
        (self.clone(), range.start as u64, range.end as u64)
    }
    #[inline(always)]
    fn iter<'a>(
        (array, start, end): <Elements<SharedArray<T>> as Message>::View<'a>,
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

/// An array by its rows: the parts along the slowest axis, each in one piece, as [`SharedArray::parts`] gives them.
/// `rows(&array)` are items, `rows(&mut array)` are outputs.
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

/// An array by chunks of so many rows; of a vector, of so many elements. The last one is shorter if they do not divide
/// it.
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

impl<A> Parts<A> {
    /// How many there are of an array, and how many elements each has.
    fn sizes<T: Element>(&self, array: &SharedArray<T>) -> (usize, usize) {
        let (rows, len) = array.part_sizes();
        (rows.div_ceil(self.each), len.saturating_mul(self.each))
    }
}

/// The elements of these parts, with so many in each but the last one of the array.
fn elements(start: u64, end: u64, each: u64, len: usize) -> Range<usize> {
    let [start, end] = [start, end].map(|part| (part as usize).saturating_mul(each as usize).min(len));
    start..end
}

impl<T: Element> Items for Parts<&SharedArray<T>> {
    type Share = Several<SharedArray<T>>;
    type Item<'a> = &'a [T];
    fn len(&self) -> usize {
        self.sizes(self.array).0
    }
    fn share(&self, range: Range<usize>) -> Several<SharedArray<T>> {
        (self.array.clone(), range.start as u64, range.end as u64, self.sizes(self.array).1 as u64)
    }
    #[inline(always)]
    fn iter<'a>(
        (array, start, end, each): <Several<SharedArray<T>> as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = &'a [T]> {
        let array = scope.keep(array).as_slice();
        let mut rest = &array[elements(*start, *end, *each, array.len())];
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
    type Lent = Writable<T>;
    type Share = Elements<Writable<T>>;
    fn lend(&mut self, items: usize) -> Result<Writable<T>, Error> {
        agree(self.len(), items)?;
        self.writable()
    }
    fn share(lent: &Writable<T>, range: Range<usize>) -> Elements<Writable<T>> {
        (lent.clone(), range.start as u64, range.end as u64)
    }
    #[inline(always)]
    unsafe fn parts<'a>(
        (array, start, end): <Elements<Writable<T>> as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = &'a mut T> {
        // SAFETY: the elements are those of one share (the caller), which nobody else has.
        unsafe { scope.keep(array).elements_mut(*start as usize..*end as usize) }.iter_mut()
    }
}

impl<T: Element> Sealed for Parts<&mut SharedArray<T>> {}

/// An array that is lent by its parts: how many elements it has, and each of the parts.
pub struct LentParts<T: Element> {
    array: Writable<T>,
    len: usize,
    each: usize,
}

/// Every part is the output of an item.
impl<T: Element> Outputs for Parts<&mut SharedArray<T>> {
    type Part<'a> = &'a mut [T];
    type Lent = LentParts<T>;
    type Share = Several<Writable<T>>;
    fn lend(&mut self, items: usize) -> Result<LentParts<T>, Error> {
        let (parts, each) = self.sizes(self.array);
        agree(parts, items)?;
        Ok(LentParts { len: self.array.len(), array: self.array.writable()?, each })
    }
    fn share(lent: &LentParts<T>, range: Range<usize>) -> Several<Writable<T>> {
        let Range { start, end } = elements(range.start as u64, range.end as u64, lent.each as u64, lent.len);
        (lent.array.clone(), start as u64, end as u64, lent.each as u64)
    }
    #[inline(always)]
    unsafe fn parts<'a>(
        (array, start, end, each): <Several<Writable<T>> as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = &'a mut [T]> {
        let each = *each as usize;
        // SAFETY: the elements are those of one share (the caller), which nobody else has.
        let mut rest = unsafe { scope.keep(array).elements_mut(*start as usize..*end as usize) };
        std::iter::repeat_with(move || rest.split_off_mut(..each.min(rest.len())).unwrap_or_default())
    }
}
