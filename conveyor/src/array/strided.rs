//! Parts of an array that do not lie in one piece: columns, layers, every other axis than the slowest.
//!
//! Invariant: whatever index a shape allows, the element at it lies in the array the part is of.

use super::element::Element;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};
use std::ptr::NonNull;

/// Where the elements of a part lie, from its first one on.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    shape: Vec<usize>,
    strides: Vec<usize>,
}

impl Layout {
    /// Of the parts of an array with these axes, along one of them: `each` long there, or without it.
    pub(crate) fn along(shape: &[usize], strides: &[usize], axis: usize, each: Option<usize>) -> Layout {
        let (mut shape, mut strides) = (shape.to_vec(), strides.to_vec());
        match each {
            Some(each) => shape[axis] = each,
            None => {
                shape.remove(axis);
                strides.remove(axis);
            }
        }
        Layout { shape, strides }
    }

    fn len(&self) -> usize {
        self.shape.iter().product()
    }

    #[cfg(feature = "ndarray")]
    fn to_ndarray(&self) -> ndarray::StrideShape<ndarray::IxDyn> {
        use ndarray::{IxDyn, ShapeBuilder};
        IxDyn(&self.shape).strides(IxDyn(&self.strides))
    }

    fn offset(&self, index: &[usize]) -> Option<usize> {
        let is_inside =
            index.len() == self.shape.len() && index.iter().zip(&self.shape).all(|(at, length)| at < length);
        is_inside.then(|| index.iter().zip(&self.strides).map(|(at, stride)| at * stride).sum())
    }

    /// Of all elements, the last axis first.
    fn offsets(&self) -> impl Iterator<Item = usize> + use<'_> {
        let (inner, step, outer) = match (self.shape.split_last(), self.strides.last()) {
            (Some((inner, outer)), Some(step)) => (*inner, *step, outer),
            _ => (1, 0, &[][..]),
        };
        let runs: usize = outer.iter().product();
        (0..runs).flat_map(move |run| {
            let (mut rest, mut start) = (run, 0);
            for (length, stride) in outer.iter().zip(&self.strides).rev() {
                start += rest % length * stride;
                rest /= length;
            }
            (0..inner).map(move |at| start + at * step)
        })
    }
}

/// A part of an array whose elements need not lie in one piece, as [`map::axis`](crate::map::axis) gives it.
///
/// ```
/// use conveyor::map::axis;
/// use conveyor::{Map, SharedArray};
///
/// let cube = SharedArray::from_fn([2, 3, 4], |at| at)?;
/// let seen = Map::over(axis(&cube, 1)).run(|job| {
///     assert_eq!((job.item.shape(), job.item.len()), (&[2, 4][..], 8));
///     (job.item[[1, 0]], job.item.iter().sum::<usize>())
/// })?;
/// assert_eq!(seen.values, [(12, 60), (16, 92), (20, 124)]);
/// # Ok::<(), conveyor::Error>(())
/// ```
pub struct Strided<'a, T> {
    layout: &'a Layout,
    elements: &'a [T],
}

impl<T> Clone for Strided<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Strided<'_, T> {}

impl<'a, T: Element> Strided<'a, T> {
    /// The first of the elements is that of the part.
    pub(crate) fn of(layout: &'a Layout, elements: &'a [T]) -> Self {
        Strided { layout, elements }
    }

    /// The element at this index, one number for each axis; none if there is no such element.
    pub fn get(&self, index: &[usize]) -> Option<&'a T> {
        self.layout.offset(index).map(|offset| &self.elements[offset])
    }

    /// All elements: along the last axis first, whatever the order of the array.
    pub fn iter(&self) -> impl Iterator<Item = &'a T> + use<'a, T> {
        let elements = self.elements;
        self.layout.offsets().map(move |offset| &elements[offset])
    }
}

macro_rules! parts {
    ($($part:ident)*) => {$(
        impl<'a, T: Element> $part<'a, T> {
            /// The lengths of its axes.
            pub fn shape(&self) -> &'a [usize] {
                &self.layout.shape
            }

            /// How far neighbours along each axis lie apart in memory, in elements.
            pub fn strides(&self) -> &'a [usize] {
                &self.layout.strides
            }

            /// How many elements it has.
            pub fn len(&self) -> usize {
                self.layout.len()
            }

            /// Has it no elements?
            pub fn is_empty(&self) -> bool {
                self.len() == 0
            }
        }

        /// Its shape, and its elements along the last axis first.
        impl<T: Element + fmt::Debug> fmt::Debug for $part<'_, T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let elements = fmt::from_fn(|f| f.debug_list().entries(self.iter()).finish());
                f.debug_struct(stringify!($part)).field("shape", &self.shape()).field("elements", &elements).finish()
            }
        }
    )*};
}
parts!(Strided StridedMut);

