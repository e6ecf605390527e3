//! How wide a `balanced fork(auto)` is while it runs: how many of its lanes take messages.
//!
//! - `gauge`: what the lanes' counters say of the time since the last look
//! - `policy`: what to make of it, a pure function
//! - `history`: the widths over time, for the report
//! - `steering`: the three of them for one run, and how often to look; `decide`: who asks it
//!
//! Invariants: nothing here waits, reads a clock or knows where lanes run. A context reads the counters, and puts the
//! widths where the lanes look.

mod decide;
mod gauge;
mod history;
mod policy;
mod steering;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use decide::INSTEAD;
pub(crate) use decide::{Decide, decide};
pub(crate) use gauge::{Counters, Look, Sleeping};
pub(crate) use steering::Steering;
