//! Plain messages: any bit pattern is a value, and there is no padding.

use super::{ALIGN, Message};
use std::marker::PhantomData;
use std::num::{Saturating, Wrapping};

/// Any bit pattern is a value, and there is no padding.
///
/// ```
/// /// A point of a picture, which lies in a pipe as it lies in memory.
/// #[derive(Clone, Copy, conveyor::Message)]
/// #[message(plain)]
/// #[repr(C)]
/// struct Pixel {
///     place: [u16; 2],
///     colour: u32,
/// }
///
/// fn bytes_of<T: conveyor::message::Plain>() -> usize {
///     size_of::<T>()
/// }
/// assert_eq!(bytes_of::<Pixel>(), 8);
/// ```
///
/// # Safety
/// `#[message(plain)]` checks both; so must a hand-written implementation.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not plain: not every bit pattern of it is a value, or it has padding",
    label = "not a plain type",
    note = "a plain message is made of integers, floats, arrays of them and `#[message(plain)]` structs"
)]
pub unsafe trait Plain: Copy + Send + 'static {}

// SAFETY: an array of values without padding has none, and any bits are a value of each item.
unsafe impl<T: Plain, const N: usize> Plain for [T; N] {}

/// Proof that `T` is plain, and aligned to at most [`ALIGN`]. A mere `const PLAIN: bool` in a safe trait could be a lie, and the rings believe it.
pub struct IsPlain<T>(PhantomData<fn(T) -> T>);

impl<T> Clone for IsPlain<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for IsPlain<T> {}

impl<T: Plain> IsPlain<T> {
    /// The proof itself.
    pub const PROOF: Option<Self> = Some(Self::of());

    pub(super) const fn of() -> Self {
        const { assert!(align_of::<T>() <= ALIGN, "a plain message is aligned to at most 16 bytes") };
        IsPlain(PhantomData)
    }
}

impl<T> IsPlain<T> {
    /// An array of plain items is plain.
    pub(super) const fn array<const N: usize>(self) -> IsPlain<[T; N]> {
        IsPlain(PhantomData)
    }

    /// A compound of parts that are all plain.
    ///
    /// # Safety
    /// `T` consists of parts which are each proved plain, and whose sizes sum up to `parts_size`.
    pub(super) const unsafe fn compound(parts_size: usize) -> Option<Self> {
        if parts_size == size_of::<T>() { Some(IsPlain(PhantomData)) } else { None }
    }

    /// A copy of the value.
    #[inline(always)]
    pub(super) fn copy(self, value: &T) -> T {
        // SAFETY: only types whose values are mere bits are plain, so a second value from the same bits is sound.
        unsafe { std::ptr::read(value) }
    }

    /// Copies of the values, in one piece.
    #[inline]
    pub(super) fn to_vec(self, values: &[T]) -> Vec<T> {
        let mut copies = Vec::with_capacity(values.len());
        // SAFETY: there is room for them, and plain values may be copied bit by bit.
        unsafe {
            std::ptr::copy_nonoverlapping(values.as_ptr(), copies.as_mut_ptr(), values.len());
            copies.set_len(values.len());
        }
        copies
    }

    /// A copy of the value that never lies on the stack.
    #[inline]
    pub(super) fn to_box(self, value: &T) -> Box<T> {
        let mut copy = Box::new_uninit();
        // SAFETY: `write` gets the value's own bits, and `assume_init` follows it.
        unsafe {
            std::ptr::copy_nonoverlapping(value, copy.as_mut_ptr(), 1);
            copy.assume_init()
        }
    }
}

/// How large a plain message may be that travels by value, in bytes.
pub const SLOT_BYTES_MAX: usize = 64 << 10;

/// The size of the slot that holds a plain message itself, in bytes; `None` for a message that is encoded.
///
/// It does not compile for a plain message of more than [`SLOT_BYTES_MAX`]: stages pass messages by value, on the
/// stack.
///
/// ```
/// assert_eq!(conveyor::message::slot_size::<[f32; 4]>(), Some(16));
/// assert_eq!(conveyor::message::slot_size::<String>(), None);
/// ```
pub const fn slot_size<T: Message>() -> Option<usize> {
    const {
        if T::PLAIN.is_some() && size_of::<T>() > SLOT_BYTES_MAX {
            too_large();
        }
        if T::PLAIN.is_some() { Some(size_of::<T>()) } else { None }
    }
}

