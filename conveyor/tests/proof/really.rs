//! A lane lives in a process of its own and really dies there, while its neighbours live on: who sleeps then sleeps until
//! somebody wakes it.

use crate::course::{Case, Course, End, Right};
use crate::every::Tally;
use crate::victim::{Stop, Victim};
use conveyor::Message;
use std::fmt::Debug;

/// What becomes of a victim that has written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    LivesOn,
    Dies,
}

/// About so many series of deaths are spread over a lane's life.
const SERIES: usize = 6;
/// In a series the next life ends after about so many writes.
const SHORT_LIFE: usize = 12;
/// After so many deaths the victim lives.
const DEATHS_MAX: usize = 60;

impl<In, Out> Course<In, Out>
where
    In: Message + Clone,
    Out: Message + Clone + Ord + Debug,
{
    /// Runs to the end, with one lane in a process of its own, or in several if it dies; whenever it has written, its fate is
    /// asked. Returns how many lives it had.
    pub(crate) fn driven(
        &mut self,
        lane: usize,
        mut fate: impl FnMut(&mut Self) -> Result<Fate, String>,
    ) -> Result<(usize, End<Out>), String> {
        self.leave_out(lane);
        let mut victim = Victim::start(&self.stand, lane);
        let mut lives = 1;
        loop {
            match victim.stop()? {
                Stop::Wrote => {
                    if fate(self)? == Fate::Dies {
                        drop(victim);
                        self.stand.ring_all();
                        victim = Victim::start(&self.stand, lane);
                        lives += 1;
                        continue;
                    }
                }
                Stop::Idle => {
                    self.run(Some(lane))?;
                    if self.stand.sleeps(lane) {
                        return Err("it sleeps and nobody wakes it".to_owned());
                    }
                }
                Stop::Ended => break,
            }
            victim.go_on();
        }
        drop(victim);
        self.retire(lane);
        Ok((lives, self.end()?))
    }
}

/// Kills a lane now and then: at places spread over a life that writes so often.
pub(crate) fn now_and_then<In, Out>(
    case: &'static Case<In, Out>,
    right: &Right<In, Out>,
    (lane, writes): (usize, usize),
    others: u64,
    random: &mut fastrand::Rng,
) -> Result<Tally, String>
where
    In: Message + Clone,
    Out: Message + Clone + Ord + Debug,
{
    let (mut deaths, mut in_a_series) = (0, false);
    let (lives, end) = Course::new(case)?.driven(lane, |course| {
        if random.u64(..others) == 0 {
            course.run_one(lane)?;
        }
        let dies =
            if in_a_series { random.usize(..SHORT_LIFE) == 0 } else { random.usize(..writes) < SERIES };
        if deaths == DEATHS_MAX || !dies {
            return Ok(Fate::LivesOn);
        }
        deaths += 1;
        in_a_series = random.usize(..5) > 0;
        Ok(Fate::Dies)
    })?;
    right.judge(&end)?;
    Ok(Tally { lives, ..Tally::default() })
}

/// Kills each of the workers once, at one after the other of every so many of its writes.
pub(crate) fn at_each<In, Out>(
    case: &'static Case<In, Out>,
    first: usize,
    step: usize,
) -> Result<Tally, String>
where
    In: Message + Clone,
    Out: Message + Clone + Ord + Debug,
{
    let mut tally = Tally::default();
    let right = Right::of(case)?;
    for lane in right.workers() {
        for at in (first..).step_by(step) {
            let mut writes = 0;
            let outcome = Course::new(case)?.driven(lane, |_| {
                writes += 1;
                Ok(if writes == at + 1 { Fate::Dies } else { Fate::LivesOn })
            });
            tally.lives += outcome
                .and_then(|(lives, end)| right.judge(&end).map(|()| lives))
                .map_err(|said| format!("{} dies after its write {at}: {said}", right.name(lane)))?;
            if writes <= at {
                break; // it never came that far
            }
        }
    }
    Ok(tally)
}
