//! Where the next message goes in a ring's byte arena. A pure function of the arena's two ends.
//!
//! Messages lie in the arena in the order of their slots, each in one piece. What is in use runs from `head` (the start
//! of the oldest message that a reader may still look at) up to `tail`, around the end if need be; `tail == head` means
//! that nothing is in use, because an allocation never closes the gap.

use crate::message::ALIGN;

/// The two ends of what is in use, as offsets in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ends {
    pub(crate) head: usize,
    pub(crate) tail: usize,
    /// No message is there, not even one of no length.
    pub(crate) is_empty: bool,
}

/// The size of an arena.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arena {
    /// All of it, in bytes: no message can be larger.
    pub(crate) len: usize,
    /// Messages that fit stay below this, so that the part in use stays in the cache.
    pub(crate) usual: usize,
    /// Any message may go beyond: the user says how many the pipe holds. If not, only a large one may.
    pub(crate) grows: bool,
}

impl Arena {
    /// Room for a message of `size` bytes: its offset.
    pub(crate) fn room(self, Ends { head, tail, is_empty }: Ends, size: usize) -> Option<usize> {
        if is_empty {
            return (size <= self.len).then_some(0);
        }
        let start = tail.next_multiple_of(ALIGN);
        if tail < head {
            return (start + size < head).then_some(start);
        }
        if start + size <= self.usual {
            return Some(start);
        }
        let goes_beyond = (self.grows || size >= self.usual / 4) && start + size <= self.len;
        if size < head { Some(0) } else { goes_beyond.then_some(start) }
    }
}

impl Arena {
    /// Some room for a message whose size is not known yet: its offset and its length, which may be 0.
    pub(crate) fn window(self, Ends { head, tail, is_empty }: Ends) -> (usize, usize) {
        if is_empty {
            return (0, self.usual);
        }
        let start = tail.next_multiple_of(ALIGN);
        let end = if tail < head { head - 1 } else { self.usual };
        (start.min(self.len), end.saturating_sub(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::VecDeque;

    const ARENA: Arena = Arena { len: 1024, usual: 256, grows: false };
    const GROWING: Arena = Arena { grows: true, ..ARENA };

    #[test]
    fn an_empty_arena_takes_the_largest_message() {
        assert_eq!(ARENA.room(Ends { head: 512, tail: 512, is_empty: true }, 1024), Some(0));
        assert_eq!(ARENA.room(Ends { head: 0, tail: 0, is_empty: true }, 1025), None);
    }

    #[test]
    fn small_messages_stay_in_the_usual_part() {
        assert_eq!(ARENA.room(Ends { head: 128, tail: 240, is_empty: false }, 32), Some(0));
        assert_eq!(ARENA.room(Ends { head: 128, tail: 240, is_empty: false }, 200), Some(240));
        assert_eq!(ARENA.room(Ends { head: 16, tail: 240, is_empty: false }, 32), None);
    }

    #[test]
    fn they_leave_it_where_the_user_says_how_many_there_may_be() {
        assert_eq!(GROWING.room(Ends { head: 16, tail: 240, is_empty: false }, 32), Some(240));
        assert_eq!(GROWING.room(Ends { head: 64, tail: 240, is_empty: false }, 32), Some(0), "but late");
        assert_eq!(GROWING.room(Ends { head: 0, tail: 1000, is_empty: false }, 32), None);
    }

    /// Messages of at least a byte, and marks of none, which stand at the tail.
    fn messages_never_overlap(arena: Arena, next_size: &mut dyn FnMut() -> Option<usize>) {
        let mut live: VecDeque<(usize, usize)> = VecDeque::new();
        let mut tail = 0;
        for _ in 0..100_000 {
            let Some(size) = next_size() else {
                live.push_back((tail, tail));
                continue;
            };
            loop {
                let head = live.front().map_or(tail, |message| message.0);
                let ends = Ends { head, tail, is_empty: live.is_empty() };
                let (offset, len) = arena.window(ends);
                let found = if len >= size { Some(offset) } else { arena.room(ends, size) };
                let Some(at) = found else {
                    assert!(live.pop_front().is_some(), "an empty arena has room for {size}");
                    continue;
                };
                assert!(at % ALIGN == 0 && at + size <= arena.len);
                for (start, end) in live.iter().filter(|(start, end)| start < end) {
                    assert!(at + size <= *start || *end <= at, "{at}+{size} over {start}..{end}");
                }
                live.push_back((at, at + size));
                tail = at + size;
                break;
            }
        }
    }

    #[test]
    fn messages_never_overlap_whatever_comes() {
        for (rare, usual, marks) in [(1025, 60, 0), (400, 100, 3), (100, 3, 5), (1024, 49, 8)] {
            let mut random = 1u64;
            let mut next = move |below: usize| {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (random >> 33) as usize % below
            };
            let mut next_size = || {
                let is_mark = next(10) < marks;
                let below = if next(10) == 0 { rare } else { usual };
                (!is_mark).then(|| next(below).max(1))
            };
            messages_never_overlap(ARENA, &mut next_size);
            messages_never_overlap(GROWING, &mut next_size);
        }
    }
}
