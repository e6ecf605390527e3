//! The loop of a processor or a sink, and that of a source: constructor, messages, end.

use crate::element::at_home::AtHome;
use crate::element::outlet::Timed;
use crate::element::rate::Rate;
use crate::element::recipe::{Recipe, SourceRecipe};
use crate::element::step::{Pump, Step};
use crate::element::tally::Tally;
use crate::lane::intake::Ready;
use crate::lane::{Again, Desk, Lane, Nowhere, Phase, Place, Pushing, Stretch};
use crate::meter::Sampler;
use crate::ring::Span;
use crate::{Arg, Failure, Input, Message, Result};
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
    lane.desk().set_phase(Phase::Working);
    lane.gives_one(X::Rate::ONE);
    let (mut spans, mut sampler) = (Vec::new(), Sampler::default());
    loop {
        match lane.input(None)? {
            Some(Ready::Run(_)) if lane.is_culprit() => {
                lane.pass_tombstone::<Taken<X::Step>>()?;
                lane.commit();
            }
            Some(Ready::Run(len)) => {
                spans.clear();
                // SAFETY: `run` takes a message only after its step, and makes no use of it after that.
                unsafe { lane.spans(len, &mut spans) };
                let span = if let [one] = spans[..] { one } else { Span::zip(&spans) };
                sampler.begin(&lane.pace);
                let ran = run(&mut step, lane, span, &mut sampler);
                step.counts(&mut |at, taken| lane.count(at, taken));
                ran?;
            }
            Some(Ready::Tombstone) => lane.pass_tombstone::<Taken<X::Step>>()?,
            Some(Ready::Surplus { messages, ring }) => lane.drop_surplus::<Taken<X::Step>>(messages, ring)?,
            Some(Ready::Flush(epoch)) => {
                finishing(lane, |out| step.flush(out))?;
                step.counts(&mut |at, taken| lane.count(at, taken));
                lane.pass_mark(epoch);
            }
            Some(Ready::Ended) => {
                finishing(lane, |out| step.finish(out))?;
                step.counts(&mut |at, taken| lane.count(at, taken));
                lane.end();
                return Ok(());
            }
            Some(Ready::Empty) | None => {}
        }
    }
}

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
    lane.desk().set_phase(Phase::Working);
    let (mut eager, mut sampler) = (Eager::default(), Sampler::default());
    if !give_again(&mut *pump, lane)? {
        return end(&mut *pump, lane);
    }
    let mut given = lane.given();
    loop {
        lane.pass_given(given);
        let timed = Stopwatch::start(lane);
        let want = eager.limit(lane);
        lane.desk().begin(given, want, (0, given));
        sampler.begin(&lane.pace);
        let more = burst(&mut pump, lane, want as usize, &mut sampler);
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
        if let Some(epoch) = lane.open_mark() {
            finishing(lane, |out| pump.flush(out))?;
            lane.pass_mark(epoch);
        }
        if !more {
            return end(&mut *pump, lane);
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

/// A source has given everything.
fn end<P: Pump>(pump: &mut P, lane: &mut Lane) -> Result<()> {
    lane.desk().set_phase(Phase::Finishing);
    pump.finish(&mut Again(lane))?;
    lane.forget_step();
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

/// Times a run, without what it waits for room.
struct Stopwatch {
    started: Instant,
    waited: Duration,
}

impl Stopwatch {
    /// If the coming run is to be timed.
    fn start(lane: &mut Lane) -> Option<Stopwatch> {
        let waited = lane.desk().wait_room();
        lane.pace.start().map(|started| Stopwatch { started, waited })
    }

    fn cost(&self, lane: &Lane) -> Duration {
        self.started.elapsed().saturating_sub(lane.desk().wait_room().saturating_sub(self.waited))
    }
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

/// Calls `flush` or `finish`, whose outputs belong to no input.
fn finishing<R>(lane: &mut Lane, work: impl FnOnce(&mut Pushing<'_>) -> Result<R>) -> Result<()> {
    lane.desk().set_phase(Phase::Finishing);
    work(&mut Pushing(lane))?;
    lane.forget_step();
    lane.desk().set_phase(Phase::Working);
    Ok(())
}

/// One run of messages; of a row, the first one stage by stage if that is due.
fn run<S: Step>(step: &mut AtHome<S>, lane: &mut Lane, span: Span<'_>, sampler: &mut Sampler) -> Result<()> {
    let timed = Stopwatch::start(lane);
    lane.desk().begin(lane.position(), span.len() as u64, lane.inlet_place());
    let mut here = Here { desk: lane.desk(), position: lane.position() };
    let mut first = 0;
    if S::ROW && sampler.take() {
        first = 1;
        push_outputs::<S, true>(step, lane, (span, 0..first), &mut here)?;
    } else if lane.is_step_published() {
        // what a predecessor has published of the first step is left out one by one
        first = 1;
        push_outputs::<S, false>(step, lane, (span, 0..first), &mut here)?;
    }
    step.in_loop(|step| {
        step.settle();
        let run = (span, first..span.len());
        if holds_chunks::<S>() || (lane.has_outlet() && !lane.takes_stretches::<S::Out>()) {
            push_outputs::<S, false>(step, lane, run, &mut here)
        } else if !lane.has_outlet() {
            use_up(step, lane, run, &mut here)
        } else if S::Rate::ONE {
            fill_slots(step, lane, run, &mut here)
        } else {
            fill_stretches(step, lane, run, &mut here)
        }
    })?;
    std::mem::forget(here);
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

/// The message at work. It is written to the desk only when the step fails or panics: otherwise it stays in a register.
struct Here {
    desk: Desk<'static>,
    position: u64,
}

impl Drop for Here {
    #[cold]
    fn drop(&mut self) {
        self.desk.note(self.position, 1);
    }
}

/// A sink: no message leaves it.
fn use_up<S: Step>(step: &mut S, lane: &mut Lane, (span, run): Run<'_>, here: &mut Here) -> Result<()> {
    let messages = run.len() as u64;
    for index in run {
        step.step(S::In::read(span, index)?, &mut Nowhere)?;
        here.position = here.position.wrapping_add(1);
    }
    lane.take(messages);
    if lane.is_due() {
        lane.commit();
    }
    Ok(())
}

/// A one-to-one step with plain outputs writes slot `i` for message `i`: no branch is left in the loop, and it
/// vectorises.
fn fill_slots<S: Step>(
    step: &mut S,
    lane: &mut Lane,
    (span, mut run): Run<'_>,
    here: &mut Here,
) -> Result<()> {
    while !run.is_empty() {
        let room = (lane.make_room()? as usize).min(run.len());
        let slots = lane.next_slot();
        for index in 0..room {
            // SAFETY: `make_room` has found `room` free slots from `slots` on, in one piece, which hold `S::Out`.
            let mut place = unsafe { Place::new(slots.wrapping_add(index * size_of::<S::Out>())) };
            step.step(S::In::read(span, run.start + index)?, &mut place)?;
            here.position = here.position.wrapping_add(1);
        }
        lane.filled(room as u64);
        lane.forget_step();
        lane.take(room as u64);
        run.start += room;
        if lane.is_due() {
            lane.commit();
        }
    }
    Ok(())
}

/// A step with any number of plain outputs.
fn fill_stretches<S: Step>(
    step: &mut S,
    lane: &mut Lane,
    (span, run): Run<'_>,
    here: &mut Here,
) -> Result<()> {
    let mut out = Stretch::new(lane);
    for index in run {
        step.step(S::In::read(span, index)?, &mut out)?;
        out.end_step();
        here.position = here.position.wrapping_add(1);
    }
    drop(out);
    if lane.is_due() {
        lane.commit();
    }
    Ok(())
}

/// Every other step pushes. `TIMED`: each stage of its row is timed.
fn push_outputs<S: Step, const TIMED: bool>(
    step: &mut S,
    lane: &mut Lane,
    (span, run): Run<'_>,
    here: &mut Here,
) -> Result<()> {
    for index in run {
        lane.begin_step(0); // the messages before have been taken
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
        here.position = here.position.wrapping_add(1);
        if lane.is_due() {
            lane.commit();
        }
    }
    Ok(())
}
