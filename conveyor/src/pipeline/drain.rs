//! The outputs of everything sent so far.

use super::running::Running;
use super::session::Taken;
use crate::Error;
use crate::context::Wait;
use std::iter::FusedIterator;

/// The outputs of everything sent so far; see [`Running::drain`]. An error is given once, and is the last item.
///
/// Dropped half-way, it leaves the rest to the next `recv` or `drain`.
#[must_use = "a drain is an iterator: nothing is taken before it is iterated over"]
pub struct Drain<'r, In, Out> {
    running: &'r mut Running<In, Out>,
    stage: Stage,
}

/// Only one mark is under way at a time.
enum Stage {
    /// A mark that another drain has left behind comes out first.
    Behind,
    /// Our own mark is under way.
    Marked,
    Over,
}

impl<'r, In, Out> Drain<'r, In, Out> {
    pub(super) fn new(running: &'r mut Running<In, Out>) -> Self {
        let stage = if running.session.is_marked() { Stage::Behind } else { Stage::Marked };
        let mut drain = Drain { running, stage };
        if let Stage::Marked = drain.stage {
            drain.mark();
        }
        drain
    }

    fn mark(&mut self) {
        let head = self.running.ends.head();
        head.mark();
        head.flush();
        self.running.session.set_marked();
        self.stage = Stage::Marked;
    }
}

impl<In, Out> Iterator for Drain<'_, In, Out> {
    type Item = Result<Out, Error>;

    fn next(&mut self) -> Option<Result<Out, Error>> {
        loop {
            if let Stage::Over = self.stage {
                return None;
            }
            let Running { ends, session } = &mut *self.running;
            match session.take(ends.end(), Wait::Forever) {
                Taken::Message(message) => return Some(Ok(message)),
                Taken::Empty => {}
                Taken::Drained => match self.stage {
                    Stage::Behind => self.mark(),
                    Stage::Marked | Stage::Over => self.stage = Stage::Over,
                },
                Taken::Ended => self.stage = Stage::Over,
                Taken::Failed(error) => {
                    self.stage = Stage::Over;
                    return Some(Err(error));
                }
            }
        }
    }
}

impl<In, Out> FusedIterator for Drain<'_, In, Out> {}
