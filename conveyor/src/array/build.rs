//! How arrays are made.

use super::element::Element;
use super::handle::SharedArray;
use super::memory::{Memory, Wanted};
use super::shape::{Order, Shape};
use crate::context::choice::{Backend, Context};
use crate::{Error, ErrorKind};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// What an array is to be like, before it is made. See [`SharedArray::build`].
///
/// ```
/// use conveyor::array::Order;
/// use conveyor::{Context, SharedArray};
///
/// let table = SharedArray::<f32>::build([2, 3]).order(Order::ColumnMajor).context(Context::Threads).zeros()?;
/// assert_eq!(table.strides(), [1, 2]);
/// # Ok::<(), conveyor::Error>(())
/// ```
#[must_use = "an array is made by `zeros`, `full`, `uninit`, `from_fn` or `from_slice`"]
pub struct Build<T> {
    shape: Shape,
    order: Order,
    workers: Option<usize>,
    wanted: Wanted,
    of: PhantomData<fn() -> T>,
}

/// With the default choices: row-major, in memory for the default context, without a name.
impl<T: Element> SharedArray<T> {
    /// Starts with a shape, to make choices of order, name, and memory.
    ///
    /// ```
    /// use conveyor::SharedArray;
    /// use conveyor::array::Order;
    ///
    /// let table = SharedArray::<f64>::build([3, 4]).order(Order::ColumnMajor).zeros()?;
    /// assert_eq!(table.offset(&[1, 2]), Some(7));
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn build(shape: impl Into<Shape>) -> Build<T> {
        let wanted = Wanted { context: Context::default(), backend: Backend::default(), name: None };
        Build { shape: shape.into(), order: Order::default(), workers: None, wanted, of: PhantomData }
    }

    /// An array of this shape in which all bytes are zero.
    ///
    /// ```
    /// let table = conveyor::SharedArray::<f32>::zeros([100, 3])?;
    /// assert_eq!(table.len(), 300);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// When there is too little memory; the text says how much is needed and how much there is.
    pub fn zeros(shape: impl Into<Shape>) -> Result<SharedArray<T>, Error> {
        Self::build(shape).zeros()
    }

    /// An array of shape and order of another one, in which all bytes are zero.
    ///
    /// ```
    /// use conveyor::SharedArray;
    ///
    /// let prices = SharedArray::full([100, 3], 9.99)?;
    /// let amounts = SharedArray::<u32>::zeros_like(&prices)?;
    /// assert_eq!(amounts.shape(), prices.shape());
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`zeros`](SharedArray::zeros).
    pub fn zeros_like<U: Element>(other: &SharedArray<U>) -> Result<SharedArray<T>, Error> {
        Self::build(other.shape()).order(other.order()).zeros()
    }

    /// An array of this shape, whose contents are not specified: for what is going to be written as a whole.
    ///
    /// ```
    /// use conveyor::{Map, SharedArray};
    ///
    /// let mut squares = SharedArray::<u64>::uninit(1000)?;
    /// Map::over(0..1000_u64).output(&mut squares).run(|job| *job.out = job.item * job.item)?;
    /// assert_eq!(squares[[30]], 900);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`zeros`](SharedArray::zeros).
    pub fn uninit(shape: impl Into<Shape>) -> Result<SharedArray<T>, Error> {
        Self::build(shape).uninit()
    }

    /// An array of this shape, filled with what the function gives for each place in memory, from 0 on.
    ///
    /// ```
    /// let squares = conveyor::SharedArray::from_fn(5, |i| i * i)?;
    /// assert_eq!(squares.as_slice(), [0, 1, 4, 9, 16]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`zeros`](SharedArray::zeros).
    pub fn from_fn(shape: impl Into<Shape>, value: impl FnMut(usize) -> T) -> Result<SharedArray<T>, Error> {
        Self::build(shape).from_fn(value)
    }

    /// An array with a part of this shape for each of several workers: its first axis counts the workers.
    ///
    /// ```
    /// let totals = conveyor::SharedArray::<f64>::per_worker(4, [256, 256])?;
    /// assert_eq!(**totals.shape(), [4, 256, 256]);
    /// assert_eq!(totals.part(3).len(), 256 * 256);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`zeros`](SharedArray::zeros).
    pub fn per_worker(workers: usize, shape: impl Into<Shape>) -> Result<SharedArray<T>, Error> {
        Self::build(shape).per_worker(workers).zeros()
    }
}

impl<T: Element + Copy> SharedArray<T> {
    /// An array of this shape, in which all elements have this value.
    ///
    /// ```
    /// let table = conveyor::SharedArray::full([2, 2], 0.5)?;
    /// assert_eq!(table.as_slice(), [0.5; 4]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`zeros`](SharedArray::zeros).
    pub fn full(shape: impl Into<Shape>, value: T) -> Result<SharedArray<T>, Error> {
        Self::build(shape).full(value)
    }

