//! The rings of a join, side by side.

use super::Ready;
use crate::lane::Futex;
use crate::ring::patience::pays;
use crate::ring::reader::Reader;
use crate::ring::values;

/// At least one.
pub(super) struct Rings<'m>(pub(super) Vec<Reader<'m>>);

impl<'m> Rings<'m> {
    /// # Panics
    /// Without a ring.
    pub(super) fn new(readers: Vec<Reader<'m>>) -> Rings<'m> {
        assert!(!readers.is_empty(), "a join has branches");
        Rings(readers)
    }

    /// Messages in all of them.
    pub(super) fn waiting(&self) -> u64 {
        self.0.iter().map(Reader::at_hand).sum()
    }

    pub(super) fn have_paid(&self) -> bool {
        have_paid(&self.0)
    }

    pub(super) fn rouse_writers(&mut self, sleep: &Futex) {
        self.0.iter_mut().for_each(|reader| reader.rouse_writer(sleep));
    }

    pub(super) fn all_have_some(&self) -> bool {
        self.0.iter().all(|reader| reader.at_hand() > 0)
    }

    pub(super) fn are_empty(&self) -> bool {
        self.0.iter().all(|reader| reader.at_hand() == 0)
    }

    pub(super) fn save(&self, values: &mut [u64]) {
        for (ring, reader) in self.0.iter().enumerate() {
            values[values::head(ring)] = reader.head();
        }
    }

    pub(super) fn wake(&mut self, sleep: &Futex) {
        self.0.iter_mut().for_each(|reader| reader.wake_writer(sleep));
    }

    /// Nothing is at hand: is there a mark that all of them have, or have all of them ended?
    pub(super) fn mark(&self, passed: u64) -> Ready {
        mark(&self.0, passed)
    }

    /// Something is missing, unless one of them is damaged.
    pub(super) fn empty(&self) -> Ready {
        empty(&self.0)
    }
}

/// What the messages at hand in one ring are: too many, a tombstone, or a run of at most `want`.
#[inline]
pub(super) fn ready(reader: &Reader<'_>, ring: usize, want: u64) -> Ready {
    let (slots, head, surplus) = (reader.slots(), reader.head(), reader.surplus());
    if slots.geometry().depth == 0 {
        if surplus > 0 {
            return Ready::Surplus { messages: surplus.min(slots.contiguous(head)) as usize, ring };
        }
        return Ready::Run(reader.run().min(want) as usize);
    }
    let is_over = |at| slots.innermost(head.wrapping_add(at)).is_tombstone();
    up_to_tombstone(reader.run().min(want), is_over, (surplus > 0).then_some(ring))
}

/// What the first of `messages` with tags are: a tombstone; too many, in the ring `surplus`; or a run that ends before the
/// first for which it `is_over`.
pub(super) fn up_to_tombstone(
    messages: u64,
    mut is_over: impl FnMut(u64) -> bool,
    surplus: Option<usize>,
) -> Ready {
    match ((0..messages).take_while(|at| !is_over(*at)).count(), surplus) {
        (0, _) => Ready::Tombstone,
        (_, Some(ring)) => Ready::Surplus { messages: 1, ring },
        (run, None) => Ready::Run(run),
    }
}

/// Several rings with nothing at hand: is there a mark that all of them have, or have all of them ended?
pub(super) fn mark(readers: &[Reader<'_>], passed: u64) -> Ready {
    let mut first = None;
    for reader in readers {
        match reader.mark(passed) {
            Some(epoch) => first = Some(first.map_or(epoch, |first: u64| first.min(epoch))),
            None if reader.has_ended() => {}
            None => return empty(readers),
        }
    }
    first.map_or(Ready::Ended, Ready::Flush)
}

/// Has a wait for input been worth a nap? The sum has no upper bound, since each ring says by itself whether it is too full; a
/// damaged count does not pay.
pub(super) fn have_paid(readers: &[Reader<'_>]) -> bool {
    pays(readers.iter().map(Reader::published).fold(0, u64::saturating_add), u64::MAX)
        && !readers.iter().any(Reader::has_kept_waiting)
}

fn empty(readers: &[Reader<'_>]) -> Ready {
    readers.iter().position(Reader::is_damaged).map_or(Ready::Empty, Ready::Damaged)
}
