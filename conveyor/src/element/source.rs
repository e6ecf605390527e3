//! The trait of a source.

use crate::{Message, Result};

/// Gives messages until `None`. Every iterator over messages is accepted behind `source`, too.
///
/// When the run winds down it is asked for no more. It is dropped at the end: what it has opened is closed there.
pub trait Source: 'static {
    /// The message it gives.
    type Out: Message;

    /// The next message, or `None` at the end of the stream.
    ///
    /// # Errors
    /// Any error ends the run; the caller's error names this source.
    fn next(&mut self) -> Result<Option<Self::Out>>;
}
