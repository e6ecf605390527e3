//! What crosses a pipe. Plain values lie in the slot itself; everything else is encoded into the ring's arena.
//!
//! | message | looked at through `Ref<...>` as |
//! |---|---|
//! | integers, floats, `Wrapping`, `Saturating`, `#[message(plain)]` structs | `&T`, in place |
//! | `bool`, `char`, `Ordering`, `NonZero`, `Duration`, `SystemTime`, addresses, `Range`, `PhantomData`, `()` | `T` |
//! | `String`, `PathBuf`, `OsString`, `CString`, also as `Box` or `Cow<'static, _>` | `&str`, `&Path`, `&OsStr`, `&CStr` |
//! | `Vec<T>`, `Box<[T]>`, `Cow<'static, [T]>`, `[T; N]` | `&[T]` for types of the first line and `bool`, `char`, `Ordering`, `NonZero`; else a [`Seq`] |
//! | `VecDeque`, `HashSet`, `BTreeSet` | a [`Seq`] |
//! | `HashMap`, `BTreeMap` | [`Entries`] |
//! | `Option<T>`, `Result<T, E>`, tuples | the same of views |
//! | `Box<T>` | [`Boxed`] |
//! | `bytes::Bytes` (feature `bytes`) | `&[u8]` |
//! | `Serde<T>` (feature `serde`) | what dereferences to `&T` |
//! | a struct or enum `Name` that derives [`Message`] | `NameView`, or itself if it has no fields |
//!
//! Arrays of plain items and tuples of plain parts are plain, the latter if there is no padding between the parts.
//! Whatever is read is checked, so damaged bytes give an error or another value, and nothing worse. Messages nest at
//! most [`NESTING_MAX`] deep.

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
mod kept;
mod list;
mod map;
mod plain;
#[cfg(test)]
mod read_tests;
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
#[doc(hidden)]
pub use encoder::value_bytes;
pub use encoder::{ALIGN, Encoder, NESTING_MAX};
pub use input::{Arg, Input, Ref};
pub(crate) use kept::{Keepsake, Kept, keep};
pub use map::Entries;
pub use plain::{IsPlain, Plain, SLOT_BYTES_MAX, slot_size};
pub use seq::Seq;
#[cfg(feature = "serde")]
pub use serde::{Serde, SerdeView};

use crate::Result;
use crate::ring::Span;

/// A type without parameters that derives [`Message`]: what is wrong with its parts is said where it is declared.
#[doc(hidden)]
pub trait Derived {
    /// The type itself. If it is wrong, it is of no type at all: then rustc says nothing of what is done with it.
    type Seen;
}

/// The type itself if a constant compiles: `<Name as Sound<{ ..; true }>>::Itself`.
#[doc(hidden)]
pub trait Sound<const IT_COMPILES: bool> {
    /// The type itself.
    type Itself;
}
impl<T> Sound<true> for T {
    type Itself = T;
}

/// A message that is a part of another. Because of its lifetime a bound on it counts as true where it stands, so what is
/// wrong with the part can be said in one place only.
#[doc(hidden)]
pub trait Part<'part>: Message {}
#[diagnostic::do_not_recommend]
impl<T: Message> Part<'_> for T {}

/// What a plain message has to be, as a bound of the same kind.
#[doc(hidden)]
pub trait Copied<'part>: Copy {}
#[diagnostic::do_not_recommend]
impl<T: Copy> Copied<'_> for T {}

/// The same, for the error at its name.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`#[message(plain)]` stands above a type that is `Copy`",
    label = "write `#[derive(Clone, Copy)]` above `{Self}`, or remove `plain`"
)]
pub trait Copies {
    /// Stands at the name.
    fn copies() {}
}
#[diagnostic::do_not_recommend]
impl<T: Copy> Copies for T {}

/// The view that a derive of [`Message`] has made: it is no message.
#[doc(hidden)]
pub trait DerivedView {}

/// What may cross a process border, and how. Derive it: `#[derive(Message)]`.
///
/// Beside the implementation the derive makes a struct or enum `NameView<'a>`, in which every field is replaced by its
/// view; it is `Clone`, `Debug` and `PartialEq` as far as the views of the fields are. A type without fields is its own
/// view.
///
/// ```
/// use conveyor::Message;
///
/// #[derive(Message)]
/// struct Sms {
///     id: u64,
///     text: String,
///     scores: Vec<f32>,
/// }
///
/// let sms = Sms { id: 1, text: "hello".into(), scores: vec![0.5, 0.25] };
/// let SmsView { text, scores, .. } = sms.as_view();
/// assert_eq!((text.len(), scores.iter().sum::<f32>()), (5, 0.75));
/// ```
///
/// Options above a type: `#[message(view = Name)]` names the view; `#[message(crate = path)]` says where the crate
/// conveyor is; `#[message(plain)]` lets a `Copy` and `#[repr(C)]` struct of plain fields without padding travel as it
/// lies in memory. That is an `unsafe impl` behind checks, so it does not go with `#![forbid(unsafe_code)]`.
///
/// ```
/// #[derive(Clone, Copy, conveyor::Message)]
/// #[message(plain)]
/// #[repr(C)]
/// struct Point {
///     x: f32,
///     y: f32,
/// }
/// # assert!(<Point as conveyor::Message>::PLAIN.is_some());
/// ```
///
/// A type may contain itself (`Option<Box<Self>>`, `Vec<Self>`). Where two types contain each other, one of the fields
/// that close the cycle takes `#[message(recursive)]`; it then counts as one that may hold chunks.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot travel through a Conveyor pipe",
    label = "`{Self}` is not a `Message`",
    note = "write `#[derive(conveyor::Message)]` above your own type, also where it is a part of this one; foreign serde \
            types travel as `conveyor::message::Serde<..>`, and `try_map` takes the error out of a `Result`",
    note = "what travels is owned and has one owner: `String` for `&str`, `Vec<T>` for `&[T]`, a clone for `&T`, `T` for \
            `Rc<T>`, `Arc<T>` and `RefCell<T>`, an enum for `Box<dyn Trait>`, the text of an error for `Box<dyn Error>`"
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
    /// It never takes more bytes than so at the start of a message; saves a look at the room for each of its parts. It is
    /// a hint: nothing goes wrong if it is too small.
    #[doc(hidden)]
    const BYTES_MAX: usize = usize::MAX;

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
        to.items::<Self, _>(items.iter(), |to, item| item.encode(to));
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
    /// Leaves a message in its slot unread: the chunks that it holds go back. Only tuples override this.
    ///
    /// # Errors
    /// When the message is damaged.
    #[doc(hidden)]
    fn discard(span: Span<'_>, index: usize) -> Result<()> {
        match Self::HOLDS_CHUNKS && !span.is_tombstone(index) {
            true => Self::read(span, index).map(drop),
            false => Ok(()),
        }
    }
}
