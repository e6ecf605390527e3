//! `Box`, and what it is looked at through.

use super::{Decoder, Encoder, Message, Seq};
use crate::Result;
use std::{fmt, slice};

/// What lies behind a [`Box`]. It is looked at when it is asked for: so the view of a type that contains itself is
/// finite. What came through a ring is checked when it is met, and again below each box that is looked into: to walk
/// over all of a deep tree, own it.
///
/// ```
/// use conveyor::Message;
///
/// let boxed = Box::new("far away".to_owned());
/// assert_eq!(boxed.as_view().get(), "far away");
/// ```
pub struct Boxed<'a, T>(Content<'a, T>);

enum Content<'a, T> {
    /// A value in this process, or a plain one where it lies.
    Value(&'a T),
    /// Checked when it was met.
    Encoded(Decoder<'a>),
}

impl<'a, T: Message> Boxed<'a, T> {
    /// The view of what is in the box.
    ///
    /// # Panics
    /// When the bytes of the message have changed since they were checked, which no slot's do while it is read.
    pub fn get(&self) -> T::View<'a> {
        match self.0 {
            Content::Value(value) => value.as_view(),
            Content::Encoded(mut from) => T::view(&mut from).expect("it was checked when the box was met"),
        }
    }
}

impl<T> Clone for Boxed<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Boxed<'_, T> {}

impl<T> Clone for Content<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Content<'_, T> {}

impl<'a, T: Message<View<'a>: fmt::Debug>> fmt::Debug for Boxed<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

impl<'a, T: Message<View<'a>: PartialEq>> PartialEq for Boxed<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.get() == other.get()
    }
}

#[diagnostic::do_not_recommend]
impl<T: Message> Message for Box<T> {
    type View<'a> = Boxed<'a, T>;
    type Run<'a> = Seq<'a, Self>;
    const HOLDS_CHUNKS: bool = T::HOLDS_CHUNKS;

    #[inline]
    fn as_view(&self) -> Boxed<'_, T> {
        Boxed(Content::Value(self))
    }

    fn as_run(items: &[Self]) -> Seq<'_, Self> {
        Seq::values(items)
    }

    #[inline]
    fn encode(&self, to: &mut Encoder) {
        match T::PLAIN {
            Some(proof) => to.bits(proof, slice::from_ref(&**self)),
            None => to.nested::<T>(|to| T::encode(self, to)),
        }
    }

    #[inline]
    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        match T::PLAIN {
            Some(proof) => Ok(proof.to_box(from.bits_one(proof)?)),
            None => decode_value(from),
        }
    }

    #[inline]
    fn view<'a>(from: &mut Decoder<'a>) -> Result<Boxed<'a, T>> {
        if let Some(proof) = T::PLAIN {
            return Ok(Boxed(Content::Value(from.bits_one(proof)?)));
        }
        from.nested::<T, _>(|from| {
            let start = *from;
            T::view(from)?;
            Ok(Boxed(Content::Encoded(start)))
        })
    }

    fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Self>> {
        Seq::encoded(from)
    }
}

/// Apart from the plain case, whose value may be larger than the stack: a frame has room for what any branch holds.
#[inline(never)]
fn decode_value<T: Message>(from: &mut Decoder<'_>) -> Result<Box<T>> {
    from.nested::<T, _>(|from| T::decode(from).map(Box::new))
}
