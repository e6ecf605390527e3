//! Shared arrays along any of their axes, as items and as outputs of a map.

use super::items::Items;
use super::outputs::{Borrowed, Outputs, sealed::Sealed};
use super::scope::Scope;
use super::written::agree;
use crate::array::strided::{Layout, Strided, StridedMut};
use crate::array::writable::Writable;
use crate::array::{Element, Shape};
use crate::{Error, Message, SharedArray};
use std::ops::Range;

/// An array along one of its axes, which it has; see [`axis`].
#[derive(Clone, Copy, Debug)]
pub struct Axis<A> {
    array: A,
    axis: usize,
    /// So long are the parts there; otherwise they are without the axis.
    each: Option<usize>,
}

/// An array along this axis, from 0: every part is the array at one index there, and has the other axes. The parts need not
/// lie in one piece: the kernel gets a [`Strided`], or a [`StridedMut`] for an output.
///
/// Along the slowest axis, [`rows`](super::rows) and [`chunks`](super::chunks) are better: the kernel gets slices there.
///
/// ```
/// use conveyor::map::axis;
/// use conveyor::{Map, SharedArray};
///
/// let table = SharedArray::from_fn([3, 4], |at| at as u32)?;
/// let columns = Map::over(axis(&table, 1)).run(|job| job.item.iter().sum::<u32>())?;
/// assert_eq!(columns.values, [12, 15, 18, 21]);
///
/// // two columns at a time
/// let pairs = Map::over(axis(&table, 1).chunks(2)).run(|job| job.item.shape().to_vec())?;
/// assert_eq!(pairs.values, [[3, 2], [3, 2]]);
/// # Ok::<(), conveyor::Error>(())
/// ```
///
/// # Panics
/// When the array has no such axis.
#[track_caller]
pub fn axis<A: Shaped>(array: A, axis: usize) -> Axis<A> {
    let shape = array.lengths();
    assert!(axis < shape.len(), "an array of shape {shape:?} has no axis {axis}");
    Axis { array, axis, each: None }
}

/// A shared array, or a reference to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no axes",
    label = "is no shared array",
    note = "write `axis(&array, k)`, `axis(&mut array, k)`, or `axis(array, k)`, where `array` is a `SharedArray`"
)]
pub trait Shaped: shaped::Sealed {
    /// The lengths of its axes.
    #[doc(hidden)]
    fn lengths(&self) -> &[usize];
}

mod shaped {
    pub trait Sealed {}
}

macro_rules! shaped {
    ($($array:ty)*) => {$(
        impl<T: Element> shaped::Sealed for $array {}
        impl<T: Element> Shaped for $array {
            fn lengths(&self) -> &[usize] {
                SharedArray::shape(self)
            }
        }
    )*};
}
shaped!(&SharedArray<T> &mut SharedArray<T> SharedArray<T>);

impl<A> Axis<A> {
    /// Parts that are so long along the axis; the last one is shorter if they do not divide it.
    ///
    /// # Panics
    /// When they have no length.
    #[track_caller]
    pub fn chunks(mut self, each: usize) -> Self {
        assert!(each > 0, "a chunk is at least 1 long");
        self.each = Some(each);
        self
    }

    /// The array, which a map that was [started](super::Map::start) has given back.
    pub fn into_array(self) -> A {
        self.array
    }

    fn cut(&self) -> Cut {
        Cut { axis: self.axis as u64, each: self.each.unwrap_or(0) as u64 }
    }
}

/// How an array is cut: along which axis, and how long the parts are there; 0 if they are without it.
#[derive(Clone, Copy)]
struct Cut {
    axis: u64,
    each: u64,
}

impl Cut {
    fn step(self) -> usize {
        (self.each as usize).max(1)
    }

    fn parts(self, shape: &Shape) -> usize {
        shape[self.axis as usize].div_ceil(self.step())
    }
}

/// Parts of an array: how it is cut, and which of them.
type Several<A> = (A, (u64, u64), (u64, u64));

/// The layouts of all parts but the last one, and of that.
struct Layouts {
    whole: Layout,
    last: Layout,
    parts: usize,
    /// How far the first elements of two parts lie apart.
    stride: usize,
}

