//! Arrays. An array of plain items is plain.

use super::decoder::damaged;
use super::{Decoder, Encoder, IsPlain, Message, Seq, value_bytes};
use crate::Result;
use crate::ring::Span;
use std::slice;

#[diagnostic::do_not_recommend]
impl<T: Message, const N: usize> Message for [T; N] {
    type View<'a> = T::Run<'a>;
    type Run<'a> = Seq<'a, Self>;
    const PLAIN: Option<IsPlain<Self>> = match T::PLAIN {
        Some(proof) => Some(proof.array()),
        None => None,
    };
    const HOLDS_CHUNKS: bool = T::HOLDS_CHUNKS;
    const BYTES_MAX: usize = if T::PLAIN.is_some() { value_bytes::<Self>() } else { usize::MAX };

    #[inline]
    fn as_view(&self) -> T::Run<'_> {
        T::as_run(self)
    }

    fn as_run(items: &[Self]) -> Seq<'_, Self> {
        Seq::values(items)
    }

    #[inline]
    fn encode(&self, to: &mut Encoder) {
        match Self::PLAIN {
            Some(proof) => to.bits(proof, slice::from_ref(self)),
            None => T::encode_run(self, to),
        }
    }

    #[inline]
    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        match Self::PLAIN {
            Some(proof) => Ok(proof.copy(from.bits_one(proof)?)),
            None => T::decode_run(from)?.try_into().map_err(|_| damaged("an array of the wrong length")),
        }
    }

    #[inline]
    fn view<'a>(from: &mut Decoder<'a>) -> Result<T::Run<'a>> {
        if let Some(proof) = Self::PLAIN {
            return Ok(from.bits_one(proof)?.as_view());
        }
        if from.clone().length()? != N {
            return Err(damaged("an array of the wrong length"));
        }
        T::view_run(from)
    }

    #[inline]
    fn encode_run(items: &[Self], to: &mut Encoder) {
        match Self::PLAIN {
            Some(proof) => to.bits_run(proof, items),
            None => to.items::<Self, _>(items.iter(), |to, item| item.encode(to)),
        }
    }

    #[inline]
    fn decode_run(from: &mut Decoder<'_>) -> Result<Vec<Self>> {
        match Self::PLAIN {
            Some(proof) => Ok(proof.to_vec(from.bits_run(proof)?)),
            None => from.items(Self::decode),
        }
    }

    #[inline]
    fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Self>> {
        match Self::PLAIN {
            Some(proof) => Ok(Seq::values(from.bits_run(proof)?)),
            None => Seq::encoded(from),
        }
    }

    #[inline(always)]
    fn read(span: Span<'_>, index: usize) -> Result<Self> {
        match Self::PLAIN {
            Some(proof) => Ok(proof.copy(span.plain(index))),
            None => Self::decode(&mut span.decoder(index)),
        }
    }

    #[inline(always)]
    fn read_view<'a>(span: Span<'a>, index: usize) -> Result<T::Run<'a>> {
        match Self::PLAIN {
            Some(_) => Ok(span.plain::<Self>(index).as_view()),
            None => Self::view(&mut span.decoder(index)),
        }
    }
}
