//! The loop of a processor or a sink: constructor, messages, end.

use super::keeper::{Keeper, tell_counts};
use crate::element::at_home::AtHome;
use crate::element::keep::Keep;
use crate::element::outlet::Timed;
use crate::element::rate::Rate;
use crate::element::recipe::Recipe;
use crate::element::step::Step;
use crate::element::tally::Tally;
use crate::lane::intake::Ready;
use crate::lane::{Desk, Lane, Nowhere, Phase, Place, Pushing, Stretch, stretch_max};
use crate::meter::Sampler;
use crate::meter::at_work::{self, Inside};
use crate::ring::Span;
use crate::ring::slots::fetch_ahead;
use crate::{Arg, Input, Message, Result};
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Runs a processor, a sink or a relay until its stream has ended.
///
/// # Errors
/// The user's, or that the run is being stopped.
pub(crate) fn process<C: 'static, X: Recipe<C>>(recipe: X, scope: &Arc<C>, lane: &mut Lane) -> Result<()> {
    if lane.has_ended() {
        return Ok(()); // a predecessor has died after that
    }
    lane.desk().set_phase(Phase::Building);
    let mut step = AtHome::new(recipe.build(scope)?);
    let mut keeper = Keeper::restoring(&mut *step, lane)?;
    lane.desk().set_phase(Phase::Working);
    lane.gives_one(X::Rate::ONE);
    let (mut parts, mut sampler) = (Vec::new(), Sampler::default());
    tell_counts(&*step, lane);
    if X::Step::ROW {
        lane.enter_row(Inside::AsFirst { many: !X::Rate::ONE });
    }
    loop {
        match lane.input(None)? {
            Some(Ready::Run(_)) if lane.is_culprit() => {
                lane.pass_tombstone::<Taken<X::Step>>()?;
                lane.commit();
            }
            Some(Ready::Run(len)) => {
                // SAFETY: `run` takes a message only after its step, and makes no use of it after that.
                let span = unsafe { lane.span(len, &mut parts) };
                sampler.begin(&lane.pace);
                let ran = run(&mut step, lane, span, (&mut keeper, &mut sampler));
                tell_counts(&*step, lane);
                ran?;
                keeper.save(&mut *step, lane)?;
            }
            Some(Ready::Tombstone) => {
                lane.pass_tombstone::<Taken<X::Step>>()?;
                keeper.commit_if_due(&mut *step, lane)?;
            }
            Some(Ready::Surplus { messages, ring }) => lane.drop_surplus::<Taken<X::Step>>(messages, ring)?,
            Some(Ready::Flush(epoch)) => {
                begin_finishing::<X::Step>(lane, epoch);
                finishing(lane, &mut keeper, &mut *step, |step, lane| step.flush(&mut Pushing(lane)))?;
                tell_counts(&*step, lane);
                lane.pass_mark(epoch);
            }
            Some(Ready::Ended) => {
                begin_finishing::<X::Step>(lane, u64::MAX);
                finishing(lane, &mut keeper, &mut *step, |step, lane| step.finish(&mut Pushing(lane)))?;
                tell_counts(&*step, lane);
                lane.end();
                return Ok(());
            }
            Some(Ready::Empty | Ready::Damaged(_)) | None => {}
        }
    }
}

/// Times a run, without what it waits for room.
pub(super) struct Stopwatch {
    started: Instant,
    waited: Duration,
}

impl Stopwatch {
    /// If the coming run is to be timed.
    pub(super) fn start(lane: &mut Lane) -> Option<Stopwatch> {
        let waited = lane.desk().wait_room();
        lane.pace.start().map(|started| Stopwatch { started, waited })
    }

    pub(super) fn cost(&self, lane: &Lane) -> Duration {
        self.started.elapsed().saturating_sub(lane.desk().wait_room().saturating_sub(self.waited))
    }
}

/// Calls `flush` or `finish`, whose outputs belong to no input. Everything before is committed: a replacement that does
/// it again does nothing else again.
pub(super) fn finishing<K: Keep>(
    lane: &mut Lane,
    keeper: &mut Keeper,
    keep: &mut K,
    work: impl FnOnce(&mut K, &mut Lane) -> Result<()>,
) -> Result<()> {
    lane.publish();
    lane.desk().set_phase(Phase::Finishing);
    keeper.touch();
    work(keep, lane)?;
    lane.forget_step();
    at_work::end();
    keeper.save(keep, lane)?;
    lane.desk().set_phase(Phase::Working);
    Ok(())
}

/// What a stage of a row gives in `flush` or `finish` is a message to the next one.
fn begin_finishing<S: Step>(lane: &Lane, which: u64) {
    if S::ROW {
        lane.begin_finishing(which);
    }
}

