//! Files as ends of a pipeline that survive the death of their worker: `reading` goes on at its position, `writing` at the
//! length that was committed.

mod reading;
mod writing;

pub use reading::{Lines, lines};
pub use writing::{Written, bytes, lines as written_lines};

use crate::Failure;
use std::fmt::Display;
use std::path::Path;

/// What has gone wrong with a file, with its name.
fn failed(path: &Path, why: impl Display) -> Failure {
    Failure::new(format_args!("`{}`: {why}", path.display()))
}
