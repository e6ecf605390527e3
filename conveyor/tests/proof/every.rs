//! One lane is stopped at every change of the memory. Each state is recovered on a copy, as if the lane had been killed
//! there: outputs, order, counters, chunks and claims have to be those of the undisturbed run.

use crate::course::{Case, Course, End};
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
    /// The victim is not only killed on a copy, and its neighbours live on.
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
    let mut first = Course::new(case)?;
    let undisturbed = first.end().map_err(|said| format!("undisturbed: {said}"))?;
    let right = case.right_outputs()?;
    undisturbed
        .is_as_good_as(&right, &undisturbed, case.order)
        .map_err(|said| format!("undisturbed: {said}"))?;
    let mut tally = Tally::default();
    for lane in (0..first.stand.lanes()).filter(|lane| !first.stand.is_callers(*lane)) {
        let mut random = fastrand::Rng::with_seed(seed ^ lane as u64);
        let mut stepping = Stepping {
            course: Course::new(case)?,
            copy: Course::new(case)?,
            lane,
            case,
            right: &right,
            undisturbed: &undisturbed,
            odds,
            tally: Tally::default(),
            last: Vec::new(),
            deaths: 0,
        };
        let outcome = stepping.run(&mut random);
        tally += stepping.tally;
        if std::env::var_os("X").is_some() {
            println!("{lane} {:?} {:?}", stepping.tally, stepping.course.stand.figures());
        }
        outcome.map_err(|said| {
            format!(
                "{} stopped at its change {} (seed {seed}): {said}",
                first.stand.name(lane),
                stepping.tally.states
            )
        })?;
    }
    Ok(tally)
}

struct Stepping<'s, In: 'static, Out: 'static> {
    course: Course<In, Out>,
    copy: Course<In, Out>,
    lane: usize,
    case: &'static Case<In, Out>,
    right: &'s [Out],
    undisturbed: &'s End<Out>,
    odds: Odds,
    tally: Tally,
    /// The memory as it was last looked at.
    last: Vec<u8>,
    /// So often the victim has really died.
    deaths: usize,
}

impl<In, Out> Stepping<'_, In, Out>
where
    In: Message + Clone,
    Out: Message + Clone + Ord + Debug,
{
    fn run(&mut self, random: &mut fastrand::Rng) -> Result<(), String> {
        self.course.leave_out(self.lane);
        let mut victim = Victim::start(&self.course.stand, self.lane);
        self.tally.lives += 1;
        loop {
            match victim.stop()? {
                Stop::Wrote => {
                    if self.has_changed() {
                        self.tally.states += 1;
                        self.recover(random)?;
                    }
                    if random.u64(..self.odds.others) == 0 {
                        self.course.run_one(self.lane)?;
                    }
                    if self.deaths < DEATHS_MAX && random.u64(..self.odds.really) == 0 {
                        self.deaths += 1;
                        drop(victim);
                        self.course.stand.ring_all();
                        victim = Victim::start(&self.course.stand, self.lane);
                        self.tally.lives += 1;
                        continue;
                    }
                }
                Stop::Idle => {
                    self.course.run(Some(self.lane))?;
                    if self.course.stand.sleeps(self.lane) {
                        return Err("undisturbed, it sleeps and nobody wakes it".to_owned());
                    }
                }
                Stop::Ended => break,
            }
            victim.go_on();
        }
        drop(victim);
        self.course.replace(self.lane);
        let end = self.course.end()?;
        self.judge(&end).map_err(|said| format!("undisturbed: {said}"))
    }

    fn judge(&self, end: &End<Out>) -> Result<(), String> {
        end.is_as_good_as(self.right, self.undisturbed, self.case.order)
    }

    /// Since it was last asked, in what matters to others.
    fn has_changed(&mut self) -> bool {
        let now = self.course.bytes();
        let areas = self.course.stand.protocol_areas();
        if self.last.len() == now.len() && areas.into_iter().all(|area| self.last[area.clone()] == now[area])
        {
            return false;
        }
        self.last.clear();
        self.last.extend_from_slice(now);
        true
    }

    /// The victim dies here, on the copy.
    fn recover(&mut self, random: &mut fastrand::Rng) -> Result<(), String> {
        self.copy.resume(&self.last, self.course.outputs());
        if random.u64(..self.odds.again) == 0 {
            self.kill_again(random.usize(1..60))?;
        }
        self.tally.recoveries += 1;
        let end = self.copy.end()?;
        self.judge(&end)
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
