//! Which messages are timed stage by stage on their way through a row: to time each of them would cost more than many a
//! stage does.

use super::Pace;

/// Chooses the first message of some turns, and of every turn that has only few.
#[derive(Default)]
pub(crate) struct Sampler {
    turns: u32,
    due: bool,
    taken: bool,
}

impl Sampler {
    const EVERY: u32 = 16;
    const FEW: u64 = 4;

    /// A turn begins.
    pub(crate) fn begin(&mut self, pace: &Pace) {
        self.turns = self.turns.wrapping_add(1);
        self.due = self.turns % Self::EVERY == 1 || pace.want() <= Self::FEW;
        self.taken = false;
    }

    /// Is the next message to be timed?
    #[inline]
    pub(crate) fn take(&mut self) -> bool {
        let due = std::mem::take(&mut self.due);
        self.taken |= due;
        due
    }

    /// Has one of this turn been timed?
    pub(crate) fn has_taken(&self) -> bool {
        self.taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn one_message_of_a_long_turn_in_sixteen_and_of_every_short_one() {
        let mut cheap = Pace::new(128);
        (0..20).for_each(|_| cheap.learn(cheap.want(), Duration::from_nanos(cheap.want())));
        for (pace, expected) in [(cheap, 10), (Pace::new(1), 160)] {
            let mut sampler = Sampler::default();
            let sampled = (0..160).filter(|_| {
                sampler.begin(&pace);
                let first = sampler.take();
                assert!(!sampler.take() && sampler.has_taken() == first, "only the first of a turn");
                first
            });
            assert_eq!(sampled.count(), expected, "turns of {}", pace.want());
        }
    }
}