    /// A copy of these elements, with one axis.
    ///
    /// ```
    /// let primes = conveyor::SharedArray::from_slice(&[2, 3, 5, 7])?;
    /// assert_eq!(primes[[2]], 5);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`zeros`](SharedArray::zeros).
    pub fn from_slice(elements: &[T]) -> Result<SharedArray<T>, Error> {
        Self::build(elements.len()).from_slice(elements)
    }
}

impl<T> Clone for Build<T> {
    fn clone(&self) -> Self {
        let Build { shape, order, workers, wanted, of } = self;
        Build { shape: shape.clone(), order: *order, workers: *workers, wanted: wanted.clone(), of: *of }
    }
}

impl<T> fmt::Debug for Build<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Build { shape, order, workers, wanted, of: _ } = self;
        f.debug_struct("Build")
            .field("shape", shape)
            .field("order", order)
            .field("workers", workers)
            .field("wanted", wanted)
            .finish()
    }
}

impl<T: Element> Build<T> {
    /// Which axis is the fastest; [`Order::RowMajor`] unless this is called.
    pub fn order(mut self, order: Order) -> Self {
        self.order = order;
        self
    }

    /// Other programs find it under this name, as long as the array exists: see [`SharedArray::attach`]. Then it is in
    /// shared memory, whatever the context is.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.wanted.name = Some(name.into());
        self
    }

    /// What its shared memory is made of; with a [name](Build::name) it is [`Backend::Named`].
    pub fn backend(mut self, backend: Backend) -> Self {
        self.wanted.backend = backend;
        self
    }

    /// In which context it will be used: only [`Context::Processes`] needs shared memory.
    /// [The environment](crate#environment-variables) overrides it, as it does for pipelines.
    pub fn context(mut self, context: Context) -> Self {
        self.wanted.context = context;
        self
    }

    /// One more axis before the others, which counts workers.
    pub fn per_worker(mut self, workers: usize) -> Self {
        self.workers = Some(workers);
        self
    }

    /// All bytes are zero.
    ///
    /// # Errors
    /// When there is too little memory, the name is taken or cannot be one, or workers have parts of a column-major
    /// array.
    pub fn zeros(self) -> Result<SharedArray<T>, Error> {
        let Build { mut shape, order, workers, wanted, .. } = self;
        if let Some(workers) = workers {
            if order == Order::ColumnMajor {
                return Err(Error::new(
                    ErrorKind::Array,
                    "the workers' parts of a column-major array would lie among each other: leave out `order`, or \
                     `per_worker` and make the workers' axis the last one",
                ));
            }
            shape = shape.after_axis(workers);
        }
        let memory = Memory::new::<T>(shape.elements(), &wanted)?;
        Ok(SharedArray::of(Arc::new(memory), shape, order))
    }

    /// What is in it is not specified.
    ///
    /// # Errors
    /// As [`zeros`](Build::zeros).
    pub fn uninit(self) -> Result<SharedArray<T>, Error> {
        // the system gives no memory that has not been zeroed
        self.zeros()
    }

    /// What the function gives for each place in memory, from 0 on.
    ///
    /// # Errors
    /// As [`zeros`](Build::zeros).
    pub fn from_fn(self, value: impl FnMut(usize) -> T) -> Result<SharedArray<T>, Error> {
        let mut array = self.zeros()?;
        let elements = array.as_mut_slice()?.iter_mut();
        elements.zip((0..).map(value)).for_each(|(element, value)| *element = value);
        Ok(array)
    }
}

impl<T: Element + Copy> Build<T> {
    /// All elements have this value.
    ///
    /// # Errors
    /// As [`zeros`](Build::zeros).
    pub fn full(self, value: T) -> Result<SharedArray<T>, Error> {
        let mut array = self.zeros()?;
        array.as_mut_slice()?.fill(value);
        Ok(array)
    }

    /// A copy of these elements, in the order in which they are to lie in memory.
    ///
    /// ```
    /// let table = conveyor::SharedArray::build([2, 2]).from_slice(&[1, 2, 3, 4])?;
    /// assert_eq!(table[[1, 0]], 3);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`zeros`](Build::zeros), and when the shape is for another number of elements.
    pub fn from_slice(self, elements: &[T]) -> Result<SharedArray<T>, Error> {
        let mut array = self.zeros()?;
        if array.len() != elements.len() {
            return Err(Error::new(
                ErrorKind::Array,
                format_args!("{} elements do not fill an array of shape {:?}", elements.len(), array.shape()),
            ));
        }
        array.as_mut_slice()?.copy_from_slice(elements);
        Ok(array)
    }
}
