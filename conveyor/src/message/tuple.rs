//! Tuples. A zip's tuple is gathered from several spans, so that no copy of its parts is made. A tuple of plain parts
//! without padding is plain; encoded, its parts always follow each other.

use super::{Decoder, Encoder, IsPlain, Message, Seq};
use crate::Result;
use crate::ring::Span;

macro_rules! tuple_message {
    ($($t:ident $n:tt)+) => {
        #[diagnostic::do_not_recommend]
        impl<$($t: Message),+> Message for ($($t,)+) {
            type View<'a> = ($($t::View<'a>,)+);
            type Run<'a> = Seq<'a, Self>;
            const PLAIN: Option<IsPlain<Self>> = if $($t::PLAIN.is_some())&&+ {
                // SAFETY: each part is plain (just checked), and this is the sum of their sizes.
                unsafe { IsPlain::compound(0 $(+ size_of::<$t>())+) }
            } else {
                None
            };
            const HOLDS_CHUNKS: bool = $($t::HOLDS_CHUNKS)||+;
            const BYTES_MAX: usize = 0_usize$(.saturating_add($t::BYTES_MAX))+;
            #[inline(always)]
            fn as_view(&self) -> Self::View<'_> {
                ($(self.$n.as_view(),)+)
            }
            fn as_run(items: &[Self]) -> Seq<'_, Self> {
                Seq::values(items)
            }
            #[inline]
            fn encode(&self, to: &mut Encoder) {
                $(self.$n.encode(to);)+
            }
            #[inline]
            fn decode(from: &mut Decoder<'_>) -> Result<Self> {
                Ok(($($t::decode(from)?,)+))
            }
            #[inline]
            fn view<'a>(from: &mut Decoder<'a>) -> Result<Self::View<'a>> {
                Ok(($($t::view(from)?,)+))
            }
            fn encode_run(items: &[Self], to: &mut Encoder) {
                match Self::PLAIN {
                    Some(proof) => to.bits_run(proof, items),
                    None => to.items::<Self, _>(items.iter(), |to, item| item.encode(to)),
                }
            }
            fn decode_run(from: &mut Decoder<'_>) -> Result<Vec<Self>> {
                match Self::PLAIN {
                    Some(proof) => Ok(proof.to_vec(from.bits_run(proof)?)),
                    None => from.items(Self::decode),
                }
            }
            fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Self>> {
                match Self::PLAIN {
                    Some(proof) => Ok(Seq::values(from.bits_run(proof)?)),
                    None => Seq::encoded(from),
                }
            }
            #[inline(always)]
            fn read(span: Span<'_>, index: usize) -> Result<Self> {
                match (span.parts(), Self::PLAIN) {
                    (Some(parts), _) => Ok(($($t::read(parts[$n], index)?,)+)),
                    (None, Some(proof)) => Ok(proof.copy(span.plain(index))),
                    (None, None) => Self::decode(&mut span.decoder(index)),
                }
            }
            /// Of a zip's tuple some parts may be tombstones.
            fn discard(span: Span<'_>, index: usize) -> Result<()> {
                match span.parts() {
                    Some(parts) => {
                        $($t::discard(parts[$n], index)?;)+
                    }
                    None if Self::HOLDS_CHUNKS && !span.is_tombstone(index) => drop(Self::read(span, index)?),
                    None => {}
                }
                Ok(())
            }
            #[inline(always)]
            fn read_view<'a>(span: Span<'a>, index: usize) -> Result<Self::View<'a>> {
                match (span.parts(), Self::PLAIN) {
                    (Some(parts), _) => Ok(($($t::read_view(parts[$n], index)?,)+)),
                    (None, Some(_)) => Ok(span.plain::<Self>(index).as_view()),
                    (None, None) => Self::view(&mut span.decoder(index)),
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
tuple_message!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8);
tuple_message!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9);
tuple_message!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10);
tuple_message!(A 0 B 1 C 2 D 3 E 4 F 5 G 6 H 7 I 8 J 9 K 10 L 11);
