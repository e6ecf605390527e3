//! The stages of the pipeline around [`Tally`].

use std::mem;
use std::path::PathBuf;

use conveyor::{Expand, Outlet, Result};

use super::tally::Tally;
use super::walk::{Unreadable, read};

/// Keeps the messages small, whatever the size of the table.
const WORDS_PER_MESSAGE: usize = 4096;

/// Counts files in a table of its own, and gives the table when the stream ends.
#[derive(Default)]
pub(crate) struct CountWords {
    tally: Tally,
}

impl Expand for CountWords {
    type In = Result<PathBuf, Unreadable>;
    type Out = Tally;

    fn expand(&mut self, file: Result<PathBuf, Unreadable>, _: &mut impl Outlet<Tally>) -> Result<()> {
        self.tally.add(file.and_then(read));
        Ok(())
    }

    fn finish(&mut self, out: &mut impl Outlet<Tally>) -> Result<()> {
        mem::take(&mut self.tally).into_parts(WORDS_PER_MESSAGE).try_for_each(|part| out.push(part))
    }
}
