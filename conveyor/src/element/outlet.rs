//! Where outputs go: [`Outlet`], and the [`Slot`] that an output is written into in place.

use crate::Result;
use crate::message::{Message, Plain};
use std::marker::PhantomData;
use std::mem::MaybeUninit;

/// Where outputs go: a pipe, or the next step of a fused loop (that is why it can fail).
pub trait Outlet<T> {
    /// The stages of a composed row are being timed.
    #[doc(hidden)]
    const TIMED: bool = false;

    /// Sends one message on; waits for room when the pipe is full.
    ///
    /// # Errors
    /// When the run is being stopped, or the message can never fit into its pipe. Hand the error on with `?`.
    fn push(&mut self, message: T) -> Result<()>;

    /// For our own outlets: the stage of a fused row that is at work from now on.
    #[doc(hidden)]
    #[inline(always)]
    fn at_work(&mut self, _place: u64) {}

    /// Writes one output in place; without a slot at hand it is made here and pushed. So no copy of a large output is made.
    ///
    /// ```
    /// use conveyor::{Expand, Outlet, Result, pipeline};
    ///
    /// /// The rows of a table of so many columns, and not more than 256.
    /// struct Rows(usize);
    ///
    /// impl Expand for Rows {
    ///     type In = u64; // how many rows
    ///     type Out = [u64; 256];
    ///     fn expand(&mut self, rows: u64, out: &mut impl Outlet<[u64; 256]>) -> Result<()> {
    ///         for row in 0..rows {
    ///             out.fill(|slot| Ok(slot.zeroed(|cells| cells[..self.0].fill(row))))?;
    ///         }
    ///         Ok(())
    ///     }
    /// }
    ///
    /// let rows = pipeline! { <u64 -> [u64; 256]>; processor(Rows(3)) };
    /// let rows = rows.run([2]).collect::<Result<Vec<_>, _>>()?;
    /// assert_eq!(rows[1][..4], [1, 1, 1, 0]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    ///
    /// # Errors
    /// As for [`push`](Self::push), and what `fill` returns.
    #[inline(always)]
    fn fill(&mut self, fill: impl for<'s> FnOnce(Slot<'s, T>) -> Result<Filled<'s>>) -> Result<()> {
        let mut room = MaybeUninit::uninit();
        fill(Slot::new(&mut room))?;
        // SAFETY: only the slot of this very call can give a `Filled`, and it gives it when `room` was written.
        self.push(unsafe { room.assume_init() })
    }
}

/// Pushing, while each stage of a composed row measures its own time.
pub(crate) struct Timed<'o, O>(pub(crate) &'o mut O);

impl<T: Message, O: Outlet<T>> Outlet<T> for Timed<'_, O> {
    const TIMED: bool = true;
    #[inline(always)]
    fn push(&mut self, message: T) -> Result<()> {
        self.0.push(message)
    }
    #[inline(always)]
    fn fill(&mut self, fill: impl for<'s> FnOnce(Slot<'s, T>) -> Result<Filled<'s>>) -> Result<()> {
        self.0.fill(fill)
    }
}

/// The brand of one call: invariant, so that no other slot's proof has the same type.
type Brand<'s> = PhantomData<fn(&'s ()) -> &'s ()>;

/// Room for exactly one output; see [`InPlace`](crate::InPlace) and [`Outlet::fill`].
pub struct Slot<'s, T> {
    place: &'s mut MaybeUninit<T>,
    brand: Brand<'s>,
}

/// Proof that a slot was filled; only the slot of the same call can give it.
pub struct Filled<'s>(Brand<'s>);

impl<'s, T> Slot<'s, T> {
    #[inline(always)]
    pub(crate) fn new(place: &'s mut MaybeUninit<T>) -> Self {
        Slot { place, brand: PhantomData }
    }

    /// Puts a finished message into the slot.
    #[inline(always)]
    pub fn put(self, message: T) -> Filled<'s> {
        self.place.write(message);
        Filled(self.brand)
    }

    /// Fills a plain message field by field; it starts as zeros.
    #[inline(always)]
    pub fn zeroed(self, fill: impl FnOnce(&mut T)) -> Filled<'s>
    where
        T: Plain,
    {
        let place: *mut T = self.place.as_mut_ptr();
        // SAFETY: the slot is exclusively ours, and every bit pattern of a plain type is a value.
        fill(unsafe {
            place.write_bytes(0, 1);
            &mut *place
        });
        Filled(self.brand)
    }
}
