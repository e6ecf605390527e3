//! What users write between two arrows, and what it becomes.
//!
//! - `processor`, `source`, `sink`: the traits users implement; `outlet`: where outputs go
//! - `rate`: one-to-one or 0..n, as a type
//! - `role`: what a closure's return value means
//! - `travels`: only messages leave an element
//! - `step`: what drivers run, in loops that `at_home` keeps tight; `adapt` turns user values into steps; `tally`: what
//!   rows of them tell
//! - `accept`: which values may stand behind a keyword; `given`: which arguments a closure may name
//! - `recipe`: a zero-sized constructor of a step; `compose` puts recipes in a row

pub(crate) mod accept;
pub(crate) mod adapt;
pub(crate) mod at_home;
pub(crate) mod compose;
pub(crate) mod given;
pub(crate) mod literal;
pub(crate) mod outlet;
pub(crate) mod port;
pub(crate) mod processor;
pub(crate) mod rate;
pub(crate) mod recipe;
pub(crate) mod role;
pub(crate) mod sink;
pub(crate) mod source;
pub(crate) mod step;
pub(crate) mod tally;
pub(crate) mod travels;
