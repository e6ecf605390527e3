//! The writing end of a ring: finds room, never publishes. Publishing is the lane's commit.

use super::bell::{self, Bell, Reason, Sleep};
use super::claim::Claims;
use super::patience::pays;
use super::record::Record;
use super::slots::Slots;
use super::span::Place;

/// Who reads a ring: every group sees every message, the members of one group share them.
pub(crate) enum Group<'m> {
    /// One lane, which says in its record how far it is.
    Reader {
        /// That lane's record.
        record: Record<'m>,
        /// Where the head stands in it.
        value: usize,
        bell: Bell<'m>,
    },
    /// The lanes of a balanced fork.
    Claims {
        claims: Claims<'m>,
        /// Below this boundary every range is done: the writer's own walk.
        freed: u64,
        /// Where that stands in the writer's record.
        value: usize,
        bells: Vec<Bell<'m>>,
        /// Each lane waits for its turn: so all of them are woken.
        in_turn: bool,
        /// Who sets their width sleeps here while all of them sleep.
        steering: Option<Bell<'m>>,
    },
}

/// Writes one ring.
pub(crate) struct Writer<'m> {
    slots: Slots,
    groups: Vec<Group<'m>>,
    /// The next position to fill: ours alone, ahead of what the record says.
    tail: u64,
    /// What the record says.
    published: u64,
    arena_tail: usize,
    /// The arena has memory up to this offset.
    populated: usize,
    /// Slots below this may be reused; may be stale, and then it is too low.
    free: u64,
    /// A reader has said what cannot be.
    damaged: bool,
}

/// Room in the arena.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub(crate) offset: usize,
    pub(crate) len: usize,
}

/// Does a reader sleep for lack of what comes behind `end` in this ring? A join that has not taken all before that sleeps
/// for another ring. `value` is the place of its head in its record.
#[inline]
pub(super) fn sleeps_at(bell: Bell<'_>, record: Record<'_>, value: usize, end: u64) -> bool {
    bell.sleeps_for(&[Reason::Input]) && end.wrapping_sub(record.value(value)).cast_signed() <= 0
}

