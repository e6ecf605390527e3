//! Bells: how a lane sleeps and is woken.
//!
//! A lane that finds nothing to do [is patient](super::patience) for a while, then says in its bell why it sleeps,
//! looks once more, and sleeps on a futex. Whoever commits looks at the bells of its neighbours and wakes those that
//! sleep for what it has just done. The fences below pair up: either the sleeper sees the commit, or the committer sees
//! the sleeper.
//!
//! As long as a lane looks, its bell says that, too: for it may find something, and then it is not asleep. Only a bell
//! that does not say so tells whoever asks whether [anything moves](super::stillness) that its lane has found nothing.

use super::patience::{Patience, Temper};
use crate::sync::mutant::Mutant;
use crate::sync::{AtomicU32, Ordering, fence};
use std::time::{Duration, Instant};

/// Why a lane sleeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It waits for input.
    Input = 1,
    /// It waits for room in its outlet; half an empty ring is worth waking up for.
    Room = 2,
    /// It waits for room, and any room may do.
    AnyRoom = 3,
    /// It waits for a chunk to come back to its pool.
    Chunk = 4,
    /// Its fork does without it for now.
    Parked = 5,
}

const AWAKE: u32 = 0;
/// Beside the reason: the lane takes its last look.
const LOOKING: u32 = 1 << 8;

impl Reason {
    /// In the bell of a lane that looks once more before it sleeps.
    fn looking(self) -> u32 {
        if Mutant::LooksAsleep.is_on() { self as u32 } else { self as u32 | LOOKING }
    }
}

/// The word a lane sleeps on.
#[derive(Clone, Copy)]
pub(crate) struct Bell<'m>(pub(crate) &'m AtomicU32);

/// What a sleeping lane depends on from the operating system; the ring's rules know nothing else of it.
pub(crate) trait Sleep {
    fn yield_now(&self);
    /// Sleeps for so long, whatever happens.
    fn nap(&self, time: Duration);
    /// Returns when woken, when the word is no longer `expected`, at the deadline, or for no reason.
    fn wait(&self, word: &AtomicU32, expected: u32, deadline: Option<Instant>);
    /// The same for two words and without a deadline; it returns when either is woken.
    fn wait_for_either(&self, words: [(&AtomicU32, u32); 2]);
    fn wake(&self, word: &AtomicU32);
}

impl Bell<'_> {
    /// Waits until `ready` gives something, or until the deadline has passed.
    pub(crate) fn wait<T>(
        self,
        reason: Reason,
        temper: &mut Temper,
        deadline: Option<Instant>,
        sleep: &impl Sleep,
        mut ready: impl FnMut() -> Option<T>,
    ) -> Option<T> {
        if let Some(value) = temper.look(deadline, sleep, &mut ready) {
            return Some(value);
        }
        loop {
            self.0.store(reason.looking(), Ordering::SeqCst);
            asleep();
            let value = ready();
            if value.is_some() || deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                self.0.store(AWAKE, Ordering::Relaxed);
                return value;
            }
            if self.fall_asleep(reason) {
                sleep.wait(self.0, reason as u32, deadline);
            }
        }
    }

    /// Waits at two bells at once, at each for its own reason.
    pub(crate) fn wait_at_two(
        bells: [(Bell<'_>, Reason); 2],
        patience: Patience,
        sleep: &impl Sleep,
        mut ready: impl FnMut() -> bool,
    ) {
        if patience.look(Duration::ZERO, sleep, &mut || ready().then_some(())).0.is_some() {
            return;
        }
        loop {
            for (bell, reason) in bells {
                bell.0.store(reason.looking(), Ordering::SeqCst);
            }
            asleep();
            if ready() {
                break;
            }
            if bells.iter().all(|(bell, reason)| bell.fall_asleep(*reason)) {
                sleep.wait_for_either(bells.map(|(bell, reason)| (bell.0, reason as u32)));
            }
        }
        for (bell, _) in bells {
            bell.0.store(AWAKE, Ordering::Relaxed);
        }
    }

    /// The last look has found nothing. `false` if somebody has rung meanwhile.
    fn fall_asleep(self, reason: Reason) -> bool {
        let (looking, asleep) = (reason.looking(), reason as u32);
        self.0.compare_exchange(looking, asleep, Ordering::Release, Ordering::Relaxed).is_ok()
    }

    /// Does the lane sleep for one of these, or is about to? Call it after [`committed`].
    #[inline]
    pub(crate) fn sleeps_for(self, reasons: &[Reason]) -> bool {
        let state = self.0.load(Ordering::Relaxed);
        state != AWAKE && reasons.iter().any(|reason| *reason as u32 == state & !LOOKING)
    }

    /// Has the lane found nothing to do, and has nobody rung since?
    pub(super) fn is_asleep(self) -> bool {
        // whoever sees it asleep sees its commits
        let state = self.0.load(Mutant::AskedRelaxed.relaxes(Ordering::Acquire));
        state != AWAKE && state & LOOKING == 0
    }

    /// Wakes the lane; `false` if somebody else just did.
    #[cold]
    pub(crate) fn ring(self, sleep: &impl Sleep) -> bool {
        let slept = self.0.swap(AWAKE, Ordering::SeqCst) != AWAKE;
        if slept {
            sleep.wake(self.0);
        }
        slept
    }
}

/// Stands between a commit and looking at the neighbours' bells: pairs with `asleep`.
#[inline]
pub(crate) fn committed() {
    if !Mutant::CommittedUnfenced.is_on() {
        fence(Ordering::SeqCst);
    }
}

/// Stands between saying that one sleeps and the last look: pairs with [`committed`].
fn asleep() {
    if !Mutant::AsleepUnfenced.is_on() {
        fence(Ordering::SeqCst);
    }
}
