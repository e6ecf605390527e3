//! Processors and sources that are types: each of the traits, with and without a state.

use crate::library::{both, square, summed};
use conveyor::{Arg, Expand, Filled, InPlace, Outlet, Processor, Result, Slot, Source};

/// A running sum: it depends on the order of the messages.
pub(crate) struct Sum(u64);

impl Sum {
    /// The constructor can fail.
    pub(crate) fn starting(text: &str) -> Result<Sum> {
        Ok(Sum(text.parse()?))
    }
}

impl Processor for Sum {
    type In = u64;
    type Out = u64;
    fn process(&mut self, x: u64) -> Result<u64> {
        Ok(summed(&mut self.0, x))
    }
}

/// Writes its output in place.
pub(crate) struct Squares;

impl InPlace for Squares {
    type In = u64;
    type Out = u64;
    fn process<'s>(&mut self, x: u64, out: Slot<'s, u64>) -> Result<Filled<'s>> {
        Ok(out.zeroed(|squared| *squared = square(x)))
    }
}

/// Two outputs for each input.
pub(crate) struct Twice;

impl Expand for Twice {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: Arg<'_, u64>, out: &mut impl Outlet<u64>) -> Result<()> {
        both(x).into_iter().try_for_each(|x| out.push(x))
    }
}

/// Nothing but a sum, at the end of the stream.
#[derive(Default)]
pub(crate) struct Summary(pub(crate) u64);

impl Expand for Summary {
    type In = u64;
    type Out = u64;
    fn expand(&mut self, x: u64, _: &mut impl Outlet<u64>) -> Result<()> {
        summed(&mut self.0, x);
        Ok(())
    }
    fn finish(&mut self, out: &mut impl Outlet<u64>) -> Result<()> {
        out.push(self.0)
    }
}

/// From its number down to 1.
pub(crate) struct Countdown(pub(crate) u64);

impl Source for Countdown {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        let next = (self.0 > 0).then_some(self.0);
        self.0 = self.0.saturating_sub(1);
        Ok(next)
    }
}
