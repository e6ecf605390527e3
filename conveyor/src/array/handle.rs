//! What users hold: a handle of an array.

use super::element::Element;
use super::lent::Lent;
use super::memory::Memory;
use super::shape::{Order, Shape};
use crate::{Error, ErrorKind};
use std::marker::PhantomData;
use std::ops::Index;
use std::ptr::NonNull;
use std::sync::Arc;
use std::{any, fmt};

/// An array with any number of axes, in memory that workers see without a copy.
///
/// It is made by [`zeros`](SharedArray::zeros) and its relatives, or by a [builder](SharedArray::build), and given to
/// pipelines as a parameter:
///
/// ```
/// use conveyor::{SharedArray, pipeline};
///
/// let squares = SharedArray::from_fn(1000, |i| (i * i) as f64)?;
///
/// let lookup = pipeline! {
///     <u64 -> f64>(squares: SharedArray<f64> = squares.clone());
///     processor(|i| squares.as_slice()[i as usize])
/// };
///
/// let found: Vec<f64> = lookup.run([3, 30, 300]).collect::<Result<_, _>>()?;
/// assert_eq!(found, [9.0, 900.0, 90_000.0]);
/// # Ok::<(), conveyor::Error>(())
/// ```
///
/// # Where it lies
///
/// In shared memory, if pipelines run as processes by default: on Linux, unless the environment variable
/// `CONVEYOR_CONTEXT` says `threads` or `serial`. Otherwise it is ordinary memory. Its space is reserved when it is
/// made, and it is gone with the last handle, or with the program. Only what other programs can find outlives a program
/// that is killed: the file of an array that has a [name](crate::array::Build::name) or lies in
/// [`Backend::Named`](crate::Backend::Named) stays in `/dev/shm` until the next program makes such an array or run.
///
/// The child of a plain `fork` does not inherit shared memory: it must not look at the array.
///
/// # Who may read and write
///
/// A clone of a handle is another handle of the same array, and so is what stages get of a parameter. All of them may
/// read. Who has the only handle may write: [`as_mut_slice`](SharedArray::as_mut_slice) is refused as long as there is
/// another one, be it in a pipeline that keeps it as a parameter. In workers that are processes an array cannot be
/// written at all.
///
/// Arrays of atomics are changed through shared references, by everybody at any time:
///
/// ```
/// use conveyor::{SharedArray, pipeline};
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// let histogram = SharedArray::<AtomicU64>::zeros(10)?;
///
/// let count = pipeline! {
///     <u64 -> ()>(histogram: SharedArray<AtomicU64> = histogram.clone());
///     processor(|x| x) -> pipe -> balanced fork(2) {
///         sink(|x: u64| {
///             histogram[[x as usize % 10]].fetch_add(1, Ordering::Relaxed);
///         })
///     }
/// };
///
/// count.run_to_end(0..1000)?;
/// assert!(histogram.as_slice().iter().all(|count| count.load(Ordering::Relaxed) == 100));
/// # Ok::<(), conveyor::Error>(())
/// ```
///
/// A message that is done again, because its worker has died, changes the atomics again: a count may be too high then.
pub struct SharedArray<T: Element> {
    /// `len` values of `T`, in `memory`.
    base: NonNull<T>,
    len: usize,
    shape: Shape,
    order: Order,
    memory: Arc<Memory>,
    of: PhantomData<Arc<T>>,
}

// SAFETY: it is a shared reference to values that may be looked at from any thread (`Element`), and a count.
unsafe impl<T: Element> Send for SharedArray<T> {}
// SAFETY: as above.
unsafe impl<T: Element> Sync for SharedArray<T> {}

impl<T: Element> SharedArray<T> {
    /// # Panics
    /// When the memory is not for so many elements of this type.
    pub(super) fn of(memory: Arc<Memory>, shape: Shape, order: Order) -> SharedArray<T> {
        let len = shape.elements().filter(|elements| memory.holds::<T>(*elements));
        let len = len.expect("memory is made, or has been checked, for the shape");
        SharedArray { base: memory.base().cast(), len, shape, order, memory, of: PhantomData }
    }

    pub(super) fn memory(&self) -> &Arc<Memory> {
        &self.memory
    }

    /// The lengths of its axes.
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Which axis is the fastest.
    pub fn order(&self) -> Order {
        self.order
    }

