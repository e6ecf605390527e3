//! `Option` and `Result`: one byte that says which, then the value.

use super::decoder::damaged;
use super::{Decoder, Encoder, Message, Seq};

#[diagnostic::do_not_recommend]
impl<T: Message> Message for Option<T> {
    type View<'a> = Option<T::View<'a>>;
    type Run<'a> = Seq<'a, Self>;
    const HOLDS_CHUNKS: bool = T::HOLDS_CHUNKS;
    const BYTES_MAX: usize = T::BYTES_MAX.saturating_add(1);

    #[inline]
    fn as_view(&self) -> Option<T::View<'_>> {
        self.as_ref().map(T::as_view)
    }

    fn as_run(items: &[Self]) -> Seq<'_, Self> {
        Seq::values(items)
    }

    #[inline]
    fn encode(&self, to: &mut Encoder) {
        self.is_some().encode(to);
        if let Some(value) = self {
            value.encode(to);
        }
    }

    #[inline]
    fn decode(from: &mut Decoder<'_>) -> crate::Result<Self> {
        bool::decode(from)?.then(|| T::decode(from)).transpose()
    }

    #[inline]
    fn view<'a>(from: &mut Decoder<'a>) -> crate::Result<Option<T::View<'a>>> {
        bool::decode(from)?.then(|| T::view(from)).transpose()
    }

    fn view_run<'a>(from: &mut Decoder<'a>) -> crate::Result<Seq<'a, Self>> {
        Seq::encoded(from)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Message, E: Message> Message for Result<T, E> {
    type View<'a> = Result<T::View<'a>, E::View<'a>>;
    type Run<'a> = Seq<'a, Self>;
    const HOLDS_CHUNKS: bool = T::HOLDS_CHUNKS || E::HOLDS_CHUNKS;
    const BYTES_MAX: usize = T::BYTES_MAX.saturating_add(E::BYTES_MAX).saturating_add(1);

    #[inline]
    fn as_view(&self) -> Self::View<'_> {
        self.as_ref().map(T::as_view).map_err(E::as_view)
    }

    fn as_run(items: &[Self]) -> Seq<'_, Self> {
        Seq::values(items)
    }

    #[inline]
    fn encode(&self, to: &mut Encoder) {
        to.value(u8::from(self.is_err()));
        match self {
            Ok(value) => value.encode(to),
            Err(error) => error.encode(to),
        }
    }

    #[inline]
    fn decode(from: &mut Decoder<'_>) -> crate::Result<Self> {
        match from.value()? {
            0_u8 => T::decode(from).map(Ok),
            1 => E::decode(from).map(Err),
            _ => Err(damaged("a `Result` that is neither `Ok` nor `Err`")),
        }
    }

    #[inline]
    fn view<'a>(from: &mut Decoder<'a>) -> crate::Result<Self::View<'a>> {
        match from.value()? {
            0_u8 => T::view(from).map(Ok),
            1 => E::view(from).map(Err),
            _ => Err(damaged("a `Result` that is neither `Ok` nor `Err`")),
        }
    }

    fn view_run<'a>(from: &mut Decoder<'a>) -> crate::Result<Seq<'a, Self>> {
        Seq::encoded(from)
    }
}
