//! How wide forks should be, given how wide they are and what was seen of them. Pure: no clock, no memory but what it is
//! given and gives back.
//!
//! - A fork is *pressed* when its lanes hardly wait and there are messages for more of them. Pressed twice in a row, it
//!   gets what cores are to spare, up to twice its width; without any, the lanes that another fork does not need.
//! - A fork is *at ease* when one lane fewer would not have too much to do. At ease long enough, it loses the lanes that
//!   it has not needed in all that time, up to half of them.
//!
//! Between the two lies room: what a fork gains when it is pressed does not put it at ease, unless the load changes.

/// Lanes that are busy for this part of the time hardly wait.
const PRESSED: f64 = 0.85;
/// Lanes that are busy for this part of the time do not have too much to do.
const AT_EASE: f64 = 0.7;
/// Less of a core is not worth a lane.
const SPARE: f64 = 0.15;
/// Looks in a row before a fork becomes wider,
const PATIENCE_WIDER: u32 = 2;
/// and before it becomes narrower.
const PATIENCE_NARROWER: u32 = 6;

/// A fork, as the policy knows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fork {
    /// Lanes that claim.
    pub(super) width: usize,
    /// Looks in a row at which it was pressed, and could have been helped.
    pressed: u32,
    /// Looks in a row at which it was at ease.
    at_ease: u32,
    /// The most lanes that were busy in these.
    needed: f64,
}

/// What a fork has done since the last look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// The lanes that it has.
    pub(super) lanes: usize,
    /// Lanes that were busy, on average.
    pub(super) busy: f64,
    /// Messages in front of it that nobody has claimed.
    pub(super) waiting: u64,
    /// The part of the time that whoever writes to it has waited for room.
    pub(super) stalled: f64,
}

impl Fork {
    pub(super) fn new(width: usize) -> Fork {
        Fork { width, pressed: 0, at_ease: 0, needed: 0.0 }
    }

    /// Does the policy expect to change it soon?
    pub(super) fn is_settled(&self) -> bool {
        self.pressed == 0 && self.at_ease == 0
    }

    fn is_pressed(&self, seen: &Seen) -> bool {
        let has_work = seen.waiting > 0 || seen.stalled > 0.0;
        self.width < seen.lanes && has_work && seen.busy >= PRESSED * self.width as f64
    }

    fn is_at_ease(&self, seen: &Seen) -> bool {
        self.width > 1 && seen.busy <= AT_EASE * (self.width - 1) as f64
    }

    /// One look later, at the same width.
    fn after(self, is_pressed: bool, is_at_ease: bool, seen: &Seen) -> Fork {
        Fork {
            width: self.width,
            pressed: if is_pressed { self.pressed + 1 } else { 0 },
            at_ease: if is_at_ease { self.at_ease + 1 } else { 0 },
            needed: if is_at_ease { self.needed.max(seen.busy) } else { 0.0 },
        }
    }

    /// What it comes down to when it has been at ease long enough.
    fn narrower(&self) -> usize {
        let enough = (self.needed / AT_EASE).ceil() as usize;
        enough.max(self.width / 2).clamp(1, self.width - 1)
    }
}

/// The forks after this look. `free`: cores that the run has not used since the last one.
pub(super) fn policy(forks: &[Fork], seen: &[Seen], free: f64) -> Vec<Fork> {
    let givers = || forks.iter().zip(seen).filter(|(fork, seen)| fork.is_at_ease(seen)).count();
    let can_help = free >= SPARE || givers() > 0;
    let looked = |(fork, seen): (&Fork, &Seen)| {
        fork.after(can_help && fork.is_pressed(seen), fork.is_at_ease(seen), seen)
    };
    let mut next: Vec<Fork> = forks.iter().zip(seen).map(looked).collect();
    widen(&mut next, seen, free);
    for fork in next.iter_mut().filter(|fork| fork.at_ease >= PATIENCE_NARROWER) {
        *fork = Fork::new(fork.narrower());
    }
    next
}

/// The forks whose writers wait most come first.
fn widen(forks: &mut [Fork], seen: &[Seen], mut free: f64) {
    let mut pressed: Vec<usize> =
        (0..forks.len()).filter(|fork| forks[*fork].pressed >= PATIENCE_WIDER).collect();
    pressed.sort_by(|one, other| seen[*other].stalled.total_cmp(&seen[*one].stalled));
    for fork in pressed {
        let width = forks[fork].width;
        let wanted = width.min(seen[fork].lanes - width);
        let more = match free >= SPARE {
            true => wanted.min(free.ceil() as usize),
            false => take_over(forks, wanted),
        };
        if more > 0 {
            forks[fork] = Fork::new(width + more);
            free -= more as f64;
        }
    }
}

/// The fork that has been at ease for the longest time gives up what it has not needed, and says how much it was.
fn take_over(forks: &mut [Fork], wanted: usize) -> usize {
    let giver = forks.iter_mut().max_by_key(|fork| fork.at_ease);
    let Some(giver) = giver.filter(|giver| giver.at_ease >= PATIENCE_WIDER) else {
        return 0;
    };
    let width = giver.narrower().max(giver.width.saturating_sub(wanted));
    let given = giver.width - width;
    *giver = Fork::new(width);
    given
}
