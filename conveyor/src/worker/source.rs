//! The loop of a source: constructor, messages, end.

use super::keeper::Keeper;
use super::stage::{Stopwatch, finishing};
use crate::element::at_home::AtHome;
use crate::element::keep::Keep;
use crate::element::outlet::Timed;
use crate::element::recipe::SourceRecipe;
use crate::element::step::Pump;
use crate::element::tally::Tally;
use crate::lane::{Again, Call, Lane, Nowhere, Phase, Pushing, Stretch};
use crate::meter::Sampler;
use crate::meter::at_work::Inside;
use crate::{Failure, Result};
use std::sync::Arc;

/// Runs a source until its stream has ended.
///
/// # Errors
/// The user's, or that the run is being stopped.
pub(crate) fn pump<C: 'static, X: SourceRecipe<C>>(recipe: X, scope: &Arc<C>, lane: &mut Lane) -> Result<()> {
    if lane.has_ended() {
        return Ok(()); // a predecessor has died after that
    }
    lane.desk().set_phase(Phase::Building);
    let mut pump = AtHome::new(recipe.build(scope)?);
    let mut keeper = Keeper::restoring(&mut *pump, lane)?;
    lane.keeps_state(X::Pump::KEEPS);
    lane.gives_one(X::Pump::KEEPS && !X::Pump::ROW);
    let (mut eager, mut sampler) = (Eager::default(), Sampler::default());
    let more = give_again(&mut *pump, lane)?;
    lane.desk().set_phase(Phase::Working);
    match lane.interrupted() {
        Call::Flush => pass_mark(&mut *pump, lane, &mut keeper)?,
        Call::Finish => return end(&mut *pump, lane, &mut keeper),
        Call::Message => {}
    }
    if !more {
        return end(&mut *pump, lane, &mut keeper);
    }
    let mut given = note_fed(&*pump, lane);
    if X::Pump::ROW {
        lane.enter_row(Inside::Counted);
    }
    loop {
        lane.pass_given(given);
        let timed = Stopwatch::start(lane);
        let want = eager.limit(lane);
        lane.desk().begin(given, want, (0, given));
        sampler.begin(&lane.pace);
        let more = match X::Pump::KEEPS {
            true => pump.in_loop(|pump| burst_of_steps(pump, lane, want as usize, &mut keeper)),
            false => burst(&mut pump, lane, want as usize, &mut sampler),
        };
        let fed = note_fed(&*pump, lane);
        let more = more?;
        lane.forget_step();
        if let Some(watch) = timed {
            let (messages, cost) = (fed.wrapping_sub(given), watch.cost(lane));
            match X::Pump::ROW {
                true => lane.pace.learn(messages, cost),
                false => lane.timed(messages, cost),
            }
        }
        if sampler.has_taken() {
            pump.costs(&mut |at, cost| lane.timed_stage(at, cost));
        }
        given = fed;
        eager.pumped(lane);
        lane.publish();
        if lane.is_stopped() {
            return Err(Failure::stopped());
        }
        pass_mark(&mut *pump, lane, &mut keeper)?;
        if !more || lane.is_winding_down() {
            return end(&mut *pump, lane, &mut keeper);
        }
    }
}

/// Of a source that has started from its beginning, in the place of another: what that had given. Whether there is more.
fn give_again<P: Pump>(pump: &mut P, lane: &mut Lane) -> Result<bool> {
    while lane.gives_again() {
        if lane.is_stopped() {
            return Err(Failure::stopped());
        }
        if !pump.pump(1, &mut Again(lane))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Passes the flush mark that the caller has set, if there is one.
fn pass_mark<P: Pump>(pump: &mut P, lane: &mut Lane, keeper: &mut Keeper) -> Result<()> {
    if let Some(epoch) = lane.open_mark() {
        lane.calls(Call::Flush);
        finishing(lane, keeper, pump, |pump, lane| pump.flush(&mut Pushing(lane)))?;
        lane.pass_mark(epoch);
    }
    lane.calls(Call::Message);
    Ok(())
}

/// A source has given everything.
fn end<P: Pump>(pump: &mut P, lane: &mut Lane, keeper: &mut Keeper) -> Result<()> {
    lane.calls(Call::Finish);
    finishing(lane, keeper, pump, |pump, lane| pump.finish(&mut Again(lane)))?;
    note_fed(pump, lane);
    lane.end();
    Ok(())
}

/// At most so many messages of a source; of a row, the first one stage by stage if that is due.
fn burst<P: Pump>(pump: &mut AtHome<P>, lane: &mut Lane, want: usize, sampler: &mut Sampler) -> Result<bool> {
    let first = P::ROW && sampler.take();
    if first && !pump.pump(1, &mut Timed(&mut Pushing(lane)))? {
        return Ok(false);
    }
    lane.forget_step();
    let want = want - usize::from(first);
    pump.in_loop(|pump| {
        pump.settle();
        if !lane.has_outlet() {
            pump.pump(want, &mut Nowhere)
        } else if lane.takes_stretches::<P::Out>() {
            pump.pump(want, &mut Stretch::new(lane))
        } else {
            pump.pump(want, &mut Pushing(lane))
        }
    })
}

/// The same for a source with a checkpoint, or a row with one: each message is a step.
fn burst_of_steps<P: Pump>(pump: &mut P, lane: &mut Lane, want: usize, keeper: &mut Keeper) -> Result<bool> {
    let (mut more, mut given) = (true, 0);
    pump.settle();
    while more && given < want {
        keeper.touch();
        more = pump.pump(1, &mut Pushing(lane))?;
        given += 1;
        lane.forget_step();
        lane.source_step_is_over();
        if lane.has_outlet() {
            keeper.save(pump, lane)?; // the next one may have to wait for room
            keeper.commit_if_due(pump, lane)?;
        }
    }
    if !lane.has_outlet() {
        keeper.save(pump, lane)?;
        lane.commit(); // nobody waits for anything, but less is done again after a death
    }
    Ok(more)
}

/// What the source has given so far, which in a row is not what comes out. Tells the desks of the row.
fn note_fed<P: Pump>(pump: &P, lane: &mut Lane) -> u64 {
    let mut fed = lane.given();
    pump.counts(&mut |at, taken| {
        lane.count(at, taken);
        if at == 1 {
            fed = taken;
        }
    });
    fed
}

/// A source may block at any time with messages that nobody has seen yet. So after a reader has been found asleep,
/// messages are published one by one, and only a long burst is published in growing batches: what a blocking source
/// holds back is a small part of the burst before.
#[derive(Default)]
struct Eager {
    /// Pumps since a reader was last found asleep.
    calm: u64,
}

impl Eager {
    const PATIENCE: u64 = 32;

    fn limit(&self, lane: &Lane) -> u64 {
        if !lane.has_outlet() {
            return lane.pace.want(); // nobody waits for them
        }
        lane.pace.want().min(1 << (self.calm / Self::PATIENCE).min(16))
    }

    fn pumped(&mut self, lane: &Lane) {
        self.calm = if lane.reader_sleeps() { 0 } else { self.calm + 1 };
    }
}
