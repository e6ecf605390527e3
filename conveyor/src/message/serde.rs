//! Foreign types that serde can serialise.

use super::decoder::damaged;
use super::{Decoder, Encoder, Message, Seq};
use crate::{Failure, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::ops::Deref;

/// Carries a type that implements serde's traits but not [`Message`](crate::Message).
///
/// It travels in postcard's format, which does not describe itself: types that ask the format what comes next
/// (`#[serde(untagged)]`, `#[serde(flatten)]`, `serde_json::Value`) cannot be read back. Deriving
/// [`Message`](crate::Message) is faster, above all for large buffers, and safer: postcard bounds neither the nesting of
/// damaged bytes nor the length of a sequence whose items take no bytes.
///
/// ```
/// use conveyor::Message;
/// use conveyor::message::Serde;
///
/// #[derive(serde::Serialize, serde::Deserialize, PartialEq, Debug)]
/// struct Foreign {
///     name: String,
/// }
///
/// let message = Serde(Foreign { name: "somebody else's".into() });
/// assert_eq!(message.as_view().name, "somebody else's");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Serde<T>(pub T);

/// The view of a [`Serde`]: dereferences to the foreign value, which had to be decoded if it came through a ring.
#[derive(Clone, Debug)]
pub enum SerdeView<'a, T> {
    /// A value in this process.
    Borrowed(&'a T),
    /// A value that was decoded from the message.
    Decoded(T),
}

impl<T> Deref for SerdeView<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        match self {
            SerdeView::Borrowed(value) => value,
            SerdeView::Decoded(value) => value,
        }
    }
}

impl<T: PartialEq> PartialEq for SerdeView<'_, T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned + Send + 'static> Message for Serde<T> {
    type View<'a> = SerdeView<'a, T>;
    type Run<'a> = Seq<'a, Self>;

    fn as_view(&self) -> SerdeView<'_, T> {
        SerdeView::Borrowed(&self.0)
    }

    fn as_run(items: &[Self]) -> Seq<'_, Self> {
        Seq::values(items)
    }

    fn encode(&self, to: &mut Encoder) {
        if let Err(error) = postcard::serialize_with_flavor(&self.0, Flavor(to)) {
            to.fail(Failure::new(format_args!("the value inside `Serde` cannot be serialised: {error}")));
        }
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        from.rest(|bytes| {
            let (value, rest) = postcard::take_from_bytes(bytes)
                .map_err(|error| damaged(&format!("the value inside `Serde`: {error}")))?;
            Ok((Serde(value), rest))
        })
    }

    fn view<'a>(from: &mut Decoder<'a>) -> Result<SerdeView<'a, T>> {
        Self::decode(from).map(|Serde(value)| SerdeView::Decoded(value))
    }

    fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Self>> {
        Seq::encoded(from)
    }
}

/// Lets postcard write into the message.
struct Flavor<'a>(&'a mut Encoder);

impl postcard::ser_flavors::Flavor for Flavor<'_> {
    type Output = ();

    #[inline]
    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.value(byte);
        Ok(())
    }

    #[inline]
    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.plain(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}