/// # Panics
/// When there is no such element.
impl<T: Element, const N: usize> Index<[usize; N]> for Strided<'_, T> {
    type Output = T;
    fn index(&self, index: [usize; N]) -> &T {
        self.get(&index).unwrap_or_else(|| outside(&self.layout.shape, &index))
    }
}

/// The same as an output: a part that is written, which nobody else has.
///
/// ```
/// use conveyor::map::axis;
/// use conveyor::{Map, SharedArray};
///
/// let mut table = SharedArray::<usize>::zeros([3, 4])?;
/// Map::over(0..4_usize).output(axis(&mut table, 1)).run(|mut job| {
///     job.out[[0]] = 100;
///     job.out.iter_mut().for_each(|element| *element += job.item);
/// })?;
/// assert_eq!(table.as_slice(), [100, 101, 102, 103, 0, 1, 2, 3, 0, 1, 2, 3]);
/// # Ok::<(), conveyor::Error>(())
/// ```
pub struct StridedMut<'a, T> {
    layout: &'a Layout,
    base: NonNull<T>,
    of: PhantomData<&'a mut [T]>,
}

// SAFETY: it is mutable references to elements, which are `Send`.
unsafe impl<T: Element> Send for StridedMut<'_, T> {}
// SAFETY: it is shared as references to elements, which are `Sync`.
unsafe impl<T: Element> Sync for StridedMut<'_, T> {}

impl<'a, T: Element> StridedMut<'a, T> {
    /// # Safety
    /// The elements of the layout lie from `base` on, and nobody else looks at them or writes them as long as this
    /// exists.
    pub(crate) unsafe fn of(layout: &'a Layout, base: NonNull<T>) -> Self {
        StridedMut { layout, base, of: PhantomData }
    }

    /// The element at this index, one number for each axis; none if there is no such element.
    pub fn get(&self, index: &[usize]) -> Option<&T> {
        // SAFETY: it is an element of the layout, and borrowed as this is (`of`).
        self.layout.offset(index).map(|offset| unsafe { self.base.add(offset).as_ref() })
    }

    /// The same, to be written.
    pub fn get_mut(&mut self, index: &[usize]) -> Option<&mut T> {
        // SAFETY: it is an element of the layout, and mutably borrowed as this is (`of`).
        self.layout.offset(index).map(|offset| unsafe { self.base.add(offset).as_mut() })
    }

    /// All elements: along the last axis first, whatever the order of the array.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        let base = self.base;
        // SAFETY: an element of the layout, borrowed as this is (`of`).
        self.layout.offsets().map(move |offset| unsafe { base.add(offset).as_ref() })
    }

    /// The same, to be written: along the last axis first, whatever the order of the array.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let base = self.base;
        // SAFETY: an element of the layout, mutably borrowed as this is (`of`); no two offsets are the same, because the
        // strides are those of an array.
        self.layout.offsets().map(move |offset| unsafe { base.add(offset).as_mut() })
    }
}

/// As views of the crate `ndarray` (feature `ndarray`).
#[cfg(feature = "ndarray")]
impl<'a, T: Element> Strided<'a, T> {
    /// The part as an `ndarray` view. Nothing is copied.
    ///
    /// ```
    /// use conveyor::map::axis;
    /// use conveyor::{Map, SharedArray};
    ///
    /// let table = SharedArray::from_fn([3, 4], |at| at as f64)?;
    /// let means = Map::over(axis(&table, 1)).run(|job| job.item.view().mean())?;
    /// assert_eq!(means.values[1], Some(5.0));
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn view(&self) -> ndarray::ArrayViewD<'a, T> {
        let shape = self.layout.to_ndarray();
        ndarray::ArrayView::from_shape(shape, self.elements).expect("the elements of a part lie in it")
    }
}

