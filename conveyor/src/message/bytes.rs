//! `bytes::Bytes`: looked at as `&[u8]`, and copied once when it is owned.

use super::{Decoder, Encoder, Message, Seq};
use crate::Result;
use bytes::Bytes;

#[diagnostic::do_not_recommend]
impl Message for Bytes {
    type View<'a> = &'a [u8];
    type Run<'a> = Seq<'a, Bytes>;

    fn as_view(&self) -> &[u8] {
        self
    }

    fn as_run(items: &[Self]) -> Seq<'_, Bytes> {
        Seq::values(items)
    }

    #[inline]
    fn encode(&self, to: &mut Encoder) {
        to.run::<u8>(self);
    }

    #[inline]
    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Ok(Bytes::copy_from_slice(from.run()?))
    }

    #[inline]
    fn view<'a>(from: &mut Decoder<'a>) -> Result<&'a [u8]> {
        from.run()
    }

    fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Bytes>> {
        Seq::encoded(from)
    }
}
