//! Chunks as arrays of the crate `ndarray`.

use super::chunk::Chunk;
use crate::message::Plain;
use ndarray::{ArrayView, ArrayViewMut, Dimension, ShapeError, StrideShape};

/// As views of the crate `ndarray` (feature `ndarray`).
impl<T: Plain> Chunk<T> {
    /// The chunk as an array of this shape, whose number of axes is a type. Nothing is copied. A shape with fewer elements
    /// than the chunk has is its beginning: so the last buffer of a stream may be short.
    ///
    /// ```
    /// use conveyor::{Chunk, Pool, Source};
    ///
    /// /// Gives one picture of 2 x 3 pixels of three bytes.
    /// struct Camera(Option<Pool<u8>>);
    /// impl Source for Camera {
    ///     type Out = Chunk<u8>;
    ///     fn next(&mut self) -> conveyor::Result<Option<Chunk<u8>>> {
    ///         let Some(pool) = self.0.take() else { return Ok(None) };
    ///         let mut picture = pool.take()?;
    ///         for ((y, x, colour), byte) in picture.view_mut((2, 3, 3)).indexed_iter_mut() {
    ///             *byte = (100 * y + 10 * x + colour) as u8;
    ///         }
    ///         Ok(Some(picture))
    ///     }
    /// }
    ///
    /// let pictures = conveyor::pipeline! {
    ///     <() -> Chunk<u8>>;
    ///     pool pictures(1) of [u8; 2 * 3 * 3];
    ///     source(Camera(Some(pictures.clone()))) -> pipe -> processor(|picture: Chunk<u8>| picture)
    /// };
    /// for picture in pictures.run(()) {
    ///     let picture = picture?;
    ///     assert_eq!(picture.view((2, 3, 3))[[1, 2, 0]], 120);
    ///     assert_eq!(picture.view((1, 3, 3)).len(), 9); // the first row
    /// }
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Panics
    /// When the chunk has fewer elements than the shape.
    #[track_caller]
    pub fn view<D: Dimension>(&self, shape: impl Into<StrideShape<D>>) -> ArrayView<'_, T, D> {
        ArrayView::from_shape(shape, self).unwrap_or_else(|error| unfit(self.len(), &error))
    }

    /// The same, to be written.
    ///
    /// # Panics
    /// When the chunk has fewer elements than the shape.
    #[track_caller]
    pub fn view_mut<D: Dimension>(&mut self, shape: impl Into<StrideShape<D>>) -> ArrayViewMut<'_, T, D> {
        let len = self.len();
        ArrayViewMut::from_shape(shape, self).unwrap_or_else(|error| unfit(len, &error))
    }
}

#[cold]
#[track_caller]
fn unfit(len: usize, error: &ShapeError) -> ! {
    panic!("a chunk of {len} elements cannot be viewed in this shape: {error}")
}
