//! The stages of the pipeline around [`Tally`].

use std::fs;
use std::mem;
use std::path::PathBuf;

use conveyor::{Expand, Outlet, Result};

use super::tally::Tally;
use super::walk::Unreadable;

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
        let content = file.and_then(|path| fs::read(&path).map_err(|error| Unreadable::new(&path, &error)));
        match content {
            Ok(content) => self.tally.add_file(&content),
            Err(unreadable) => self.tally.unreadable.push(unreadable),
        }
        Ok(())
    }

    fn finish(&mut self, out: &mut impl Outlet<Tally>) -> Result<()> {
        mem::take(&mut self.tally).into_parts(WORDS_PER_MESSAGE).try_for_each(|part| out.push(part))
    }
}
