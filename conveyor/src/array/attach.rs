//! Arrays of other programs.

use super::element::Element;
use super::handle::SharedArray;
use super::memory::Memory;
use super::shape::{Order, Shape};
use crate::Error;
use std::sync::Arc;

/// Arrays of other programs.
impl<T: Element> SharedArray<T> {
    /// The array that another program has made under this [name](super::Build::name), be it by Conveyor, by Python's
    /// `multiprocessing.shared_memory`, or by any other use of POSIX shared memory. It is that program's to remove.
    ///
    /// ```
    /// use conveyor::SharedArray;
    /// use conveyor::array::Order;
    /// use std::sync::atomic::{AtomicU32, Ordering};
    ///
    /// let name = format!("ticks-{}", std::process::id());
    /// let ticks = SharedArray::<AtomicU32>::build([2, 8]).name(&name).zeros()?;
    ///
    /// // in any program
    /// // SAFETY: it is an array of atomics.
    /// let same = unsafe { SharedArray::<AtomicU32>::attach(&name, [2, 8], Order::RowMajor)? };
    /// same[[1, 3]].fetch_add(1, Ordering::Relaxed);
    /// assert_eq!(ticks[[1, 3]].load(Ordering::Relaxed), 1);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Safety
    /// What lies there are values of `T`, and its file does not become shorter. Unless `T` is atomic: nobody, in
    /// whatever program, writes an element while others read or write it. Attaching to an array twice in one program
    /// gives two handles that do not know of each other.
    ///
    /// # Errors
    /// When there is nothing of this name, it has another size than an array of this shape, or the system is not Linux.
    pub unsafe fn attach(name: &str, shape: impl Into<Shape>, order: Order) -> Result<SharedArray<T>, Error> {
        let shape = shape.into();
        let memory = Memory::attach::<T>(name, shape.elements())?;
        Ok(SharedArray::of(Arc::new(memory), shape, order))
    }
}
