//! One lane is stopped at every change of the memory. Each state is recovered on a copy, as if the lane had been killed
//! there: outputs, order, counters, chunks and claims have to be those of the undisturbed run.

use crate::course::{Case, Course, Right};
use crate::really::{Fate, now_and_then};
use crate::victim::{Stop, Victim};
use conveyor::Message;
use std::fmt::Debug;

/// How often something happens: once in so many states.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Odds {
    /// The other lanes get on while the victim stands still.
    pub(crate) others: u64,
    /// The replacement is killed, too.
    pub(crate) again: u64,
    /// The victim is not only killed on a copy, so that all states of a replacement are looked at, too.
    pub(crate) really: u64,
}

/// After so many deaths the victim lives: with one after every few instructions it would never get on.
const DEATHS_MAX: usize = 30;

/// What has been looked at.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) lives: usize,
    pub(crate) states: usize,
    pub(crate) recoveries: usize,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, more: Tally) {
        self.lives += more.lives;
        self.states += more.states;
        self.recoveries += more.recoveries;
    }
}

/// Kills each of the workers everywhere.
pub(crate) fn every<In, Out>(case: &'static Case<In, Out>, odds: Odds, seed: u64) -> Result<Tally, String>
where
    In: Message + Clone,
    Out: Message + Clone + Ord + Debug,
{
    let mut tally = Tally::default();
    let right = Right::of(case)?;
    for lane in right.workers() {
        let mut random = fastrand::Rng::with_seed(seed ^ lane as u64);
        let mut stepping = Stepping {
            copy: Course::new(case)?,
            lane,
            right: &right,
            odds,
            tally: Tally::default(),
            last: Vec::new(),
        };
        let (mut writes, mut deaths) = (0, 0);
        let mut course = Course::new(case)?;
        let undisturbed = course.driven(lane, |course| {
            writes += 1;
            stepping.look(course, &mut random)?;
            if deaths == DEATHS_MAX || random.u64(..odds.really) > 0 {
                return Ok(Fate::LivesOn);
            }
            deaths += 1;
            Ok(Fate::Dies)
        });
        tally += stepping.tally;
        let outcome = undisturbed.and_then(|(lives, end)| {
            tally.lives += lives;
            right.judge(&end).map_err(|said| format!("undisturbed: {said}"))
        });
        outcome.map_err(|said| {
            format!(
                "{} stopped at its change {} (seed {seed}): {said}",
                right.name(lane),
                stepping.tally.states
            )
        })?;
        tally += now_and_then(case, &right, (lane, writes), odds.others, &mut random)
            .map_err(|said| format!("{} dies now and then (seed {seed}): {said}", right.name(lane)))?;
    }
    Ok(tally)
}

struct Stepping<'s, In: 'static, Out: 'static> {
    copy: Course<In, Out>,
    lane: usize,
    right: &'s Right<In, Out>,
    odds: Odds,
    tally: Tally,
    /// The memory as it was last looked at.
    last: Vec<u8>,
}

impl<In, Out> Stepping<'_, In, Out>
where
    In: Message + Clone,
    Out: Message + Clone + Ord + Debug,
{
    /// The victim has written.
    fn look(&mut self, course: &mut Course<In, Out>, random: &mut fastrand::Rng) -> Result<(), String> {
        if self.has_changed(course) {
            self.tally.states += 1;
            self.recover(course, random)?;
        }
        if random.u64(..self.odds.others) == 0 { course.run_one(self.lane) } else { Ok(()) }
    }

    /// Since it was last asked, in what matters to others.
    fn has_changed(&mut self, course: &Course<In, Out>) -> bool {
        let now = course.bytes();
        let areas = course.stand.protocol_areas();
        if self.last.len() == now.len() && areas.into_iter().all(|area| self.last[area.clone()] == now[area])
        {
            return false;
        }
        self.last.clear();
        self.last.extend_from_slice(now);
        true
    }

    /// The victim dies here, on the copy.
    fn recover(&mut self, course: &Course<In, Out>, random: &mut fastrand::Rng) -> Result<(), String> {
        self.copy.resume(&self.last, course.seen());
        if random.u64(..self.odds.again) == 0 {
            self.kill_again(random.usize(1..60))?;
        }
        self.tally.recoveries += 1;
        let end = self.copy.end()?;
        self.right.judge(&end)
    }

    /// Its replacement dies, too, after so many writes.
    fn kill_again(&mut self, writes: usize) -> Result<(), String> {
        let mut replacement = Victim::start(&self.copy.stand, self.lane);
        self.tally.lives += 1;
        for _ in 0..writes {
            match replacement.stop().map_err(|said| format!("a replacement: {said}"))? {
                Stop::Wrote => replacement.go_on(),
                Stop::Idle | Stop::Ended => break,
            }
        }
        Ok(())
    }
}
