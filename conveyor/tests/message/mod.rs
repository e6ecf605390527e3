//! What the tests of messages share.

pub(crate) mod derived;
mod every;
pub(crate) mod random;
