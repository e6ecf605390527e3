//! The stages of the pipeline around [`Lines`], [`Store`] and a file of bad lines.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use conveyor::{Result, Sink, Source};

use super::lines::Lines;
use super::row::{BadLine, Line, Row};
use super::store::Store;

impl Source for Lines {
    type Out = Line;

    fn next(&mut self) -> Result<Option<Line>> {
        Ok(self.next_line()?)
    }
}

/// One transaction per batch: what the caller has sent until it drains or ends the run.
impl Sink for Store {
    type In = Row;

    fn consume(&mut self, row: Row) -> Result<()> {
        Ok(self.insert(&row)?)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.commit()?)
    }

    fn finish(&mut self) -> Result<()> {
        Ok(self.commit()?)
    }
}

/// Writes bad lines into a text file.
pub(crate) struct BadLines(BufWriter<File>);

impl BadLines {
    pub(crate) fn create(file: &Path) -> Result<Self> {
        Ok(BadLines(BufWriter::new(File::create(file)?)))
    }
}

impl Sink for BadLines {
    type In = BadLine;

    fn consume(&mut self, bad: BadLine) -> Result<()> {
        Ok(writeln!(self.0, "{bad}")?)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.0.flush()?)
    }

    fn finish(&mut self) -> Result<()> {
        Ok(self.0.flush()?)
    }
}
