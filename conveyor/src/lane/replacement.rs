//! What only the replacement of a dead worker does: it looks for the message that has ended the worker before it, and lets
//! a source give again what has been given, into nothing.

use super::{Lane, Pushing};
use crate::element::outlet::Outlet;
use crate::sys::order::Suspect;
use crate::{Message, Result};

/// What a worker has to know of those before it.
#[derive(Debug, Default)]
pub(super) struct Replacement {
    suspect: Option<Suspect>,
    /// Messages that the source gives once more.
    again: u64,
}

impl Lane {
    /// Messages are taken singly up to the end of the suspect ones.
    pub(crate) fn suspect(&mut self, suspect: Suspect) {
        self.replacement.suspect = Some(suspect);
        self.pace.hold(true);
    }

    /// Messages are taken singly, always.
    pub(crate) fn takes_singly(&mut self) {
        self.pace = super::Pace::new(1);
    }

    /// A message is at hand. Is it the one that is to be left out?
    #[inline]
    pub(crate) fn is_culprit(&mut self) -> bool {
        self.replacement.suspect.is_some() && {
            let (ring, position) = self.inlet_place();
            self.pass(ring, position)
        }
    }

    /// A source has given so many messages.
    pub(crate) fn pass_given(&mut self, given: u64) {
        self.pass(0, given);
    }

    /// Whether the message at this place is the culprit. Behind the suspect messages all is as usual.
    #[cold]
    fn pass(&mut self, ring: u32, position: u64) -> bool {
        let Some(suspect) = self.replacement.suspect.filter(|suspect| suspect.ring == ring) else {
            return false;
        };
        let left = suspect.end.wrapping_sub(position).cast_signed();
        if left <= 0 {
            self.replacement.suspect = None;
            self.pace.hold(false);
        }
        suspect.skip && left == 1
    }

    /// Where the run at hand starts: in which ring of the inlet, and at which position there.
    pub(crate) fn inlet_place(&self) -> (u32, u64) {
        self.intake().place()
    }

    /// The source starts from its beginning: everything that the record counts as given is to be given once more.
    pub(crate) fn give_again(&mut self) {
        self.replacement.again = self.given();
    }

    /// Does the source still give what it has given before?
    pub(crate) fn gives_again(&self) -> bool {
        self.replacement.again > 0
    }
}

/// The outlet of a source that may give something again.
pub(crate) struct Again<'l>(pub(crate) &'l mut Lane);

impl<T: Message> Outlet<T> for Again<'_> {
    fn push(&mut self, message: T) -> Result<()> {
        if !self.0.gives_again() {
            return Pushing(self.0).push(message);
        }
        self.0.replacement.again -= 1;
        Ok(()) // chunks that were never sent are free at once; a commit here would look like progress
    }
}
