//! The trait of a source.

use crate::{Message, Result};

/// Gives messages until `None`. Every iterator over messages is accepted behind `source`, too.
///
/// When the run winds down it is asked for no more. It is dropped at the end: what it has opened is closed there.
///
/// ```
/// use conveyor::{Result, Source, pipeline};
///
/// /// Counts down to 1.
/// struct Countdown(u64);
///
/// impl Source for Countdown {
///     type Out = u64;
///     fn next(&mut self) -> Result<Option<u64>> {
///         let given = self.0;
///         self.0 = given.saturating_sub(1);
///         Ok((given > 0).then_some(given))
///     }
/// }
///
/// let countdown = pipeline! { <() -> u64>(from: u64 = 3); source(Countdown(*from)) -> pipe };
/// assert_eq!(countdown.run(()).collect::<Result<Vec<_>, _>>()?, [3, 2, 1]);
/// # Ok::<(), conveyor::Error>(())
/// ```
pub trait Source: 'static {
    /// The message it gives.
    type Out: Message;

    /// The next message, or `None` at the end of the stream.
    ///
    /// # Errors
    /// Any error ends the run; the caller's error names this source.
    fn next(&mut self) -> Result<Option<Self::Out>>;
}
