//! Messages that are dropped: because the outlet is full, or because newer ones have come. They are counted in the
//! record, in the commit of the step that has dropped them, so that who takes over counts neither twice nor too few.

use super::Lane;
use crate::ring::WhenFull;
use crate::ring::values;
use crate::{Message, Result};

impl Lane {
    /// Does an output that finds no room vanish?
    #[inline]
    pub(crate) fn drops_newest(&self) -> bool {
        self.parts.when_full == WhenFull::DropNewest
    }

    /// An output has found no room. It counts as given; the end of its step leaves a tombstone if somebody waits for it.
    #[cold]
    pub(super) fn drop_output(&mut self) {
        if let Some(drops) = self.parts.drops {
            self.count_up(drops.written(), 1);
        }
        self.count_up(values::GIVEN, 1);
        self.step.outputs += 1;
    }

    /// The first messages of inlet ring `ring` are too many: they are dropped, and leave tombstones where somebody waits
    /// for them.
    ///
    /// # Errors
    /// When the run is being stopped, or a message is damaged.
    pub(crate) fn drop_surplus<T: Message>(&mut self, messages: usize, ring: usize) -> Result<()> {
        let at_once = if self.is_tagged() { 1 } else { messages };
        for _ in 0..messages / at_once {
            // no further ones: a commit that comes while this one waits for room frees what was discarded
            self.discard::<T>(at_once)?;
            let at_once = at_once as u64;
            self.pass_unread(at_once)?;
            if let Some(drops) = self.parts.drops {
                self.count_up(drops.skipped(ring), at_once);
            }
        }
        self.commit(); // what was held up by them goes on
        Ok(())
    }

    /// A message without a value is at hand: hands it on if somebody further on counts on it.
    ///
    /// # Errors
    /// When the run is being stopped, or a message is damaged.
    pub(crate) fn pass_tombstone<T: Message>(&mut self) -> Result<()> {
        self.discard::<T>(1)?; // a part of a tuple may have a value all the same
        self.pass_unread(1)
    }

    /// So many messages are taken without a step; with tags it is one.
    fn pass_unread(&mut self, messages: u64) -> Result<()> {
        self.begin_step(0);
        self.end_step()?;
        self.take(messages);
        self.count_up(values::TAKEN, messages.wrapping_neg()); // no step has seen them
        self.message_is_over();
        Ok(())
    }
}
