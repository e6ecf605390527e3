//! Claims: how the lanes of a balanced fork share one ring.
//!
//! Every slot of the ring has a claim word. One compare-and-swap on the word of a range's first slot claims the whole
//! range, and says whose it is: position, length, owner and state stand in one word.
//!
//! Invariants:
//! - ranges tile the stream: a range starts only at a *boundary*, and a boundary is the start of the stream or the end
//!   of a claimed range. So a position has at most one range that starts there, and ranges cannot overlap;
//! - the hint is always a boundary, perhaps an old one; it saves the walk and decides nothing;
//! - a word whose position is older than a boundary at its slot belongs to an earlier lap: the boundary is free. A word
//!   whose position is newer shows that the walker's boundary is stale: it starts again from the hint;
//! - only the writer of the ring reuses slots, and only below [`Claims::freed`]: the walk over ranges that are done.

use crate::sync::mutant::Mutant;
use crate::sync::{AtomicU64, Ordering};

const STATE_BITS: u32 = 2;
const OWNER_BITS: u32 = 10;
const LENGTH_BITS: u32 = 13;
const POSITION_BITS: u32 = 64 - STATE_BITS - OWNER_BITS - LENGTH_BITS;
/// The longest range, in slots.
pub(crate) const RANGE_MAX: u64 = (1 << LENGTH_BITS) - 1;
/// How many lanes may share a ring.
pub(crate) const LANES_MAX: usize = 1 << OWNER_BITS;

/// What a claim word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Word {
    position: u64,
    length: u64,
    owner: u64,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Never used.
    Fresh = 0,
    Claimed = 1,
    Done = 2,
}

impl Word {
    fn unpack(word: u64) -> Word {
        let state = match word & 3 {
            1 => State::Claimed,
            2 => State::Done,
            _ => State::Fresh,
        };
        let owner = (word >> STATE_BITS) & ((1 << OWNER_BITS) - 1);
        let length = (word >> (STATE_BITS + OWNER_BITS)) & RANGE_MAX;
        Word { position: word >> (64 - POSITION_BITS), length, owner, state }
    }

    /// The position is kept modulo 2^39: rings are far shorter, so laps cannot be confused.
    fn pack(self) -> u64 {
        (self.position << (64 - POSITION_BITS))
            | (self.length << (STATE_BITS + OWNER_BITS))
            | (self.owner << STATE_BITS)
            | self.state as u64
    }

    /// The full position, which is not far from the boundary `near`.
    fn near(self, near: u64) -> u64 {
        let ahead = (self.position.wrapping_sub(near) << (64 - POSITION_BITS)).cast_signed();
        near.wrapping_add_signed(ahead >> (64 - POSITION_BITS))
    }

    /// This word's position against a boundary at the same slot: `Equal` if its range starts there.
    fn against(self, boundary: u64) -> std::cmp::Ordering {
        if self.state == State::Fresh {
            return std::cmp::Ordering::Less;
        }
        let ahead = (self.position.wrapping_sub(boundary) << (64 - POSITION_BITS)).cast_signed();
        ahead.cmp(&0)
    }
}

/// The claim words of one group of lanes, and the hint.
#[derive(Clone, Copy)]
pub(crate) struct Claims<'m> {
    /// One per slot; the number of slots is a power of two.
    words: &'m [AtomicU64],
    hint: &'m AtomicU64,
}

/// A claimed range: `[start, start + length)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) start: u64,
    pub(crate) length: u64,
}

impl Range {
    pub(crate) fn end(self) -> u64 {
        self.start.wrapping_add(self.length)
    }
}

