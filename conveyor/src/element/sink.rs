//! The trait of a sink.

use crate::{Arg, Input, Result};

/// Takes messages. Every function or closure that returns `()` is accepted behind `sink`, too.
///
/// ```
/// use conveyor::{Failure, Ref, Result, Sink, pipeline};
///
/// /// Fails at the end if there were no words.
/// #[derive(Default)]
/// struct Count {
///     words: usize,
/// }
///
/// impl Sink for Count {
///     type In = Ref<String>; // borrowed: `consume` gets `&str`, in place
///     fn consume(&mut self, line: &str) -> Result<()> {
///         self.words += line.split_whitespace().count();
///         Ok(())
///     }
///     fn finish(&mut self) -> Result<()> {
///         if self.words == 0 {
///             return Err(Failure::new("there was no word"));
///         }
///         println!("{} words", self.words);
///         Ok(())
///     }
/// }
///
/// let count = pipeline! { <String -> ()>; sink count = Count::default(); count };
/// assert_eq!(count.run_to_end(["to be".to_owned()])?.processor("count").unwrap().messages_in(), 1);
/// let error = count.run_to_end(["".to_owned()]).unwrap_err();
/// assert_eq!((error.processor(), error.cause()), (Some("count"), "there was no word"));
/// # Ok::<(), conveyor::Error>(())
/// ```
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
