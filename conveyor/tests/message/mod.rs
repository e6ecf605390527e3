//! What the tests of messages share.

pub mod derived;
mod every;
pub mod random;
