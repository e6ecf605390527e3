//! How long a wait has taken, without a look at the clock where it was short: for a message that comes at once that would
//! be a tenth of its way.

use std::time::{Duration, Instant};

/// A wait of fewer looks is short.
const FEW: u32 = 32;
/// No look takes longer; if one seems to, somebody else had the core meanwhile.
const LONGEST: Duration = Duration::from_micros(2);
/// So many short waits go by what the one before them took.
const UNTIMED: u32 = 15;

/// Learns what a look costs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Looks {
    each: Duration,
    /// Short waits that need not be timed.
    untimed: u32,
}

/// A wait.
pub(crate) struct Waiting {
    /// It may teach what a look costs.
    is_awake: bool,
    looks: u32,
    started: Option<Instant>,
    each: Duration,
}

impl Looks {
    /// A wait begins, which for its first `awake` looks does not give the core away.
    pub(crate) fn wait(&self, awake: u32) -> Waiting {
        let is_awake = awake >= FEW;
        let is_timed = self.untimed == 0 || !is_awake;
        Waiting { is_awake, looks: 0, started: is_timed.then(Instant::now), each: self.each }
    }

    /// It is over. Gives the time that it has taken.
    pub(crate) fn waited(&mut self, wait: &Waiting) -> Duration {
        let Waiting { is_awake, looks, started, each } = *wait;
        match started {
            Some(started) => {
                let waited = started.elapsed();
                if is_awake && (1..FEW).contains(&looks) && waited <= LONGEST * looks {
                    (self.each, self.untimed) = (waited / looks, UNTIMED);
                }
                waited
            }
            None => {
                self.untimed -= 1;
                each * looks
            }
        }
    }
}

impl Waiting {
    /// One more look.
    #[inline]
    pub(crate) fn look(&mut self) {
        self.looks = self.looks.saturating_add(1);
        if self.looks == FEW && self.started.is_none() {
            let now = Instant::now();
            self.started = Some(now.checked_sub(self.each * FEW).unwrap_or(now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(looks: &mut Looks, awake: u32, count: u32, pause: Duration) -> (Duration, bool) {
        let mut waiting = looks.wait(awake);
        let is_timed = waiting.started.is_some();
        for _ in 0..count {
            let began = Instant::now();
            while began.elapsed() < pause {}
            waiting.look();
        }
        (looks.waited(&waiting), is_timed)
    }

    const PAUSE: Duration = Duration::from_nanos(500);

    /// Waits until a wait has taught something: this thread may lose its core in any of them.
    fn taught() -> Looks {
        let mut looks = Looks::default();
        while looks.untimed == 0 {
            wait(&mut looks, FEW, 2, PAUSE);
        }
        looks
    }

    #[test]
    fn one_of_sixteen_short_waits_is_timed_and_the_others_take_as_long() {
        let mut looks = taught();
        assert!(looks.each >= PAUSE && looks.each <= LONGEST);
        for _ in 0..UNTIMED {
            let (waited, is_timed) = wait(&mut looks, FEW, 4, Duration::ZERO);
            assert!(!is_timed && waited == looks.each * 4);
        }
        assert!(wait(&mut looks, FEW, 1, PAUSE).1);
    }

    #[test]
    fn long_waits_are_timed_and_so_are_those_that_sleep_at_once() {
        let mut looks = taught();
        let (waited, is_timed) = wait(&mut looks, FEW, 2 * FEW, PAUSE);
        assert!(!is_timed && waited >= FEW * PAUSE);
        assert!(wait(&mut looks, FEW - 1, 1, PAUSE).1);
    }

    #[test]
    fn a_wait_that_slept_or_was_interrupted_teaches_nothing() {
        let mut looks = Looks::default();
        wait(&mut looks, FEW - 1, 2, PAUSE);
        wait(&mut looks, FEW, 2, 2 * LONGEST);
        assert!(wait(&mut looks, FEW, 2, PAUSE).1);
    }
}