/// A function of its own, so that rustc points at us and not into the standard library.
#[track_caller]
const fn too_large() -> ! {
    panic!(
        "a plain message of more than 64 KiB cannot be sent by value: send a `Box` of it, a `Vec` or a chunk of a pool"
    )
}

/// `Message` for plain types: exactly what `#[message(plain)]` emits, after its `const` assertions.
#[doc(hidden)]
#[macro_export]
macro_rules! __plain_message {
    // The bounds are for types that are not `Copy`: inside they count as true, and the derive says it once.
    (impl [$($generics:tt)*] $t:ty where $($bounds:tt)*) => {
        // SAFETY: the caller of this macro vouches for it: any bit pattern is a value, and there is no padding.
        #[allow(trivial_bounds)]
        unsafe impl<$($generics)*> $crate::message::Plain for $t where $t: $($bounds)* {}
        #[allow(trivial_bounds)]
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> $crate::message::Message for $t
        where
            $t: $($bounds)*,
        {
            type View<'a> = &'a $t;
            type Run<'a> = &'a [$t];
            const PLAIN: ::core::option::Option<$crate::message::IsPlain<$t>> = $crate::message::IsPlain::PROOF;
            const BYTES_MAX: ::core::primitive::usize = $crate::message::value_bytes::<$t>();
            #[inline(always)]
            fn as_view(&self) -> &$t {
                self
            }
            #[inline(always)]
            fn as_run(items: &[$t]) -> &[$t] {
                items
            }
            #[inline]
            fn encode(&self, to: &mut $crate::message::Encoder) {
                to.value(*self);
            }
            #[inline]
            fn decode(from: &mut $crate::message::Decoder<'_>) -> $crate::Result<$t> {
                from.value()
            }
            #[inline]
            fn view<'a>(from: &mut $crate::message::Decoder<'a>) -> $crate::Result<&'a $t> {
                from.one()
            }
            #[inline]
            fn encode_run(items: &[$t], to: &mut $crate::message::Encoder) {
                to.run(items);
            }
            #[inline]
            fn decode_run(from: &mut $crate::message::Decoder<'_>) -> $crate::Result<::std::vec::Vec<$t>> {
                $crate::Result::Ok(from.run::<$t>()?.to_vec())
            }
            #[inline]
            fn view_run<'a>(from: &mut $crate::message::Decoder<'a>) -> $crate::Result<&'a [$t]> {
                from.run()
            }
            #[inline(always)]
            fn read(span: $crate::private::Span<'_>, index: ::core::primitive::usize) -> $crate::Result<$t> {
                $crate::Result::Ok(*span.plain::<$t>(index))
            }
            #[inline(always)]
            fn read_view<'a>(span: $crate::private::Span<'a>, index: ::core::primitive::usize) -> $crate::Result<&'a $t> {
                $crate::Result::Ok(span.plain(index))
            }
        }
    };
    // A field that is not `Send` is not plain, and that is said at its type: so it is not asked again of the whole.
    (fields of $t:ty where $($bounds:tt)*) => {
        // SAFETY: it consists of its fields, and the caller of this macro has checked that all of them are `Plain`,
        // which is `Send`.
        unsafe impl ::core::marker::Send for $t {}
        $crate::__plain_message!($t where $($bounds)*);
    };
    ($($t:ty)*) => {
        $($crate::__plain_message!($t where ::core::marker::Copy);)*
    };
    ($t:ty where $($bounds:tt)*) => {
        $crate::__plain_message!(impl [] $t where $($bounds)*);
    };
}

__plain_message!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);
__plain_message!(Wrapping<u8> Wrapping<u16> Wrapping<u32> Wrapping<u64> Wrapping<u128> Wrapping<usize>);
__plain_message!(Wrapping<i8> Wrapping<i16> Wrapping<i32> Wrapping<i64> Wrapping<i128> Wrapping<isize>);
__plain_message!(Saturating<u8> Saturating<u16> Saturating<u32> Saturating<u64> Saturating<u128> Saturating<usize>);
__plain_message!(Saturating<i8> Saturating<i16> Saturating<i32> Saturating<i64> Saturating<i128> Saturating<isize>);
