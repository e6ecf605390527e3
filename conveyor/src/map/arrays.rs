//! Shared arrays as items of a map: element by element, or part by part along the slowest axis.

use super::items::Items;
use super::scope::Scope;
use crate::array::Element;
use crate::{Message, SharedArray};
use std::ops::Range;

/// Some elements of an array, or some of its parts, which have so many elements each.
pub(super) type Elements<A> = (A, u64, u64);
pub(super) type Several<A> = (A, u64, u64, u64);

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
    pub(super) array: A,
    pub(super) each: usize,
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
#[track_caller]
pub fn chunks<A>(array: A, each: usize) -> Parts<A> {
    assert!(each > 0, "a chunk has at least one row");
    Parts { array, each }
}

impl<A> Parts<A> {
    /// The array, which a map that was [started](super::Map::start) has given back.
    ///
    /// ```
    /// use conveyor::map::rows;
    /// use conveyor::{Map, SharedArray};
    ///
    /// let table = SharedArray::<u32>::zeros([100, 4])?;
    /// let map = Map::over(0..100_u32).output(rows(table)).start(|job| job.out.fill(job.item))?;
    /// let table = map.finish()?.out.into_array();
    /// assert_eq!(table[[99, 3]], 99);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn into_array(self) -> A {
        self.array
    }

    /// How many there are of an array, and how many elements each has.
    pub(super) fn sizes<T: Element>(&self, array: &SharedArray<T>) -> (usize, usize) {
        let (rows, len) = array.part_sizes();
        (rows.div_ceil(self.each), len.saturating_mul(self.each))
    }
}

/// The elements of these parts, with so many in each but the last one of the array.
pub(super) fn elements(start: u64, end: u64, each: u64, len: usize) -> Range<usize> {
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

/// The same for a map that has the array.
impl<T: Element> Items for Parts<SharedArray<T>> {
    type Share = Several<SharedArray<T>>;
    type Item<'a> = &'a [T];
    fn len(&self) -> usize {
        self.borrowed().len()
    }
    fn share(&self, range: Range<usize>) -> Several<SharedArray<T>> {
        self.borrowed().share(range)
    }
    #[inline(always)]
    fn iter<'a>(
        share: <Several<SharedArray<T>> as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = &'a [T]> {
        Parts::<&SharedArray<T>>::iter(share, scope)
    }
}

impl<T: Element> Parts<SharedArray<T>> {
    fn borrowed(&self) -> Parts<&SharedArray<T>> {
        Parts { array: &self.array, each: self.each }
    }
}
