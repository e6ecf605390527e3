//! How the elements of an array are arranged.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// The lengths of an array's axes. It is made from one length (`10`), from several (`[3, 4]`), or from a slice or vector of them,
/// and is itself looked at as a slice.
///
/// ```
/// use conveyor::array::Shape;
///
/// let frames = Shape::from([10, 480, 640]);
/// assert_eq!((frames.len(), frames[0], frames.elements()), (3, 10, Some(3_072_000)));
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Shape(Arc<[usize]>);

impl Shape {
    /// How many elements an array of this shape has: the product of the lengths, which is 1 without any axis. `None` if
    /// there is no such array, because the product of the lengths that are not 0 exceeds `isize::MAX`.
    pub fn elements(&self) -> Option<usize> {
        let long = self.iter().filter(|length| **length > 0);
        let product = long.copied().try_fold(1_usize, usize::checked_mul)?;
        isize::try_from(product).ok()?;
        Some(if self.contains(&0) { 0 } else { product })
    }

    /// The same with one more axis before the others.
    pub(super) fn after_axis(&self, length: usize) -> Shape {
        Shape(std::iter::once(length).chain(self.iter().copied()).collect())
    }
}

impl Deref for Shape {
    type Target = [usize];
    fn deref(&self) -> &[usize] {
        &self.0
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<usize> for Shape {
    fn from(length: usize) -> Shape {
        Shape([length].into())
    }
}

impl<const N: usize> From<[usize; N]> for Shape {
    fn from(lengths: [usize; N]) -> Shape {
        Shape(lengths.into())
    }
}

impl From<&[usize]> for Shape {
    fn from(lengths: &[usize]) -> Shape {
        Shape(lengths.into())
    }
}

impl From<Vec<usize>> for Shape {
    fn from(lengths: Vec<usize>) -> Shape {
        Shape(lengths.into())
    }
}

impl From<&Shape> for Shape {
    fn from(shape: &Shape) -> Shape {
        shape.clone()
    }
}

/// Which axis is the fastest: that whose neighbours are neighbours in memory.
///
/// ```
/// use conveyor::SharedArray;
/// use conveyor::array::Order;
///
/// let by_rows = SharedArray::from_fn([2, 3], |i| i)?;
/// let by_columns = SharedArray::build([2, 3]).order(Order::ColumnMajor).from_fn(|i| i)?;
/// assert_eq!((by_rows[[0, 1]], by_columns[[0, 1]]), (1, 2));
/// # Ok::<(), conveyor::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Order {
    /// The last axis: the rows of a matrix lie one after the other, as in C and by default in numpy.
    #[default]
    RowMajor,
    /// The first axis: its columns do, as in Fortran.
    ColumnMajor,
}

impl Order {
    /// How far the neighbours along each axis lie apart, in elements.
    pub(super) fn strides(self, shape: &[usize]) -> Vec<usize> {
        let mut strides = vec![0; shape.len()];
        let mut stride: usize = 1;
        let mut place = |axis: usize| {
            strides[axis] = stride;
            // no overflow: so many elements there are (`Shape::elements`), or 0 from here on
            stride *= shape[axis];
        };
        match self {
            Order::RowMajor => (0..shape.len()).rev().for_each(&mut place),
            Order::ColumnMajor => (0..shape.len()).for_each(&mut place),
        }
        strides
    }

    /// Where an element lies; none if there is no such element.
    #[inline]
    pub(super) fn offset(self, shape: &[usize], index: &[usize]) -> Option<usize> {
        if shape.len() != index.len() || index.iter().zip(shape).any(|(at, length)| at >= length) {
            return None;
        }
        let step = |offset: usize, (at, length): (&usize, &usize)| offset * length + at;
        let axes = index.iter().zip(shape);
        Some(match self {
            Order::RowMajor => axes.fold(0, step),
            Order::ColumnMajor => axes.rev().fold(0, step),
        })
    }

    /// The axis whose parts lie one after the other.
    pub(super) fn slowest(self, shape: &[usize]) -> Option<usize> {
        let last = shape.len().checked_sub(1)?;
        Some(if self == Order::RowMajor { 0 } else { last })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_and_strides_agree() {
        let shape = [2, 3, 4];
        for order in [Order::RowMajor, Order::ColumnMajor] {
            let strides = order.strides(&shape);
            let mut seen = Vec::new();
            for i in 0..2 {
                for j in 0..3 {
                    for k in 0..4 {
                        let offset = order.offset(&shape, &[i, j, k]).expect("it is inside");
                        assert_eq!(offset, i * strides[0] + j * strides[1] + k * strides[2]);
                        seen.push(offset);
                    }
                }
            }
            seen.sort_unstable();
            assert_eq!(seen, (0..24).collect::<Vec<_>>());
        }
        assert_eq!(Order::RowMajor.strides(&shape), [12, 4, 1]);
        assert_eq!(Order::ColumnMajor.strides(&shape), [1, 2, 6]);
    }

    #[test]
    fn what_is_outside_has_no_offset() {
        for index in [&[2, 0][..], &[0, 3], &[0], &[0, 0, 0], &[]] {
            assert_eq!(Order::RowMajor.offset(&[2, 3], index), None, "{index:?}");
        }
        assert_eq!(Order::RowMajor.offset(&[], &[]), Some(0));
    }

    #[test]
    fn elements_are_counted() {
        assert_eq!(Shape::from([]).elements(), Some(1));
        assert_eq!(Shape::from([3, 0, 2]).elements(), Some(0));
        assert_eq!(Shape::from([0, isize::MAX as usize]).elements(), Some(0));
        for shape in [[usize::MAX, 2], [usize::MAX, 1], [usize::MAX, 0], [0, 1 << 63]] {
            assert_eq!(Shape::from(shape).elements(), None, "{shape:?}");
        }
        assert_eq!(*Shape::from(7).after_axis(2), [2, 7]);
    }
}