impl<'m> Writer<'m> {
    /// Goes on at `tail`.
    pub(crate) fn new(slots: Slots, groups: Vec<Group<'m>>, tail: u64, arena_tail: usize) -> Writer<'m> {
        let free = tail.wrapping_sub(slots.geometry().slots as u64);
        let populated = slots.geometry().usual;
        let mut writer =
            Writer { slots, groups, tail, published: tail, arena_tail, populated, free, damaged: false };
        writer.refresh();
        writer
    }

    pub(crate) fn slots(&self) -> &Slots {
        &self.slots
    }
    pub(crate) fn tail(&self) -> u64 {
        self.tail
    }
    pub(crate) fn arena_tail(&self) -> usize {
        self.arena_tail
    }
    /// Writes into the values of the record below which boundaries balanced forks have freed everything. The claim word
    /// of such a boundary is not used again before the next commit: that takes a position that is published, a lap
    /// later, and no slot from the boundary on was free for one.
    #[inline]
    pub(crate) fn save_freed(&self, values: &mut [u64]) {
        for group in &self.groups {
            if let Group::Claims { freed, value, .. } = group {
                values[*value] = *freed;
            }
        }
    }

    /// In use: filled, and not freed by all readers.
    pub(crate) fn used(&self) -> u64 {
        self.tail.wrapping_sub(self.free)
    }

    /// Filled, but not yet published.
    pub(crate) fn pending(&self) -> u64 {
        self.tail.wrapping_sub(self.published)
    }

    /// Messages for which there is room, without looking at the readers again.
    #[inline]
    pub(crate) fn room(&self) -> u64 {
        self.slots.geometry().capacity.saturating_sub(self.used())
    }

    /// Has a wait for room been worth a nap, and has no reader had to wait?
    pub(crate) fn has_paid(&self) -> bool {
        pays(self.room(), self.slots.geometry().capacity) && !self.reader_sleeps()
    }

    /// Tombstones for which there is room: they need no memory but a slot.
    pub(crate) fn tombstone_room(&self) -> u64 {
        (self.slots.geometry().slots as u64).saturating_sub(self.used())
    }

    /// Looks at the readers.
    pub(crate) fn refresh(&mut self) {
        let (tail, published) = (self.tail, self.published);
        let heads = self.groups.iter_mut().map(|group| match group {
            Group::Reader { record, value, .. } => record.value(*value),
            Group::Claims { claims, freed, .. } => {
                *freed = claims.freed(*freed, published);
                *freed
            }
        });
        let used = heads.map(|head| tail.wrapping_sub(head)).max().unwrap_or(0);
        // heads go forward only; one that cannot be frees nothing
        if used <= self.used() {
            self.free = tail.wrapping_sub(used);
        } else {
            self.damaged = true;
        }
    }

    /// What a reader says cannot be: its record is damaged, or this writer's, or a claim.
    #[inline]
    pub(crate) fn is_damaged(&self) -> bool {
        self.damaged
    }

    /// Some room in the arena for a message whose size is not known yet.
    pub(crate) fn window(&self) -> Window {
        let ends = self.slots.ends(self.free, self.tail, self.arena_tail);
        let (offset, len) = self.slots.arena().window(ends);
        Window { offset, len }
    }

    /// Room in the arena for a message of exactly `size` bytes.
    pub(crate) fn window_of(&self, size: usize) -> Option<Window> {
        let ends = self.slots.ends(self.free, self.tail, self.arena_tail);
        self.slots.arena().room(ends, size).map(|offset| Window { offset, len: size })
    }

    /// The part of the arena up to `end` that has no memory yet: the caller gets it some.
    pub(crate) fn unpopulated(&mut self, end: usize) -> Option<Window> {
        let offset = self.populated;
        self.populated = offset.max(end);
        (end > offset).then(|| Window { offset, len: end - offset })
    }

    /// The slot at the tail now holds a message that lies in the arena.
    pub(crate) fn placed(&mut self, offset: usize, len: usize) {
        self.slots.set_place(self.tail, Place { offset: offset as u64, len: len as u64 });
        self.arena_tail = offset + len;
    }

    /// `messages` slots from the tail on are filled.
    #[inline]
    pub(crate) fn advance(&mut self, messages: u64) {
        self.tail = self.tail.wrapping_add(messages);
    }

    /// Does a reader sleep for lack of what comes next?
    #[inline]
    pub(crate) fn reader_sleeps(&self) -> bool {
        self.groups.iter().any(|group| match group {
            Group::Reader { record, value, bell } => sleeps_at(*bell, *record, *value, self.published),
            Group::Claims { bells, .. } => bells.iter().any(|bell| bell.sleeps_for(&[Reason::Input])),
        })
    }

    /// After the commit that published up to `tail`: wakes who waits for that. `all`: also those for whom there is no
    /// message, because the stream has ended or is being flushed.
    pub(crate) fn wake_readers(&mut self, tail: u64, all: bool, sleep: &impl Sleep) {
        if self.published == tail && !all {
            return;
        }
        let before = std::mem::replace(&mut self.published, tail);
        for group in &self.groups {
            match group {
                Group::Reader { record, value, bell } => {
                    let is_meant = match all {
                        true => bell.sleeps_for(&[Reason::Input]),
                        false => sleeps_at(*bell, *record, *value, before),
                    };
                    if is_meant {
                        bell.ring(sleep);
                    }
                }
                Group::Claims { claims, bells, in_turn, steering, .. } => {
                    let enough = if all || *in_turn { u64::MAX } else { tail.wrapping_sub(claims.hint()) };
                    let reasons: &[_] = if all { &[Reason::Input, Reason::Parked] } else { &[Reason::Input] };
                    let mut woken = 0;
                    // in their order: a lane that has just been parked must not be woken instead of one that claims
                    for bell in bells {
                        if woken < enough && bell.sleeps_for(reasons) && bell.ring(sleep) {
                            woken += 1;
                        }
                    }
                    if let (1.., Some(steering)) = (woken, steering) {
                        bell::committed(); // pairs with `asleep` of the one who steers
                        if steering.sleeps_for(&[Reason::Input]) {
                            steering.ring(sleep);
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::{AtomicU32, AtomicU64, Ordering};

    #[test]
    fn a_join_that_has_not_taken_all_sleeps_for_another_ring() {
        const VALUES: usize = 4;
        let bell = AtomicU32::new(0);
        for origin in [0, u64::MAX - 4] {
            let memory: Vec<_> = (0..Record::words(VALUES)).map(|_| AtomicU64::new(0)).collect();
            let (record, head) = (Record::new(&memory, VALUES), origin.wrapping_add(5));
            record.commit(&mut 0, &[0, 0, 0, head]);
            let meant = |end: u64| sleeps_at(Bell(&bell), record, VALUES - 1, end);
            for (state, waits) in [(0, false), (Reason::Room as u32, false), (Reason::Input as u32, true)] {
                bell.store(state, Ordering::Relaxed);
                assert_eq!(meant(head), waits, "it has taken all");
                assert_eq!(meant(head.wrapping_sub(1)), waits, "it has already seen what comes behind that");
                assert!(!meant(head.wrapping_add(1)), "a message is at hand");
            }
        }
    }
}
