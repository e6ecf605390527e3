//! `String` and `Vec`.

use super::{Decoder, Encoder, Message, Seq};
use crate::Result;

impl Message for String {
    type View<'a> = &'a str;
    type Run<'a> = Seq<'a, String>;
    fn as_view(&self) -> &str {
        self
    }
    fn as_run(items: &[Self]) -> Seq<'_, String> {
        Seq::values(items)
    }
    fn encode(&self, to: &mut Encoder) {
        u8::encode_run(self.as_bytes(), to);
    }
    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(Self::view(from)?.to_owned())
    }
    fn view<'a>(from: &mut Decoder<'a>) -> Result<&'a str> {
        Ok(std::str::from_utf8(u8::view_run(from)?)?)
    }
    fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, String>> {
        Seq::encoded(from)
    }
}

impl<T: Message> Message for Vec<T> {
    type View<'a> = T::Run<'a>;
    type Run<'a> = Seq<'a, Vec<T>>;
    const HOLDS_CHUNKS: bool = T::HOLDS_CHUNKS;
    fn as_view(&self) -> T::Run<'_> {
        T::as_run(self)
    }
    fn as_run(items: &[Self]) -> Seq<'_, Vec<T>> {
        Seq::values(items)
    }
    fn encode(&self, to: &mut Encoder) {
        T::encode_run(self, to);
    }
    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        T::decode_run(from)
    }
    fn view<'a>(from: &mut Decoder<'a>) -> Result<T::Run<'a>> {
        T::view_run(from)
    }
    fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Vec<T>>> {
        Seq::encoded(from)
    }
}