/// As views of the crate `ndarray` (feature `ndarray`).
#[cfg(feature = "ndarray")]
impl<T: Element> StridedMut<'_, T> {
    /// The part as an `ndarray` view, to be written.
    ///
    /// ```
    /// use conveyor::map::axis;
    /// use conveyor::{Map, SharedArray};
    ///
    /// let mut table = SharedArray::<f64>::zeros([3, 4])?;
    /// Map::over(0..4_u32).output(axis(&mut table, 1)).run(|mut job| job.out.view_mut().fill(f64::from(job.item)))?;
    /// assert_eq!(table.part(2), [0.0, 1.0, 2.0, 3.0]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn view_mut(&mut self) -> ndarray::ArrayViewMutD<'_, T> {
        // SAFETY: the elements of the layout lie there, mutably borrowed as this is (`of`); no two of them are the same,
        // because the strides are those of an array.
        unsafe { ndarray::ArrayViewMut::from_shape_ptr(self.layout.to_ndarray(), self.base.as_ptr()) }
    }
}

/// # Panics
/// When there is no such element.
impl<T: Element, const N: usize> Index<[usize; N]> for StridedMut<'_, T> {
    type Output = T;
    fn index(&self, index: [usize; N]) -> &T {
        self.get(&index).unwrap_or_else(|| outside(&self.layout.shape, &index))
    }
}

/// # Panics
/// When there is no such element.
impl<T: Element, const N: usize> IndexMut<[usize; N]> for StridedMut<'_, T> {
    fn index_mut(&mut self, index: [usize; N]) -> &mut T {
        let shape = &self.layout.shape;
        self.get_mut(&index).unwrap_or_else(|| outside(shape, &index))
    }
}

#[cold]
#[track_caller]
fn outside(shape: &[usize], index: &[usize]) -> ! {
    panic!("a part of shape {shape:?} has no element at {index:?}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SharedArray;
    use crate::array::Order;

    /// The parts along every axis, in both orders, are what their indices say.
    #[test]
    fn elements_are_found_by_index_and_in_order() {
        for order in [Order::RowMajor, Order::ColumnMajor] {
            let array = SharedArray::build([2, 3, 4]).order(order).from_fn(|at| at).unwrap();
            for axis in 0..3 {
                let layout = Layout::along(array.shape(), &array.strides(), axis, None);
                let part = Strided::of(&layout, &array.as_slice()[array.strides()[axis]..]);
                let mut seen = part.iter();
                for i in 0..part.shape()[0] {
                    for j in 0..part.shape()[1] {
                        let mut index = vec![i, j];
                        index.insert(axis, 1);
                        assert_eq!(part.get(&[i, j]), array.get(&index));
                        assert_eq!(seen.next(), array.get(&index));
                    }
                }
                assert_eq!((seen.next(), part.get(&[0]), part.get(&[4, 0])), (None, None, None));
            }
        }
    }

    #[test]
    fn parts_of_a_vector_and_without_elements() {
        let layout = Layout::along(&[5], &[1], 0, None);
        assert_eq!(Strided::of(&layout, &[7, 8]).iter().collect::<Vec<_>>(), [&7]);
        let layout = Layout::along(&[5, 0], &[0, 1], 0, Some(2));
        let part = Strided::<u8>::of(&layout, &[]);
        assert!(part.is_empty() && part.iter().next().is_none());
    }

    #[test]
    fn parts_are_printed_as_what_they_are() {
        let layout = Layout::along(&[3, 2], &[2, 1], 1, None);
        let mut elements = [1, 2, 3, 4, 5, 6];
        let printed = format!("{:?}", Strided::of(&layout, &elements[1..]));
        assert_eq!(printed, "Strided { shape: [3], elements: [2, 4, 6] }");
        // SAFETY: they are a row-major array of this shape, and mutably borrowed.
        let part = unsafe { StridedMut::of(&layout, NonNull::from(&mut elements).cast::<u32>()) };
        assert_eq!(format!("{part:?}"), "StridedMut { shape: [3], elements: [1, 3, 5] }");
    }

    #[test]
    #[should_panic(expected = "a part of shape [3] has no element at [3]")]
    fn what_is_outside_is_none_of_it() {
        let layout = Layout::along(&[3, 2], &[2, 1], 1, None);
        let mut elements = [0; 6];
        // SAFETY: they are a row-major array of this shape, and mutably borrowed.
        let mut part = unsafe { StridedMut::of(&layout, NonNull::from(&mut elements).cast::<u32>()) };
        part[[3]] = 1;
    }
}
