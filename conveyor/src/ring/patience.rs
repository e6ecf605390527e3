//! How a lane waits before it sleeps at its bell: it looks again, gives its core to others, or naps.
//!
//! Who gives the core away stays in the queue for it. Where others keep it for long each time, that only makes the kernel
//! move them about, away from cores that are idle a moment later. So a lane that was away for long, and then found many
//! messages for which nobody had to wait, naps in its next waits, for as long as it was away. That ends with the first nap
//! that does not pay.
//!
//! Two lanes that wait for each other's answers, each on a core of its own, and once have both gone to sleep, would sleep
//! before each answer from then on: to be woken takes longer than they look. So a lane that has been woken soon after
//! it had gone to sleep stays awake for as long as that takes, in its next wait, but not in more than one wait of 16.

use super::bell::Sleep;
use std::time::{Duration, Instant};

/// How often to look before sleeping.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// With nothing but a pause in between: only worth it when every runnable stage has a core.
    pub(crate) pauses: u32,
    /// Giving the core to others in between.
    pub(crate) yields: u32,
    /// Who naps keeps nobody waiting before a ring is full, or empty.
    pub(crate) may_nap: bool,
}

impl Patience {
    /// Whoever gets the core for so long has no more to do with this pipeline than any other program, or works on one
    /// message for long. Who sleeps then is woken for what it waits for; who has merely given way has to wait for its
    /// turn, again and again.
    const LONG_AWAY: Duration = Duration::from_millis(1);

    /// Looks some times, and for so long at least, before it is worth sleeping; and how long others have had the core in the
    /// end, if that was long.
    pub(super) fn look<T>(
        self,
        at_least: Duration,
        sleep: &impl Sleep,
        ready: &mut impl FnMut() -> Option<T>,
    ) -> (Option<T>, Option<Duration>) {
        for _ in 0..self.pauses {
            if let Some(value) = ready() {
                return (Some(value), None);
            }
            std::hint::spin_loop();
        }
        let until = (!at_least.is_zero()).then(|| Instant::now() + at_least);
        for looks in 1.. {
            if looks > self.yields && until.is_none_or(|until| Instant::now() >= until) {
                break;
            }
            if let Some(value) = ready() {
                return (Some(value), None);
            }
            let left = Instant::now();
            sleep.yield_now();
            let away = left.elapsed();
            if away > Self::LONG_AWAY {
                return (ready(), Some(away));
            }
        }
        (None, None)
    }
}

/// How patient a lane is just now: to look again and again is a waste of the core where waits have lately been long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Temper {
    patience: Patience,
    /// How many waits in a row have been long.
    long_waits: u32,
    /// In the last wait the looks have found nothing, so that the lane slept, but not for long.
    has_slept: bool,
    /// Waits since it has stayed awake for longer.
    waits: u32,
    /// In so many waits it is taken for granted that others keep the core for long.
    naps: u32,
    /// For so long.
    nap: Duration,
}

impl Temper {
    /// What sleeping and being woken costs is little beside this.
    const LONG: Duration = Duration::from_micros(200);
    const ENOUGH: u32 = 3;
    /// Longer than it takes to sleep and to be woken, on a core that has been idle.
    const AWAKE: Duration = Duration::from_micros(100);
    /// A lane stays awake for that long in one of so many waits: it may be in vain, and costs a core as much.
    const ONE_OF: u32 = 16;
    /// After so many naps it is tried again whether others keep the core.
    const NAPS: u32 = 8;
    /// A time slice of the kernel's. Who was away for longer met somebody who has more to say.
    const NAP_MAX: Duration = Duration::from_millis(4);

    pub(crate) fn new(patience: Patience) -> Temper {
        Temper { patience, long_waits: 0, has_slept: false, waits: 0, naps: 0, nap: Duration::ZERO }
    }

    /// So many looks of the next wait come before the core is given away.
    pub(crate) fn awake_looks(&self) -> u32 {
        if self.naps > 0 { 0 } else { self.patience().pauses }
    }

