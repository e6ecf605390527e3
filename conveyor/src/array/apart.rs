//! Parts of an array for several workers to write, each its own.

use super::element::Element;
use super::handle::SharedArray;
use std::ops::Range;

impl<T: Element> SharedArray<T> {
    /// Some elements, to be written.
    ///
    /// # Safety
    /// Nobody else reads or writes these elements, other than atomically, in whatever process, while the slice is used. In a
    /// worker that is a process they were received (see `guests`).
    ///
    /// # Panics
    /// When there are no such elements.
    #[allow(clippy::mut_from_ref)] // that is what the caller answers for
    pub(crate) unsafe fn apart(&self, range: Range<usize>) -> &mut [T] {
        assert!(range.start <= range.end && range.end <= self.len(), "parts lie inside of their array");
        // SAFETY: so many elements lie there, as long as the memory, which this handle keeps; the pointer is that of the
        // mapping, so it may write; and nobody else looks at them (the caller).
        unsafe {
            let first = self.memory().base().cast::<T>().add(range.start);
            std::slice::from_raw_parts_mut(first.as_ptr(), range.len())
        }
    }
}
