//! The traits of a processor: [`Processor`], [`InPlace`] and [`Expand`].

use crate::element::outlet::{Filled, Outlet, Slot};
use crate::{Arg, Input, Message, Result};

/// One output for every input.
///
/// ```
/// use conveyor::{Processor, Ref, Result};
///
/// struct ParseNumber;
/// impl Processor for ParseNumber {
///     type In = Ref<String>; // borrowed: `process` gets `&str`
///     type Out = i64;
///     fn process(&mut self, text: &str) -> Result<i64> {
///         Ok(text.trim().parse()?)
///     }
/// }
/// ```
pub trait Processor: 'static {
    /// The message it takes: `String` owns it, `Ref<String>` borrows it as `&str`.
    type In: Input + ?Sized;
    /// The message it gives.
    type Out: Message;

    /// Turns one input into one output.
    ///
    /// # Errors
    /// Any error ends the run; the caller's error names this processor and the message's position.
    fn process(&mut self, input: Arg<'_, Self::In>) -> Result<Self::Out>;

    /// Everything sent so far has passed; more may come (the caller called `drain`).
    ///
    /// # Errors
    /// As for [`process`](Self::process).
    fn flush(&mut self) -> Result<()> {
        Ok(())
    }

    /// The stream has ended.
    ///
    /// # Errors
    /// As for [`process`](Self::process).
    fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}

/// One output for every input, written where it will travel from: no copy of a large output is made.
///
/// ```
/// use conveyor::{Filled, InPlace, Result, Slot, pipeline};
///
/// /// The first 512 multiples of a number.
/// struct Multiples;
///
/// impl InPlace for Multiples {
///     type In = u64;
///     type Out = [u64; 512];
///     fn process<'s>(&mut self, x: u64, out: Slot<'s, [u64; 512]>) -> Result<Filled<'s>> {
///         Ok(out.zeroed(|multiples| {
///             for (multiple, factor) in multiples.iter_mut().zip(1..) {
///                 *multiple = factor * x;
///             }
///         }))
///     }
/// }
///
/// let multiples = pipeline! { <u64 -> [u64; 512]>; processor(Multiples) };
/// let multiples = multiples.run([7]).collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(multiples[0][511], 512 * 7);
/// # Ok::<(), conveyor::Error>(())
/// ```
pub trait InPlace: 'static {
    /// The message it takes: owned (`T`) or borrowed (`Ref<T>`).
    type In: Input + ?Sized;
    /// The message it gives.
    type Out: Message;

    /// Fills the slot with the output for `input`.
    ///
    /// # Errors
    /// As for [`Processor::process`].
    fn process<'s>(&mut self, input: Arg<'_, Self::In>, out: Slot<'s, Self::Out>) -> Result<Filled<'s>>;

    /// Everything sent so far has passed; more may come.
    ///
    /// # Errors
    /// As for [`Processor::process`].
    fn flush(&mut self) -> Result<()> {
        Ok(())
    }

    /// The stream has ended.
    ///
    /// # Errors
    /// As for [`Processor::process`].
    fn finish(&mut self) -> Result<()> {
        Ok(())
    }
}

/// Any number of outputs for every input, and more when the stream pauses or ends.
///
/// ```
/// use conveyor::{Expand, Outlet, Ref, Result};
///
/// struct Words(u64);
/// impl Expand for Words {
///     type In = Ref<String>;
///     type Out = String;
///     fn expand(&mut self, line: &str, out: &mut impl Outlet<String>) -> Result<()> {
///         for word in line.split_whitespace() {
///             self.0 += 1;
///             out.push(word.to_owned())?;
///         }
///         Ok(())
///     }
///     fn finish(&mut self, out: &mut impl Outlet<String>) -> Result<()> {
///         out.push(format!("{} words", self.0))
///     }
/// }
/// ```
pub trait Expand: 'static {
    /// The message it takes: owned (`T`) or borrowed (`Ref<T>`).
    type In: Input + ?Sized;
    /// The message it gives.
    type Out: Message;

    /// Pushes the outputs for `input`.
    ///
    /// # Errors
    /// As for [`Processor::process`].
    fn expand(&mut self, input: Arg<'_, Self::In>, out: &mut impl Outlet<Self::Out>) -> Result<()>;

    /// Everything sent so far has passed; more may come.
    ///
    /// # Errors
    /// As for [`Processor::process`].
    #[allow(unused_variables)]
    fn flush(&mut self, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        Ok(())
    }

    /// The stream has ended.
    ///
    /// # Errors
    /// As for [`Processor::process`].
    #[allow(unused_variables)]
    fn finish(&mut self, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        Ok(())
    }
}