impl Layouts {
    fn of(shape: &Shape, strides: &[usize], (axis, each): (u64, u64)) -> Layouts {
        let cut = Cut { axis, each };
        let (axis, parts) = (axis as usize, cut.parts(shape));
        let each = (each > 0).then_some(each as usize);
        let last = each.map(|each| shape[axis] - each * parts.saturating_sub(1));
        Layouts {
            whole: Layout::along(shape, strides, axis, each),
            last: Layout::along(shape, strides, axis, last),
            parts,
            stride: strides[axis] * cut.step(),
        }
    }

    /// The layouts of these parts, each with the offset of its first element. Where there are no elements, there is no
    /// offset either.
    fn range(&self, (start, end): (u64, u64), len: usize) -> impl Iterator<Item = (&Layout, usize)> {
        assert!(start <= end && end <= self.parts as u64, "the parts are in the array");
        (start as usize..end as usize).map(move |part| {
            let layout = if part + 1 == self.parts { &self.last } else { &self.whole };
            (layout, (part * self.stride).min(len))
        })
    }
}

macro_rules! items {
    ($($array:ty)*) => {$(
        impl<T: Element> Items for Axis<$array> {
            type Share = Several<SharedArray<T>>;
            type Item<'a> = Strided<'a, T>;
            fn len(&self) -> usize {
                self.cut().parts(self.array.shape())
            }
            fn share(&self, range: Range<usize>) -> Several<SharedArray<T>> {
                let Cut { axis, each } = self.cut();
                (self.array.clone(), (axis, each), (range.start as u64, range.end as u64))
            }
            #[inline(always)]
            fn iter<'a>(
                (array, (axis, each), (start, end)): <Several<SharedArray<T>> as Message>::View<'a>,
                scope: &'a Scope,
            ) -> impl Iterator<Item = Strided<'a, T>> {
                let array = scope.keep(array);
                let elements = array.as_slice();
                let layouts = scope.keep(Layouts::of(array.shape(), &array.strides(), (*axis, *each)));
                let parts = layouts.range((*start, *end), elements.len());
                parts.map(move |(layout, first)| Strided::of(layout, &elements[first..]))
            }
        }
    )*};
}
items!(&SharedArray<T> SharedArray<T>);

/// An array that is lent along an axis.
pub struct LentAxis<T: Element> {
    array: Writable<T>,
    cut: Cut,
}

macro_rules! outputs {
    ($($array:ty)*) => {$(
        impl<T: Element> Sealed for Axis<$array> {}

        impl<T: Element> Outputs for Axis<$array> {
            type Part<'a> = StridedMut<'a, T>;
            type Lent = LentAxis<T>;
            type Share = Several<Writable<T>>;
            fn lend(&mut self, items: usize, _: usize) -> Result<LentAxis<T>, Error> {
                let cut = self.cut();
                agree(cut.parts(self.array.shape()), items)?;
                Ok(LentAxis { array: self.array.writable()?, cut })
            }
            fn share(lent: &LentAxis<T>, range: Range<usize>) -> Several<Writable<T>> {
                let Cut { axis, each } = lent.cut;
                (lent.array.clone(), (axis, each), (range.start as u64, range.end as u64))
            }
            #[inline(always)]
            unsafe fn parts<'a>(
                (array, (axis, each), (start, end)): <Several<Writable<T>> as Message>::View<'a>,
                scope: &'a Scope,
            ) -> impl Iterator<Item = StridedMut<'a, T>> {
                let array = scope.keep(array);
                let layouts = scope.keep(Layouts::of(array.shape(), &array.strides(), (*axis, *each)));
                layouts.range((*start, *end), array.len()).map(move |(layout, first)| {
                    // SAFETY: the elements of a part lie in the array, from the first one on; those of different parts
                    // are different ones, and these parts are those of one share (the caller), which nobody else has.
                    unsafe { StridedMut::of(layout, array.base().add(first)) }
                })
            }
        }
    )*};
}
outputs!(&mut SharedArray<T> SharedArray<T>);

impl<T: Element> Borrowed for Axis<&mut SharedArray<T>> {}
