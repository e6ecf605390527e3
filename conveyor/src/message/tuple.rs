//! Tuples. A zip's tuple is gathered from several spans, so that no copy of its parts is made.

use super::{Decoder, Encoder, Message, Seq};
use crate::Result;
use crate::ring::Span;

macro_rules! tuple_message {
    ($($t:ident $n:tt)+) => {
        impl<$($t: Message),+> Message for ($($t,)+) {
            type View<'a> = ($($t::View<'a>,)+);
            type Run<'a> = Seq<'a, Self>;
            const HOLDS_CHUNKS: bool = $($t::HOLDS_CHUNKS)||+;
            fn as_view(&self) -> Self::View<'_> { ($(self.$n.as_view(),)+) }
            fn as_run(items: &[Self]) -> Seq<'_, Self> { Seq::values(items) }
            fn encode(&self, to: &mut Encoder) { $(self.$n.encode(to);)+ }
            fn decode(from: &mut Decoder<'_>) -> Result<Self> { Ok(($($t::decode(from)?,)+)) }
            fn view<'a>(from: &mut Decoder<'a>) -> Result<Self::View<'a>> { Ok(($($t::view(from)?,)+)) }
            fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Self>> { Seq::encoded(from) }
            #[inline(always)]
            fn read(span: Span<'_>, index: usize) -> Result<Self> {
                match span.parts() {
                    Some(parts) => Ok(($($t::read(parts[$n], index)?,)+)),
                    None => Self::decode(&mut span.decoder(index)),
                }
            }
            #[inline(always)]
            fn read_view<'a>(span: Span<'a>, index: usize) -> Result<Self::View<'a>> {
                match span.parts() {
                    Some(parts) => Ok(($($t::read_view(parts[$n], index)?,)+)),
                    None => Self::view(&mut span.decoder(index)),
                }
            }
        }
    };
}
tuple_message!(A 0);
tuple_message!(A 0 B 1);
tuple_message!(A 0 B 1 C 2);
tuple_message!(A 0 B 1 C 2 D 3);
tuple_message!(A 0 B 1 C 2 D 3 E 4);
tuple_message!(A 0 B 1 C 2 D 3 E 4 F 5);
tuple_message!(A 0 B 1 C 2 D 3 E 4 F 5 G 6);
tuple_message!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7);
