//! The stages of the pipeline around [`Lines`] and [`Store`], and what they go on with in a worker that replaces a dead one.

use conveyor::{Checkpoint, Result, Sink, Source, message_id};

use super::lines::{Lines, Position};
use super::row::{Line, Row};
use super::store::Store;

impl Source for Lines {
    type Out = Line;

    fn next(&mut self) -> Result<Option<Line>> {
        Ok(self.next_line()?)
    }
}

impl Checkpoint for Lines {
    type State = Position;

    fn save(&mut self) -> Result<Position> {
        Ok(self.position())
    }

    fn restore(&mut self, position: Position) -> Result<()> {
        Ok(self.go_on(position)?)
    }
}

/// Rows are in the database before their messages count as taken: so none is lost. A worker may die in between; then its
/// replacement gets the last messages again, and the database has their keys already: so none is there twice.
impl Sink for Store {
    type In = Row;

    fn consume(&mut self, row: Row) -> Result<()> {
        Ok(self.insert(&message_id().to_string(), &row)?)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(self.commit()?)
    }

    fn finish(&mut self) -> Result<()> {
        Ok(self.publish()?)
    }
}

impl Checkpoint for Store {
    type State = ();

    fn save(&mut self) -> Result<()> {
        Ok(self.commit()?)
    }

    fn restore(&mut self, (): ()) -> Result<()> {
        self.go_on();
        Ok(())
    }
}
