//! What a composed row tells of its stages. An element that stands alone keeps no books of its own: its lane does.

use std::time::Duration;

/// What a step or a pump has noted of the stages that it is made of.
pub trait Tally {
    /// It is a composed row, whose stages can be timed one by one.
    const ROW: bool = false;
    /// Calls `note` with how many messages each stage of the row has taken.
    #[allow(unused_variables)]
    fn counts(&self, note: &mut dyn FnMut(u32, u64)) {}
    /// A loop over many messages begins.
    fn settle(&mut self) {}
    /// Calls `note` with the time that each stage of the row has spent on timed messages since the last call.
    #[allow(unused_variables)]
    fn costs(&mut self, note: &mut dyn FnMut(u32, Duration)) {}
}