    fn patience(&self) -> Patience {
        if self.long_waits < Temper::ENOUGH {
            self.patience
        } else {
            Patience { pauses: 0, yields: 1, ..self.patience }
        }
    }

    /// How long the looks of the next wait go on at least; `left`: as far as there is time.
    fn at_least(&mut self, left: impl Fn(Duration) -> Duration) -> Duration {
        if self.patience.pauses == 0 || !self.has_slept || self.waits < Temper::ONE_OF {
            return Duration::ZERO;
        }
        let awake = left(Temper::AWAKE);
        if !awake.is_zero() {
            self.waits = 0;
        }
        awake
    }

    /// Looks some times before it is worth sleeping.
    pub(super) fn look<T>(
        &mut self,
        deadline: Option<Instant>,
        sleep: &impl Sleep,
        ready: &mut impl FnMut() -> Option<T>,
    ) -> Option<T> {
        let left = |time: Duration| match deadline {
            Some(deadline) => time.min(deadline.saturating_duration_since(Instant::now())),
            None => time,
        };
        if let Some(naps) = self.naps.checked_sub(1) {
            let found = ready();
            if found.is_some() {
                return found;
            }
            let nap = left(self.nap);
            if !nap.is_zero() {
                sleep.nap(nap);
            }
            let found = ready();
            self.naps = if found.is_some() { naps } else { 0 };
            return found;
        }
        let (found, away) = self.patience().look(self.at_least(left), sleep, ready);
        self.has_slept = found.is_none();
        if let (Some(_), Some(away), true) = (&found, away, self.patience.may_nap) {
            (self.naps, self.nap) = (Temper::NAPS, away.min(Temper::NAP_MAX));
        }
        found
    }

    /// A wait is over. `paid`: much has come of it, and nobody had to wait for this lane meanwhile.
    pub(crate) fn waited(&mut self, time: Duration, paid: impl FnOnce() -> bool) {
        let was_long = time >= Temper::LONG;
        self.long_waits = if was_long { self.long_waits.saturating_add(1) } else { 0 };
        self.has_slept &= !was_long;
        self.waits = self.waits.saturating_add(1);
        if self.naps > 0 && !paid() {
            self.naps = 0;
        }
    }

    /// The last wait says nothing of those to come: neither naps nor a longer look.
    pub(crate) fn forget(&mut self) {
        (self.naps, self.has_slept) = (0, false);
    }
}

