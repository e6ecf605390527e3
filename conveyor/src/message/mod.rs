//! What crosses a pipe. Plain values lie in the slot itself; everything else is encoded into the ring's arena.

mod array;
mod boxed;
#[cfg(feature = "bytes")]
mod bytes;
mod checked;
mod choice;
mod decoder;
mod encoded;
mod encoder;
mod input;
mod list;
mod map;
mod plain;
mod seq;
#[cfg(feature = "serde")]
mod serde;
mod text;
mod tuple;
mod unit;
mod via;

pub use boxed::Boxed;
pub use decoder::Decoder;
#[doc(hidden)]
pub use encoded::Encoded;
pub use encoder::{ALIGN, Encoder, NESTING_MAX};
pub use input::{Arg, Input, Ref};
pub use map::Entries;
pub use plain::{IsPlain, Plain, SLOT_BYTES_MAX, slot_size};
pub use seq::Seq;
#[cfg(feature = "serde")]
pub use serde::{Serde, SerdeView};

use crate::Result;
use crate::ring::Span;

/// What may cross a process border, and how. Derive it: `#[derive(Message)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot travel through a Conveyor pipe",
    label = "`{Self}` is not a `Message`",
    note = "derive it: `#[derive(Message)] struct ...`, or wrap a foreign serde type in `conveyor::message::Serde<...>`"
)]
pub trait Message: Sized + Send + 'static {
    /// Borrowed from the slot, or from a value: `&str` for `String`, `&T` for a plain `T`.
    type View<'a>;
    /// The same for a run of them: `&[T]` for plain `T`, [`Seq`] otherwise.
    type Run<'a>;
    /// One `memcpy`, and the slot holds the value itself.
    const PLAIN: Option<IsPlain<Self>> = None;
    /// It may hold a `Chunk`, which has to be handed back when the message has been used.
    const HOLDS_CHUNKS: bool = false;

    /// The view of a value in this process.
    fn as_view(&self) -> Self::View<'_>;
    /// The view of several values in this process.
    fn as_run(items: &[Self]) -> Self::Run<'_>;
    /// Writes the message.
    fn encode(&self, to: &mut Encoder);
    /// Reads it back.
    ///
    /// # Errors
    /// When the message is damaged.
    fn decode(from: &mut Decoder<'_>) -> Result<Self>;
    /// Looks at it where it lies.
    ///
    /// # Errors
    /// When the message is damaged.
    fn view<'a>(from: &mut Decoder<'a>) -> Result<Self::View<'a>>;

    /// Writes a run: its length, then the items.
    fn encode_run(items: &[Self], to: &mut Encoder) {
        to.items(items.iter(), |to, item| item.encode(to));
    }
    /// Reads a run back.
    ///
    /// # Errors
    /// When the message is damaged.
    fn decode_run(from: &mut Decoder<'_>) -> Result<Vec<Self>> {
        from.items(Self::decode)
    }
    /// Looks at a run where it lies.
    ///
    /// # Errors
    /// When the message is damaged.
    fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Self::Run<'a>>;

    /// Owned, from a slot. Only plain types and tuples (a zip gathers their parts) override these two.
    ///
    /// # Errors
    /// When the message is damaged.
    #[inline(always)]
    fn read(span: Span<'_>, index: usize) -> Result<Self> {
        Self::decode(&mut span.decoder(index))
    }
    /// Borrowed, from a slot.
    ///
    /// # Errors
    /// When the message is damaged.
    #[inline(always)]
    fn read_view<'a>(span: Span<'a>, index: usize) -> Result<Self::View<'a>> {
        Self::view(&mut span.decoder(index))
    }
}