impl<'m> Claims<'m> {
    /// # Panics
    /// When the number of words is not a power of two.
    pub(crate) fn new(words: &'m [AtomicU64], hint: &'m AtomicU64) -> Claims<'m> {
        assert!(words.len().is_power_of_two(), "the layout rounds slots up");
        Claims { words, hint }
    }

    /// A run whose positions do not start at 0.
    #[cfg(feature = "proof")]
    pub(crate) fn start_at(&self, origin: u64) {
        self.hint.store(origin, Ordering::Relaxed);
    }

    fn word(&self, position: u64) -> &'m AtomicU64 {
        &self.words[position as usize & (self.words.len() - 1)]
    }

    /// The newest boundary anyone has noted.
    pub(crate) fn hint(&self) -> u64 {
        self.hint.load(Ordering::Acquire)
    }

    /// Can the hint be, if `tail` was the end of what is published before this call? Not more than a ring is open.
    #[inline]
    pub(crate) fn is_near(&self, tail: u64) -> bool {
        tail.wrapping_sub(self.hint()).cast_signed() <= self.words.len() as i64
    }

    /// Claims up to `want` slots of what is published below `tail`; nothing if all of it is claimed.
    pub(crate) fn claim(&self, owner: usize, tail: u64, want: u64) -> Option<Range> {
        self.claim_if(owner, tail, want, |_| true)
    }

    /// The same, if the first unclaimed position may be claimed.
    pub(crate) fn claim_if(
        &self,
        owner: usize,
        tail: u64,
        want: u64,
        may: impl Fn(u64) -> bool,
    ) -> Option<Range> {
        let mut boundary = self.hint();
        while (tail.wrapping_sub(boundary)).cast_signed() > 0 {
            let at = self.word(boundary);
            let seen = at.load(Ordering::Acquire);
            let word = Word::unpack(seen);
            match word.against(boundary) {
                std::cmp::Ordering::Equal if !Mutant::ClaimAtHint.is_on() => {
                    boundary = boundary.wrapping_add(word.length.max(1))
                }
                std::cmp::Ordering::Greater if self.hint() != boundary => boundary = self.hint(),
                _ if !may(boundary) => return None,
                // with the hint at the boundary nothing newer can be there: the word is more than half its range old
                _ => {
                    let length = want.clamp(1, RANGE_MAX).min(tail.wrapping_sub(boundary));
                    let owner = if Mutant::ClaimWithoutOwner.is_on() { 0 } else { owner as u64 };
                    let claim = Word { position: boundary, length, owner, state: State::Claimed };
                    let swap = at.compare_exchange(seen, claim.pack(), Ordering::AcqRel, Ordering::Relaxed);
                    if swap.is_ok() || Mutant::ClaimBlindly.is_on() {
                        let range = Range { start: boundary, length };
                        self.advance_hint(range.end());
                        return Some(range);
                    }
                }
            }
        }
        None
    }

    /// Is everything below `tail` claimed?
    pub(crate) fn is_claimed(&self, tail: u64) -> bool {
        let mut boundary = self.hint();
        while (tail.wrapping_sub(boundary)).cast_signed() > 0 {
            let word = Word::unpack(self.word(boundary).load(Ordering::Acquire));
            match word.against(boundary) {
                std::cmp::Ordering::Equal => boundary = boundary.wrapping_add(word.length.max(1)),
                std::cmp::Ordering::Greater if self.hint() != boundary => boundary = self.hint(),
                std::cmp::Ordering::Less | std::cmp::Ordering::Greater => return false,
            }
        }
        true
    }

    /// Can a lane have claimed this? Nobody claims further from the hint than the ring is long.
    pub(crate) fn can_be(&self, range: Range) -> bool {
        let (slots, ahead) = (self.words.len() as u64, range.start.wrapping_sub(self.hint()).cast_signed());
        (1..=slots).contains(&range.length) && ahead.unsigned_abs() <= slots
    }

    /// The ranges that lane `owner` has claimed and not marked as done, oldest first: what whoever takes over from it
    /// has to see to.
    pub(crate) fn open(&self, owner: usize) -> Vec<Range> {
        let hint = self.hint();
        let words = self.words.iter().map(|word| Word::unpack(word.load(Ordering::Acquire)));
        let own = words.filter(|word| word.state == State::Claimed && word.owner == owner as u64);
        let mut open: Vec<_> =
            own.map(|word| Range { start: word.near(hint), length: word.length }).collect();
        open.sort_by_key(|range| range.start.wrapping_sub(hint).cast_signed());
        open
    }

    /// The hint only moves forward, also across the wrap of positions.
    pub(crate) fn advance_hint(&self, boundary: u64) {
        let mut hint = self.hint.load(Ordering::Relaxed);
        while boundary.wrapping_sub(hint).cast_signed() > 0 {
            match self.hint.compare_exchange_weak(hint, boundary, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return,
                Err(newer) => hint = newer,
            }
        }
    }

    /// Lane `owner` has committed everything that came of its range. May be repeated.
    pub(crate) fn done(&self, owner: usize, range: Range) {
        let word =
            Word { position: range.start, length: range.length, owner: owner as u64, state: State::Done };
        self.word(range.start).store(word.pack(), Mutant::DoneRelaxed.relaxes(Ordering::Release));
    }

    /// The writer's walk from boundary `from` over ranges that are done: what lies below may be reused.
    pub(crate) fn freed(&self, from: u64, tail: u64) -> u64 {
        if Mutant::FreedWhenClaimed.is_on() {
            return self.hint();
        }
        let mut boundary = from;
        while boundary != tail {
            let word =
                Word::unpack(self.word(boundary).load(Mutant::FreedRelaxed.relaxes(Ordering::Acquire)));
            if word.state != State::Done || word.against(boundary).is_ne() {
                break;
            }
            boundary = boundary.wrapping_add(word.length.max(1));
        }
        boundary
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SLOTS: usize = 8;

    struct Group {
        words: Vec<AtomicU64>,
        hint: AtomicU64,
    }

    impl Group {
        /// Starts at any position, as a run that has already moved that many messages.
        fn at(start: u64) -> Group {
            Group { words: (0..SLOTS).map(|_| AtomicU64::new(0)).collect(), hint: AtomicU64::new(start) }
        }
        fn claims(&self) -> Claims<'_> {
            Claims::new(&self.words, &self.hint)
        }
    }

    #[test]
    fn words_survive_packing() {
        let word = Word {
            position: (1 << POSITION_BITS) - 1,
            length: RANGE_MAX,
            owner: LANES_MAX as u64 - 1,
            state: State::Done,
        };
        assert_eq!(Word::unpack(word.pack()), word);
    }

    #[test]
    fn ranges_tile_the_stream_and_free_in_order() {
        let group = Group::at(0);
        let claims = group.claims();
        let a = claims.claim(0, 6, 4).expect("six are published");
        let b = claims.claim(1, 6, 4).expect("two are left");
        assert_eq!((a, b), (Range { start: 0, length: 4 }, Range { start: 4, length: 2 }));
        assert_eq!(claims.claim(2, 6, 1), None);
        assert!(claims.is_claimed(6) && !claims.is_claimed(7));
        claims.done(1, b);
        assert_eq!(claims.freed(0, 6), 0, "the older range is still open");
        claims.done(0, a);
        assert_eq!(claims.freed(0, 6), 6);
    }

    #[test]
    fn a_position_that_may_not_be_claimed_waits_for_its_lane() {
        let group = Group::at(0);
        let claims = group.claims();
        let in_turn = |owner: usize| claims.claim_if(owner, 3, 1, |position| position % 2 == owner as u64);
        assert_eq!(in_turn(1), None, "it is not its turn");
        assert_eq!(in_turn(0), Some(Range { start: 0, length: 1 }));
        assert_eq!(in_turn(0), None);
        assert_eq!(in_turn(1), Some(Range { start: 1, length: 1 }));
        assert_eq!(in_turn(0), Some(Range { start: 2, length: 1 }));
        assert_eq!(in_turn(1), None, "nothing more is published");
    }

    #[test]
    fn a_lost_hint_costs_only_the_walk() {
        let group = Group::at(0);
        let claims = group.claims();
        let first = claims.claim(0, 5, 2).expect("published");
        group.hint.store(0, Ordering::Relaxed); // the claimer died before it moved the hint
        let second = claims.claim(1, 5, 2).expect("published");
        group.hint.store(0, Ordering::Relaxed);
        assert!(claims.is_claimed(4) && !claims.is_claimed(5));
        assert_eq!((first.end(), second.start), (2, 2));
    }

    #[test]
    fn who_takes_over_finds_what_was_claimed() {
        for start in [0, u64::MAX - 3, (1 << POSITION_BITS) - 3] {
            let group = Group::at(start);
            let claims = group.claims();
            let tail = start.wrapping_add(8);
            let mine = claims.claim(1, tail, 2).expect("published");
            let other = claims.claim(2, tail, 1).expect("published");
            let last = claims.claim(1, tail, 3).expect("published");
            assert_eq!(
                (claims.open(1), claims.open(2), claims.open(3)),
                (vec![mine, last], vec![other], vec![])
            );
            group.hint.store(start, Ordering::Relaxed); // nobody has moved it
            assert_eq!(claims.open(1), [mine, last]);
            claims.done(1, mine);
            assert_eq!(claims.open(1), [last]);
        }
    }

    #[test]
    fn positions_may_wrap() {
        for start in [u64::MAX - 3, (1 << POSITION_BITS) - 3] {
            let group = Group::at(start);
            let claims = group.claims();
            let (mut freed, mut tail) = (start, start);
            for _ in 0..20 {
                tail = tail.wrapping_add(3);
                while let Some(range) = claims.claim(3, tail, 2) {
                    claims.done(3, range);
                }
                freed = claims.freed(freed, tail);
                assert_eq!(freed, tail);
            }
        }
    }

    #[test]
    fn every_position_is_claimed_once_by_many_lanes() {
        const TOTAL: u64 = 200_000;
        let group = Group::at(0);
        let tail = AtomicU64::new(0);
        let counts: Vec<AtomicU64> = (0..TOTAL).map(|_| AtomicU64::new(0)).collect();
        std::thread::scope(|scope| {
            let (group, tail, counts) = (&group, &tail, &counts);
            for owner in 0..3 {
                scope.spawn(move || {
                    let claims = group.claims();
                    while claims.hint() < TOTAL {
                        match claims.claim(owner, tail.load(Ordering::Acquire), 1 + owner as u64) {
                            Some(range) => {
                                for position in range.start..range.end() {
                                    counts[position as usize].fetch_add(1, Ordering::Relaxed);
                                }
                                claims.done(owner, range);
                            }
                            None => std::thread::yield_now(),
                        }
                    }
                });
            }
            let (claims, mut freed) = (group.claims(), 0);
            while freed < TOTAL {
                freed = claims.freed(freed, tail.load(Ordering::Relaxed));
                tail.store(TOTAL.min(freed + SLOTS as u64), Ordering::Release);
                std::thread::yield_now();
            }
        });
        assert!(counts.iter().all(|count| count.load(Ordering::Relaxed) == 1));
    }
}
