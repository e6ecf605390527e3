//! Arrays as those of the crate `ndarray`, and the other way round.

use super::element::Element;
use super::handle::SharedArray;
use super::shape::{Order, Shape};
use crate::Error;
use ndarray::{
    ArrayBase, ArrayView, ArrayViewD, ArrayViewMut, ArrayViewMutD, Data, Dimension, IxDyn, ShapeBuilder,
};

/// As arrays of the crate `ndarray` (feature `ndarray`).
impl<T: Element> SharedArray<T> {
    /// The array as an `ndarray` view. Nothing is copied.
    ///
    /// ```
    /// use conveyor::SharedArray;
    /// use ndarray::{Axis, Ix2};
    ///
    /// let table = SharedArray::from_fn([2, 3], |i| i as f64)?;
    /// assert_eq!(table.view().mean_axis(Axis(0)).unwrap().as_slice(), Some(&[1.5, 2.5, 3.5][..]));
    ///
    /// // with the number of axes as a type
    /// let matrix = table.view().into_dimensionality::<Ix2>()?;
    /// assert_eq!(matrix.dot(&ndarray::array![1.0, 0.0, 0.0]), ndarray::array![0.0, 3.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn view(&self) -> ArrayViewD<'_, T> {
        ArrayView::from_shape(shape_of(self.shape(), self.order()), self.as_slice()).expect(FITS)
    }

    /// The same, to be written.
    ///
    /// ```
    /// use conveyor::SharedArray;
    /// use ndarray::s;
    ///
    /// let mut table = SharedArray::<f64>::zeros([2, 3])?;
    /// table.view_mut()?.slice_mut(s![.., 1]).fill(1.0);
    /// assert_eq!(table.as_slice(), [0.0, 1.0, 0.0, 0.0, 1.0, 0.0]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`as_mut_slice`](SharedArray::as_mut_slice).
    pub fn view_mut(&mut self) -> Result<ArrayViewMutD<'_, T>, Error> {
        let shape = shape_of(self.shape(), self.order());
        Ok(ArrayViewMut::from_shape(shape, self.as_mut_slice()?).expect(FITS))
    }
}

const FITS: &str = "an array has as many elements as its shape";

fn shape_of(shape: &Shape, order: Order) -> ndarray::Shape<IxDyn> {
    IxDyn(shape).set_f(order == Order::ColumnMajor)
}

impl<T: Element + Copy> SharedArray<T> {
    /// A copy of an array of the crate `ndarray` (feature `ndarray`). It is column-major if that one is, and row-major
    /// otherwise.
    ///
    /// ```
    /// use conveyor::SharedArray;
    ///
    /// let table = SharedArray::from_ndarray(&ndarray::array![[1, 2], [3, 4]])?;
    /// assert_eq!(table[[1, 0]], 3);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`zeros`](SharedArray::zeros).
    pub fn from_ndarray<S, D>(other: &ArrayBase<S, D>) -> Result<SharedArray<T>, Error>
    where
        S: Data<Elem = T>,
        D: Dimension,
    {
        let is_column_major = !other.is_standard_layout() && other.t().is_standard_layout();
        let order = if is_column_major { Order::ColumnMajor } else { Order::RowMajor };
        let mut copy = SharedArray::build(other.shape()).order(order).uninit()?;
        copy.view_mut()?.assign(&other.view().into_dyn());
        Ok(copy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_have_the_same_indices() {
        for order in [Order::RowMajor, Order::ColumnMajor] {
            let array = SharedArray::build([2, 3, 4]).order(order).from_fn(|i| i).unwrap();
            let view = array.view();
            for ((i, j, k), element) in view.to_shape((2, 3, 4)).unwrap().indexed_iter() {
                assert_eq!(*element, array[[i, j, k]], "{order:?}");
            }
            let strides: Vec<usize> = view.strides().iter().map(|stride| stride.cast_unsigned()).collect();
            assert_eq!(strides, array.strides());
        }
    }

    #[test]
    fn copies_keep_order_and_elements() {
        let matrix = ndarray::Array::from_shape_fn((2, 3), |(i, j)| 10 * i + j);
        for other in [matrix.view(), matrix.t(), matrix.slice(ndarray::s![.., ..;2])] {
            let copy = SharedArray::from_ndarray(&other).unwrap();
            assert_eq!(copy.view(), other.into_dyn());
        }
        assert_eq!(SharedArray::from_ndarray(&matrix.t()).unwrap().order(), Order::ColumnMajor);
        assert_eq!(
            SharedArray::from_ndarray(&matrix.index_axis(ndarray::Axis(1), 1)).unwrap().as_slice(),
            [1, 11]
        );
    }

    #[test]
    fn views_of_arrays_without_elements() {
        let empty = SharedArray::<f64>::zeros([3, 0]).unwrap();
        assert_eq!(empty.view().shape(), [3, 0]);
    }
}
