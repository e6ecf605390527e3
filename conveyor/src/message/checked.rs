//! Types without padding of which not every bit pattern is a value: `bool`, `char`, the `NonZero` integers, `Ordering`.
//! A run of them is checked in one go and then viewed in place.

use super::decoder::damaged;
use super::{Decoder, Encoder, Message, Plain, value_bytes};
use crate::Result;
use std::cmp::Ordering;
use std::num::NonZero;

/// A type whose values are some of the bit patterns of `Bits`.
///
/// # Safety
/// It has the size, alignment and bytes of `Bits`, and is a value whenever `is_value` says so.
unsafe trait Checked: Copy {
    type Bits: Plain;
    const NAME: &'static str;
    fn is_value(bits: Self::Bits) -> bool;
}

fn bits<T: Checked>(values: &[T]) -> &[T::Bits] {
    // SAFETY: `T` lies in memory as its `Bits` do, and any bits are a value of those.
    unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), values.len()) }
}

fn check<T: Checked>(bits: &[T::Bits]) -> Result<&[T]> {
    // `&` and not `&&`, so that it vectorises.
    if !bits.iter().fold(true, |all, &bits| all & T::is_value(bits)) {
        return Err(damaged(T::NAME));
    }
    // SAFETY: `T` lies in memory as its `Bits` do, and each of these is a value.
    Ok(unsafe { std::slice::from_raw_parts(bits.as_ptr().cast(), bits.len()) })
}

macro_rules! checked_message {
    ($($t:ty as $bits:ty, $name:literal, $is_value:expr;)*) => {$(
        // SAFETY: the standard library promises layout and values of each type in the lists below.
        unsafe impl Checked for $t {
            type Bits = $bits;
            const NAME: &'static str = $name;
            #[inline]
            fn is_value(bits: $bits) -> bool {
                let is_value: fn($bits) -> bool = $is_value;
                is_value(bits)
            }
        }
        #[diagnostic::do_not_recommend]
        impl Message for $t {
            type View<'a> = $t;
            type Run<'a> = &'a [$t];
            const BYTES_MAX: usize = value_bytes::<$t>();
            #[inline]
            fn as_view(&self) -> $t {
                *self
            }
            #[inline]
            fn as_run(items: &[$t]) -> &[$t] {
                items
            }
            #[inline]
            fn encode(&self, to: &mut Encoder) {
                to.plain(bits(std::slice::from_ref(self)));
            }
            #[inline]
            fn decode(from: &mut Decoder<'_>) -> Result<$t> {
                Ok(check(std::slice::from_ref(from.one()?))?[0])
            }
            #[inline]
            fn view(from: &mut Decoder<'_>) -> Result<$t> {
                Self::decode(from)
            }
            #[inline]
            fn encode_run(items: &[$t], to: &mut Encoder) {
                to.run(bits(items));
            }
            #[inline]
            fn decode_run(from: &mut Decoder<'_>) -> Result<Vec<$t>> {
                Ok(Self::view_run(from)?.to_vec())
            }
            #[inline]
            fn view_run<'a>(from: &mut Decoder<'a>) -> Result<&'a [$t]> {
                check(from.run()?)
            }
        }
    )*};
}

checked_message! {
    bool as u8, "a `bool` that is neither 0 nor 1", |bits| bits <= 1;
    char as u32, "a `char` that does not exist", |bits| char::from_u32(bits).is_some();
    Ordering as i8, "an `Ordering` that is not -1, 0 or 1", |bits| (-1..=1).contains(&bits);
}

macro_rules! nonzero_message {
    ($($t:ty)*) => {
        checked_message! { $(NonZero<$t> as $t, "a zero where there must be none", |bits| bits != 0;)* }
    };
}
nonzero_message!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);
