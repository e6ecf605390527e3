//! What user code keeps from message to message, so that a worker can die at any moment: [`Checkpoint`].

use crate::{Message, Result};

/// State that survives the death of its worker.
///
/// A processor, source or sink that implements it is made again in a replacement, gets back what it has saved last, and
/// goes on as if nothing had happened: what it has saved is committed together with its outputs and with its position in
/// the pipe before it, all of it or nothing.
///
/// ```
/// use conveyor::{Checkpoint, Processor, Result, pipeline};
///
/// /// The mean of everything so far.
/// #[derive(Default)]
/// struct Mean {
///     count: u64,
///     sum: f64,
/// }
///
/// impl Processor for Mean {
///     type In = f64;
///     type Out = f64;
///     fn process(&mut self, x: f64) -> Result<f64> {
///         self.count += 1;
///         self.sum += x;
///         Ok(self.sum / self.count as f64)
///     }
/// }
///
/// impl Checkpoint for Mean {
///     type State = (u64, f64);
///     fn save(&mut self) -> Result<(u64, f64)> {
///         Ok((self.count, self.sum))
///     }
///     fn restore(&mut self, (count, sum): (u64, f64)) -> Result<()> {
///         *self = Mean { count, sum };
///         Ok(())
///     }
/// }
///
/// let means = pipeline! { <f64 -> f64>; processor(Mean::default()) };
/// assert_eq!(means.run([1.0, 3.0]).collect::<Result<Vec<_>, _>>()?, [1.0, 2.0]);
/// # Ok::<(), conveyor::Error>(())
/// ```
///
/// It is found where it is implemented for a value that stands behind `processor`, `source` or `sink`, unless the type of
/// that value is a type parameter of the function around. Only [processes](crate::Context::Processes) are replaced: in the
/// other contexts nothing is ever saved.
///
/// The constructor runs again in a replacement, before [`restore`](Self::restore); or without it, if nothing was committed.
/// So it leaves alone what an earlier one has made: it opens files without truncating them.
pub trait Checkpoint {
    /// What has to survive.
    type State: Message;

    /// How long the state may be when it is encoded, in bytes. Twice as much shared memory is reserved.
    const STATE_BYTES_MAX: usize = 64 << 10;

    /// The state as it is now. It is asked for between messages: before what came of the ones so far becomes visible, which
    /// is at most once for every message, and at least once before anything waits.
    ///
    /// What a sink has buffered belongs outside by now: who replaces it does not see these messages again.
    ///
    /// # Errors
    /// Any error ends the run; the caller's error names the processor.
    fn save(&mut self) -> Result<Self::State>;

    /// A replacement goes on from a state that was saved and committed.
    ///
    /// # Errors
    /// As for [`save`](Self::save).
    fn restore(&mut self, state: Self::State) -> Result<()>;
}
