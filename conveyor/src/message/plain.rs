//! Plain messages: any bit pattern is a value, and there is no padding.

use super::Message;

/// Any bit pattern is a value, and there is no padding.
///
/// # Safety
/// The derive checks both; so must a hand-written implementation.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not plain: not every bit pattern of it is a value, or it has padding",
    label = "not a plain type"
)]
pub unsafe trait Plain: Copy + Send + 'static {}

/// Proof that `T` is plain. A mere `const PLAIN: bool` in a safe trait could be a lie, and the rings believe it.
pub struct IsPlain<T>(std::marker::PhantomData<T>);
impl<T: Plain> IsPlain<T> {
    /// The proof itself.
    pub const PROOF: Option<Self> = Some(IsPlain(std::marker::PhantomData));
}

/// `Message` for a plain type: exactly what the derive emits, after a `const` assertion that it has no padding.
#[doc(hidden)]
#[macro_export]
macro_rules! __plain_message {
    ($($t:ty)*) => {$(
        // SAFETY: the caller of this macro vouches for it: any bit pattern is a value, and there is no padding.
        unsafe impl $crate::message::Plain for $t {}
        impl $crate::message::Message for $t {
            type View<'a> = &'a $t;
            type Run<'a> = &'a [$t];
            const PLAIN: Option<$crate::message::IsPlain<$t>> = $crate::message::IsPlain::PROOF;
            fn as_view(&self) -> &$t { self }
            fn as_run(items: &[$t]) -> &[$t] { items }
            fn encode(&self, to: &mut $crate::message::Encoder) { to.plain(std::slice::from_ref(self)) }
            fn decode(from: &mut $crate::message::Decoder<'_>) -> $crate::Result<$t> { Ok(from.plain::<$t>(1)?[0]) }
            fn view<'a>(from: &mut $crate::message::Decoder<'a>) -> $crate::Result<&'a $t> { Ok(&from.plain(1)?[0]) }
            fn encode_run(items: &[$t], to: &mut $crate::message::Encoder) { to.length(items.len()); to.plain(items) }
            fn decode_run(from: &mut $crate::message::Decoder<'_>) -> $crate::Result<Vec<$t>> { Ok(<$t as $crate::message::Message>::view_run(from)?.to_vec()) }
            fn view_run<'a>(from: &mut $crate::message::Decoder<'a>) -> $crate::Result<&'a [$t]> {
                let count = from.length()?;
                from.plain(count)
            }
            #[inline(always)]
            fn read(span: $crate::private::Span<'_>, index: usize) -> $crate::Result<$t> { Ok(*span.plain::<$t>(index)) }
            #[inline(always)]
            fn read_view<'a>(span: $crate::private::Span<'a>, index: usize) -> $crate::Result<&'a $t> { Ok(span.plain(index)) }
        }
    )*};
}
__plain_message!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64);

// SAFETY: no bytes, no padding.
unsafe impl Plain for () {}
impl Message for () {
    type View<'a> = ();
    type Run<'a> = usize;
    const PLAIN: Option<IsPlain<()>> = IsPlain::PROOF;
    fn as_view(&self) {}
    fn as_run(items: &[()]) -> usize {
        items.len()
    }
    fn encode(&self, _: &mut super::Encoder) {}
    fn decode(_: &mut super::Decoder<'_>) -> crate::Result<()> {
        Ok(())
    }
    fn view(_: &mut super::Decoder<'_>) -> crate::Result<()> {
        Ok(())
    }
    fn view_run(from: &mut super::Decoder<'_>) -> crate::Result<usize> {
        from.length()
    }
    fn read(_: crate::ring::Span<'_>, _: usize) -> crate::Result<()> {
        Ok(())
    }
    fn read_view(_: crate::ring::Span<'_>, _: usize) -> crate::Result<()> {
        Ok(())
    }
}
