//! What can go wrong: [`Failure`] is what user code returns, [`Error`] is what the caller of a run gets.

mod blame;
mod failure;
mod run;

pub(crate) use blame::{Blame, Count, LastBlame, Place};
pub use failure::{Failure, Result};
pub use run::{Error, ErrorKind};