    /// How far neighbours along each axis lie apart in memory, in elements.
    ///
    /// ```
    /// let table = conveyor::SharedArray::<f64>::zeros([2, 3, 4])?;
    /// assert_eq!(table.strides(), [12, 4, 1]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn strides(&self) -> Vec<usize> {
        self.order.strides(&self.shape)
    }

    /// How many elements it has.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Has it no elements?
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All elements, in the order in which they lie in memory.
    ///
    /// ```
    /// let table = conveyor::SharedArray::from_fn([2, 2], |i| i)?;
    /// assert_eq!(table.as_slice(), [0, 1, 2, 3]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    #[inline]
    pub fn as_slice(&self) -> &[T] {
        // SAFETY: `len` values lie there (`of`), as long as the memory, which this handle keeps. Who writes them other
        // than atomically has the only handle, mutably borrowed (`as_mut_slice`), or answers for it that nobody looks
        // (`Writable::elements_mut`, `attach`).
        unsafe { std::slice::from_raw_parts(self.base.as_ptr(), self.len) }
    }

    /// All elements, to be written.
    ///
    /// ```
    /// let mut table = conveyor::SharedArray::<f64>::zeros([2, 3])?;
    /// table.as_mut_slice()?.fill(1.5);
    ///
    /// let other = table.clone();
    /// assert!(table.as_mut_slice().is_err());
    /// drop(other);
    /// assert!(table.as_mut_slice().is_ok());
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// When there is another handle of the array: a clone, the parameter of a pipeline or run that still exists, or what
    /// a map is at. In a worker process, always.
    pub fn as_mut_slice(&mut self) -> Result<&mut [T], Error> {
        if !self.memory.is_own() {
            return Err(refused(
                "an array that came to a worker process as a parameter or with a map cannot be written there: give what is to be written \
                 as a message, or make it an array of atomics",
            ));
        }
        if Arc::get_mut(&mut self.memory).is_none() {
            return Err(refused(match Lent::is_lent(self.memory.id()) {
                true => {
                    "the array cannot be written while it is the parameter of a pipeline, or a map is at it: write it before, or \
                     drop the pipeline and its runs first"
                }
                false => "the array cannot be written while there are clones of its handle: drop them first",
            }));
        }
        // SAFETY: as in `as_slice`; this is the only handle (just checked) and borrowed mutably, so nobody else looks,
        // and nobody can come by another one: only what is lent can be found, and that has a handle (`lent`).
        Ok(unsafe { std::slice::from_raw_parts_mut(self.base.as_ptr(), self.len) })
    }

    /// The element at this index, one number for each axis; none if there is no such element.
    ///
    /// ```
    /// let table = conveyor::SharedArray::from_fn([2, 3], |i| i)?;
    /// assert_eq!((table.get(&[1, 0]), table[[1, 0]]), (Some(&3), 3)); // `table[..]` panics where `get` gives none
    /// assert_eq!(table.get(&[2, 0]), None);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    #[inline]
    pub fn get(&self, index: &[usize]) -> Option<&T> {
        self.offset(index).map(|offset| &self.as_slice()[offset])
    }

    /// Where the element at this index lies in [`as_slice`](SharedArray::as_slice); none if there is no such element.
    ///
    /// ```
    /// let mut table = conveyor::SharedArray::<f64>::zeros([2, 3])?;
    /// let at = table.offset(&[1, 2]).unwrap();
    /// table.as_mut_slice()?[at] = 7.0;
    /// assert_eq!(table[[1, 2]], 7.0);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    #[inline]
    pub fn offset(&self, index: &[usize]) -> Option<usize> {
        self.order.offset(&self.shape, index)
    }
}

#[cold]
fn refused(text: &str) -> Error {
    Error::new(ErrorKind::Array, text)
}

/// Another handle of the same array; nothing is copied.
impl<T: Element> Clone for SharedArray<T> {
    fn clone(&self) -> Self {
        let SharedArray { base, len, shape, order, memory, of } = self;
        SharedArray {
            base: *base,
            len: *len,
            shape: shape.clone(),
            order: *order,
            memory: memory.clone(),
            of: *of,
        }
    }
}

/// `table[[row, column]]`
///
/// # Panics
/// When there is no such element.
impl<T: Element, const N: usize> Index<[usize; N]> for SharedArray<T> {
    type Output = T;

    #[inline]
    fn index(&self, index: [usize; N]) -> &T {
        match self.get(&index) {
            Some(element) => element,
            None => outside(&self.shape, &index),
        }
    }
}

#[cold]
#[track_caller]
fn outside(shape: &[usize], index: &[usize]) -> ! {
    panic!("an array of shape {shape:?} has no element at {index:?}")
}

impl<T: Element> fmt::Debug for SharedArray<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SharedArray<{}>({:?}, {:?})", any::type_name::<T>(), self.shape, self.order)
    }
}
