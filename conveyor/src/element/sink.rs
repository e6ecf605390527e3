//! The trait of a sink.

use crate::{Arg, Input, Result};

/// Takes messages. Every function or closure that returns `()` is accepted behind `sink`, too.
pub trait Sink: 'static {
    /// The message it takes: owned (`T`) or borrowed (`Ref<T>`).
    type In: Input + ?Sized;

    /// Takes one message.
    ///
    /// # Errors
    /// Any error ends the run; the caller's error names this sink and the message's position.
    fn consume(&mut self, input: Arg<'_, Self::In>) -> Result<()>;

    /// Everything sent so far has arrived; more may come.
    ///
    /// # Errors
    /// As for [`consume`](Self::consume).
    fn flush(&mut self) -> Result<()> {
        Ok(())
    }

    /// The stream has ended.
    ///
    /// # Errors
    /// As for [`consume`](Self::consume).
    fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}
