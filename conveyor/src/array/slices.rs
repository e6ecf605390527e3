//! Parts of an array that lie in one piece.

use super::element::Element;
use super::handle::SharedArray;
use crate::Error;
use std::ops::Range;

impl<T: Element> SharedArray<T> {
    /// The parts along the slowest axis, each in one piece: the rows of a row-major matrix, the frames of a stack of
    /// frames. Along the first axis, or in column-major order along the last.
    ///
    /// ```
    /// let frames = conveyor::SharedArray::from_fn([3, 2, 2], |i| i)?;
    /// let sums: Vec<usize> = frames.parts().map(|frame| frame.iter().sum()).collect();
    /// assert_eq!(sums, [6, 22, 38]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &[T]> + ExactSizeIterator {
        let (count, len) = self.part_sizes();
        let elements = self.as_slice();
        (0..count).map(move |part| &elements[part * len..][..len])
    }

    /// One of them.
    ///
    /// ```
    /// let frames = conveyor::SharedArray::from_fn([3, 2, 2], |i| i)?;
    /// assert_eq!(frames.part(1), [4, 5, 6, 7]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Panics
    /// When there are not so many.
    pub fn part(&self, part: usize) -> &[T] {
        &self.as_slice()[self.range_of(part)]
    }

    /// One of them, to be written.
    ///
    /// ```
    /// let mut table = conveyor::SharedArray::<f64>::zeros([2, 3])?;
    /// table.part_mut(1)?[2] = 7.0;
    /// assert_eq!(table[[1, 2]], 7.0);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`as_mut_slice`](SharedArray::as_mut_slice).
    ///
    /// # Panics
    /// When there are not so many.
    pub fn part_mut(&mut self, part: usize) -> Result<&mut [T], Error> {
        let range = self.range_of(part);
        Ok(&mut self.as_mut_slice()?[range])
    }

    /// All of them, to be written: they do not overlap, so several threads may have one each.
    ///
    /// ```
    /// let mut table = conveyor::SharedArray::<f64>::zeros([2, 1000])?;
    /// std::thread::scope(|scope| {
    ///     for (row, part) in table.parts_mut()?.enumerate() {
    ///         scope.spawn(move || part.fill(row as f64));
    ///     }
    ///     Ok::<(), conveyor::Error>(())
    /// })?;
    /// assert_eq!(table[[1, 999]], 1.0);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`as_mut_slice`](SharedArray::as_mut_slice).
    pub fn parts_mut(&mut self) -> Result<impl ExactSizeIterator<Item = &mut [T]>, Error> {
        let (count, len) = self.part_sizes();
        let mut rest = self.as_mut_slice()?;
        Ok((0..count).map(move |_| rest.split_off_mut(..len).expect("the parts make up the array")))
    }

    fn range_of(&self, part: usize) -> Range<usize> {
        let (count, len) = self.part_sizes();
        assert!(part < count, "an array of shape {:?} has no part {part}", self.shape());
        part * len..(part + 1) * len
    }

    /// How many parts there are along the slowest axis, and how many elements each has. An array without axes has one.
    pub(crate) fn part_sizes(&self) -> (usize, usize) {
        let count = self.order().slowest(self.shape()).map_or(1, |axis| self.shape()[axis]);
        (count, self.len().checked_div(count).unwrap_or(0))
    }
}
