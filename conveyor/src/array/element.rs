//! What arrays are made of.

use crate::message::Plain;
use std::sync::atomic;

/// What a [`SharedArray`](crate::SharedArray) may hold: plain types (numbers, `#[message(plain)]` structs, arrays and
/// [`FixedStr`](super::FixedStr)), `bool`, and atomics.
///
/// Atomics are shared by reference: every worker may change them. Everything else is read by all, and written by
/// whoever has it to himself.
///
/// # Safety
/// All bytes zero are a value, a value refers to nothing outside of itself and has no drop glue, and `ATOMIC` is true
/// if it can be changed behind a shared reference, which is then atomic.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an element of a shared array",
    label = "neither a plain type nor an atomic",
    note = "elements are numbers, `bool`, `FixedStr<N>` for texts, arrays of plain types, atomics, and structs of your own \
            with `#[derive(Clone, Copy, conveyor::Message)] #[message(plain)] #[repr(C)]`"
)]
pub unsafe trait Element: Send + Sync + 'static {
    /// A shared reference is enough to change it.
    #[doc(hidden)]
    const ATOMIC: bool = false;
}

// SAFETY: any bytes are a value of a plain type, which has no interior mutability, because it is `Copy`.
#[diagnostic::do_not_recommend]
unsafe impl<T: Plain + Sync> Element for T {}

// SAFETY: 0 is `false`.
unsafe impl Element for bool {}

macro_rules! atomics {
    ($($atomic:ident)*) => {$(
        // SAFETY: 0 is a value of each of them, and they have no parts.
        unsafe impl Element for atomic::$atomic {
            const ATOMIC: bool = true;
        }
    )*};
}
atomics!(AtomicBool AtomicU8 AtomicU16 AtomicU32 AtomicU64 AtomicUsize);
atomics!(AtomicI8 AtomicI16 AtomicI32 AtomicI64 AtomicIsize);