/// Is a nap worth it if there are so many messages, or free slots, of `capacity`?
pub(crate) fn pays(messages: u64, capacity: u64) -> bool {
    const FEW: u64 = 8;
    (FEW..=capacity / 2).contains(&messages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::AtomicU32;
    use std::cell::{Cell, RefCell};

    /// Others keep the core for so long when it is given away.
    #[derive(Default)]
    struct Busy {
        others: Duration,
        given_away: Cell<u32>,
        naps: RefCell<Vec<Duration>>,
    }

    impl Sleep for Busy {
        fn yield_now(&self) {
            self.given_away.set(self.given_away.get() + 1);
            let left = Instant::now();
            while left.elapsed() < self.others {}
        }
        fn nap(&self, time: Duration) {
            self.naps.borrow_mut().push(time);
        }
        fn wait(&self, _: &AtomicU32, _: u32, _: Option<Instant>) {}
        fn wait_for_either(&self, _: [(&AtomicU32, u32); 2]) {}
        fn wake(&self, _: &AtomicU32) {}
    }

    const PATIENCE: Patience = Patience { pauses: 50, yields: 16, may_nap: true };
    const LONG: Duration = Duration::from_millis(2);

    /// A wait that finds nothing, or something as soon as it looks again.
    fn wait(temper: &mut Temper, busy: &Busy, finds: bool) {
        let before = (busy.given_away.get(), busy.naps.borrow().len());
        let ready = || (finds && (busy.given_away.get(), busy.naps.borrow().len()) != before).then_some(());
        assert_eq!(temper.look(None, busy, &mut { ready }).is_some(), finds);
    }

    #[test]
    fn who_does_not_get_its_core_back_soon_gives_it_away_no_more() {
        for (others, most) in [(Duration::ZERO, 16), (LONG, 1)] {
            let busy = Busy { others, ..Busy::default() };
            let (found, away) = PATIENCE.look(Duration::ZERO, &busy, &mut || None::<()>);
            assert!(
                found.is_none() && (1..=most).contains(&busy.given_away.get()),
                "others have it {others:?}"
            );
            assert!(away.is_none_or(|away| away > Patience::LONG_AWAY), "{away:?}");
        }
    }

    #[test]
    fn patience_ends_after_long_waits_and_comes_back_with_a_short_one() {
        let mut temper = Temper::new(PATIENCE);
        for wait_us in [1000, 1000, 10, 1000, 1000] {
            temper.waited(Duration::from_micros(wait_us), || true);
            assert_eq!((temper.patience().pauses, temper.patience().yields), (50, 16));
        }
        for _ in 0..3 {
            temper.waited(Duration::from_millis(1), || true);
            assert_eq!((temper.patience().pauses, temper.patience().yields), (0, 1));
        }
        temper.waited(Duration::from_micros(10), || true);
        assert_eq!((temper.patience().pauses, temper.patience().yields), (50, 16));
    }

    #[test]
    fn who_has_slept_for_short_stays_awake_in_one_of_some_waits() {
        const SHORT: Duration = Duration::from_micros(80);
        for (pauses, stays) in [(PATIENCE.pauses, true), (0, false)] {
            let (mut temper, busy) = (Temper::new(Patience { pauses, ..PATIENCE }), Busy::default());
            for waits in 0..3 * Temper::ONE_OF {
                let (started, before) = (Instant::now(), busy.given_away.get());
                wait(&mut temper, &busy, false);
                match stays && waits > 0 && waits % Temper::ONE_OF == 0 {
                    true => assert!(started.elapsed() >= Temper::AWAKE, "wait {waits}"),
                    false => assert!(busy.given_away.get() - before <= PATIENCE.yields, "wait {waits}"),
                }
                temper.waited(SHORT, || true);
            }
        }
    }

    #[test]
    fn who_stays_awake_has_slept_just_before_and_not_for_long() {
        let patience = Patience { may_nap: false, ..PATIENCE };
        let (mut temper, busy) = (Temper::new(patience), Busy::default());
        for (finds, waited, stays) in
            [(true, Duration::ZERO, false), (false, Temper::LONG, false), (false, Duration::ZERO, true)]
        {
            for _ in 0..=Temper::ONE_OF {
                wait(&mut temper, &busy, true);
                temper.waited(Duration::ZERO, || true);
            }
            wait(&mut temper, &busy, finds);
            temper.waited(waited, || true);
            assert_eq!(!temper.at_least(|time| time).is_zero(), stays, "finds {finds}, waited {waited:?}");
        }
    }

    #[test]
    fn nobody_stays_awake_beyond_the_deadline() {
        let (mut temper, busy) = (Temper::new(PATIENCE), Busy::default());
        for _ in 0..Temper::ONE_OF {
            wait(&mut temper, &busy, false);
            temper.waited(Duration::ZERO, || true);
        }
        assert!(temper.look(Some(Instant::now()), &busy, &mut || None::<()>).is_none());
        assert!(busy.given_away.get() <= PATIENCE.yields * (Temper::ONE_OF + 1));
        temper.waited(Duration::ZERO, || true);
        assert!(!temper.at_least(|time| time).is_zero(), "it has not done so, and may");
    }

    #[test]
    fn what_is_forgotten_makes_nobody_nap_or_stay_awake() {
        let (mut temper, busy) = (Temper::new(PATIENCE), Busy { others: LONG, ..Busy::default() });
        for _ in 0..Temper::ONE_OF {
            wait(&mut temper, &busy, false);
            temper.waited(Duration::ZERO, || true);
        }
        temper.forget();
        assert!(temper.at_least(|time| time).is_zero());
        (0..2).for_each(|_| wait(&mut temper, &busy, true));
        temper.forget();
        (0..2).for_each(|_| wait(&mut temper, &busy, true));
        assert_eq!(busy.naps.borrow().len(), 2, "each first wait has given the core away");
    }

    #[test]
    fn who_was_away_for_long_and_found_something_naps_as_long_and_then_tries_again() {
        let (mut temper, busy) = (Temper::new(PATIENCE), Busy { others: LONG, ..Busy::default() });
        for waits in 1..=2 * (1 + Temper::NAPS) {
            wait(&mut temper, &busy, true);
            let tries = waits.div_ceil(1 + Temper::NAPS);
            assert_eq!((busy.given_away.get(), busy.naps.borrow().len() as u32), (tries, waits - tries));
        }
        assert!(busy.naps.borrow().iter().all(|nap| (LONG..=Temper::NAP_MAX).contains(nap)));
    }

    #[test]
    fn nobody_naps_again_if_a_nap_has_not_paid() {
        let (mut temper, busy) = (Temper::new(PATIENCE), Busy { others: LONG, ..Busy::default() });
        let mut given_away = 0;
        for (finds, pays, naps) in [
            (false, true, 0), // away for long, and nothing there
            (true, true, 0),
            (true, true, 1),
            (false, true, 2), // a nap in vain
            (true, true, 2),
            (true, false, 3),
            (true, false, 3),
            (true, true, 3),
            (true, true, 4),
        ] {
            wait(&mut temper, &busy, finds);
            temper.waited(Duration::ZERO, || pays);
            assert_eq!(busy.naps.borrow().len(), naps);
            assert_eq!(temper.awake_looks() == 0, temper.naps > 0, "who naps does not look first");
            given_away += u32::from(busy.given_away.get() > given_away);
        }
        assert_eq!(given_away, 5, "every wait without a nap has given the core away once");
    }

    #[test]
    fn no_nap_is_longer_than_a_time_slice() {
        let (mut temper, busy) =
            (Temper::new(PATIENCE), Busy { others: 2 * Temper::NAP_MAX, ..Busy::default() });
        (0..2).for_each(|_| wait(&mut temper, &busy, true));
        assert_eq!(*busy.naps.borrow(), [Temper::NAP_MAX]);
    }

    #[test]
    fn a_nap_ends_at_the_deadline() {
        let (mut temper, busy) = (Temper::new(PATIENCE), Busy { others: LONG, ..Busy::default() });
        wait(&mut temper, &busy, true);
        assert!(temper.look(Some(Instant::now()), &busy, &mut || None::<()>).is_none());
        assert!(busy.naps.borrow().is_empty());
        let early = Instant::now() + LONG / 2;
        wait(&mut temper, &busy, true);
        assert!(temper.look(Some(early), &busy, &mut || None::<()>).is_none());
        assert!(busy.naps.borrow_mut().drain(..).all(|nap| nap <= LONG / 2), "longer than there is time");
        let soon = Instant::now() + Duration::from_secs(1);
        wait(&mut temper, &busy, true);
        assert!(temper.look(Some(soon), &busy, &mut || None::<()>).is_none());
        assert_eq!(*busy.naps.borrow(), [temper.nap], "which is before the deadline");
    }

    #[test]
    fn naps_pay_between_few_messages_and_half_a_ring() {
        for (messages, capacity, expected) in [
            (0, 64, false),
            (7, 64, false),
            (8, 64, true),
            (32, 64, true),
            (33, 64, false),
            (1, 1, false),
            (8, 15, false),
        ] {
            assert_eq!(pays(messages, capacity), expected, "{messages} of {capacity}");
        }
    }
}