/// One run of messages; of a row, the first one stage by stage if that is due.
fn run<S: Step>(
    step: &mut AtHome<S>,
    lane: &mut Lane,
    span: Span<'_>,
    (keeper, sampler): (&mut Keeper, &mut Sampler),
) -> Result<()> {
    let timed = Stopwatch::start(lane);
    let here = Here { desk: lane.desk(), first: lane.begin_run(span.len()) };
    let mut first = 0;
    if S::ROW && sampler.take() {
        first = 1;
        push_outputs::<S, true>(step, lane, (span, 0..first), keeper)?;
    } else if lane.is_step_published() {
        // what a predecessor has published of the first step is left out one by one
        first = 1;
        push_outputs::<S, false>(step, lane, (span, 0..first), keeper)?;
    }
    step.in_loop(|step| {
        step.settle();
        let run = (span, first..span.len());
        if holds_chunks::<S>() || (lane.has_outlet() && !lane.takes_stretches::<S::Out>()) {
            push_outputs::<S, false>(step, lane, run, keeper)
        } else if !lane.has_outlet() {
            use_up(step, lane, run, keeper)
        } else if S::Rate::ONE {
            fill_slots(step, lane, run, keeper)
        } else if S::KEEPS {
            push_outputs::<S, false>(step, lane, run, keeper) // a stretch commits in the middle of a step
        } else {
            fill_stretches(step, lane, run)
        }
    })?;
    std::mem::forget(here);
    at_work::end();
    if let Some(watch) = timed {
        let (messages, cost) = (span.len() as u64, watch.cost(lane));
        match S::ROW {
            true => lane.pace.learn(messages, cost),
            false => lane.timed(messages, cost),
        }
    }
    if sampler.has_taken() {
        step.costs(&mut |at, cost| lane.timed_stage(at, cost));
    }
    Ok(())
}

/// Messages of a span.
type Run<'s> = (Span<'s>, Range<usize>);

/// What a step takes, owned.
type Taken<S> = <<S as Step>::In as Input>::Message;

const fn holds_chunks<S: Step>() -> bool {
    Taken::<S>::HOLDS_CHUNKS
}

/// The message at work. It is written to the desk only when the step fails or panics.
struct Here {
    desk: Desk<'static>,
    /// Where the run starts.
    first: u64,
}

impl Drop for Here {
    #[cold]
    fn drop(&mut self) {
        self.desk.note(self.first.wrapping_add(at_work::index()), 1);
    }
}

/// A sink: no message leaves it.
fn use_up<S: Step>(
    step: &mut S,
    lane: &mut Lane,
    (span, mut run): Run<'_>,
    keeper: &mut Keeper,
) -> Result<()> {
    loop {
        let messages = run.len().min(stretch_max());
        keeper.touch();
        for index in run.start..run.start + messages {
            at_work::at(index);
            step.step(S::In::read(span, index)?, &mut Nowhere)?;
        }
        lane.take(messages as u64);
        keeper.commit_if_due(step, lane)?;
        run.start += messages;
        if run.is_empty() {
            return Ok(());
        }
    }
}

/// A one-to-one step with plain outputs writes slot `i` for message `i`: no branch is left in the loop, and it
/// vectorises.
fn fill_slots<S: Step>(
    step: &mut S,
    lane: &mut Lane,
    (span, mut run): Run<'_>,
    keeper: &mut Keeper,
) -> Result<()> {
    while !run.is_empty() {
        // who waits for room commits before that
        tell_counts(step, lane);
        keeper.save(step, lane)?;
        let free = lane.make_room()? as usize;
        let room = free.min(run.len()).min(stretch_max());
        let slots = lane.next_slot().cast::<S::Out>();
        keeper.touch();
        for index in 0..room {
            at_work::at(run.start + index);
            fetch_ahead(slots, index, free);
            // SAFETY: `make_room` has found `room` free slots from `slots` on, in one piece, which hold `S::Out`.
            let mut place = unsafe { Place::new(slots.wrapping_add(index).cast()) };
            step.step(S::In::read(span, run.start + index)?, &mut place)?;
        }
        lane.filled(room as u64);
        lane.forget_step();
        lane.take(room as u64);
        run.start += room;
        keeper.commit_if_due(step, lane)?;
    }
    Ok(())
}

/// A step with any number of plain outputs.
fn fill_stretches<S: Step>(step: &mut S, lane: &mut Lane, (span, mut run): Run<'_>) -> Result<()> {
    while !run.is_empty() {
        let mut out = Stretch::new(lane);
        for index in run.by_ref().take(stretch_max()) {
            at_work::at(index);
            step.step(S::In::read(span, index)?, &mut out)?;
            out.end_step();
        }
        drop(out);
        tell_counts(step, lane);
        if lane.is_due() {
            lane.commit();
        }
    }
    Ok(())
}

/// Every other step pushes. `TIMED`: each stage of its row is timed.
fn push_outputs<S: Step, const TIMED: bool>(
    step: &mut S,
    lane: &mut Lane,
    (span, run): Run<'_>,
    keeper: &mut Keeper,
) -> Result<()> {
    for index in run {
        lane.begin_step(0); // the messages before have been taken
        tell_counts(step, lane);
        keeper.touch();
        at_work::at(index);
        let mut out = Pushing(lane);
        let mut one = |input: Arg<'_, S::In>| match TIMED {
            true => step.step(input, &mut Timed(&mut out)),
            false => step.step(input, &mut out),
        };
        if holds_chunks::<S>() {
            // a chunk that is only looked at has to be handed back all the same: so the message is owned here
            S::In::lend(<Taken<S> as Message>::read(span, index)?, one)?;
        } else {
            one(S::In::read(span, index)?)?;
        }
        lane.end_step()?;
        lane.take(1);
        keeper.save(step, lane)?;
        keeper.commit_if_due(step, lane)?;
    }
    Ok(())
}
