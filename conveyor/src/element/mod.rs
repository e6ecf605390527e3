//! What users write between two arrows, and what it becomes.
//!
//! - `processor`, `source`, `sink`: the traits users implement; `outlet`: where outputs go
//! - `rate`: one-to-one or 0..n, as a type
//! - `role`: what a closure's return value means
//! - `travels`: only messages leave an element
//! - `step`: what drivers run, in loops that `at_home` keeps tight; `adapt` turns user values into steps; `tally`: what
//!   rows of them tell
//! - `checkpoint`: the trait of state that survives its worker; `keep`: that of a step, and of a row of them
//! - `message_id`: what user code may know of the message it works on
//! - `accept`: which values may stand behind a keyword, and `accepted` what is said of others; `given`: which arguments
//!   a closure may name
//! - `recipe`: a zero-sized constructor of a step; `compose` puts recipes in a row, `watched` notes which of
//!   them is at work

pub(crate) mod accept;
pub(crate) mod accepted;
pub(crate) mod adapt;
pub(crate) mod at_home;
pub(crate) mod checkpoint;
pub(crate) mod compose;
pub(crate) mod given;
pub(crate) mod keep;
pub(crate) mod literal;
pub(crate) mod message_id;
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
pub(crate) mod watched;
