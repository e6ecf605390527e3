//! What drivers run. Users never see a step: every accepted value becomes one (see `adapt` and `literal`).

use crate::element::keep::Keep;
use crate::element::rate::Rate;
use crate::element::tally::Tally;
use crate::{Arg, Input, Message, Outlet, Result};

/// A processor or a sink, ready to run.
pub trait Step: Keep + Tally {
    /// What it takes.
    type In: Input + ?Sized;
    /// What it gives; `()` for a sink.
    type Out: Message;
    /// `One` promises that `step` pushes exactly once when it returns `Ok`.
    type Rate: Rate;
    /// One input.
    ///
    /// # Errors
    /// The user's error, or the outlet's.
    fn step(&mut self, input: Arg<'_, Self::In>, out: &mut impl Outlet<Self::Out>) -> Result<()>;
    /// Everything sent so far has passed; more may come.
    ///
    /// # Errors
    /// As for `step`.
    #[allow(unused_variables)]
    fn flush(&mut self, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        Ok(())
    }
    /// The stream has ended.
    ///
    /// # Errors
    /// As for `step`.
    #[allow(unused_variables)]
    fn finish(&mut self, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        Ok(())
    }
}

/// The step of a source: it has no inlet.
pub trait Pump: Keep + Tally {
    /// What it gives.
    type Out: Message;
    /// At most `limit` messages; `false` at the end of the stream.
    ///
    /// # Errors
    /// The user's error, or the outlet's.
    fn pump(&mut self, limit: usize, out: &mut impl Outlet<Self::Out>) -> Result<bool>;
    /// Everything given so far has passed; only a composed pump has something to do here.
    ///
    /// # Errors
    /// As for `pump`.
    #[allow(unused_variables)]
    fn flush(&mut self, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        Ok(())
    }
    /// The stream has ended; only a composed pump has something to do here.
    ///
    /// # Errors
    /// As for `pump`.
    #[allow(unused_variables)]
    fn finish(&mut self, out: &mut impl Outlet<Self::Out>) -> Result<()> {
        Ok(())
    }
}
