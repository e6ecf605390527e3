//! What becomes of a lane whose worker has died. A pure function of the plan and of the facts about its stages; the
//! supervisor and the replacement itself ask it alike.

use super::facts::StageFacts;
use super::options::Restart;
use super::plan::{LanePlan, StagePlan};
use super::table::Kind;

/// From the best to the worst.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Recovery {
    /// A replacement goes on where the record says.
    Resume,
    /// A replacement goes on where the record says, but some of its state is gone, as the user has allowed.
    Empty,
    /// The same for a source that starts from its beginning: what it has given before goes nowhere.
    Replay,
    /// The run ends. The text says what could be written to change that.
    End(String),
}

/// What can be done for a lane. It is as good as the least of its stages.
pub(crate) fn recovery(lane: &LanePlan, about: impl Fn(u32) -> StageFacts, claims_stdin: bool) -> Recovery {
    let first = lane.first();
    let is_source = first.kind == Kind::Source;
    if is_source && claims_stdin {
        let what = format!("`{}` reads the standard input, and what it has read is gone", first.name);
        return Recovery::End(what);
    }
    let source = is_source.then(|| of_source(first, about(first.stage), lane.outlet.is_some()));
    let is_replayed = source == Some(Recovery::Replay);
    let others = lane.stages.iter().skip(usize::from(is_source));
    let others = others.map(|stage| of_stage(stage, about(stage.stage), is_replayed));
    source.into_iter().chain(others).max().unwrap_or(Recovery::Resume)
}

/// Of which chunks that came with a message a worker makes copies for its replacement, which works on the message again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Copies {
    /// None come, or there is no replacement.
    None,
    /// Of those that it changes in place.
    Changed,
    /// Of those that leave with a part of a step. The same comes of changing them once more.
    Gone,
}

/// Of which chunks a lane's worker makes copies.
pub(crate) fn copies(lane: &LanePlan, about: impl Fn(u32) -> StageFacts) -> Copies {
    let takes_chunks =
        lane.inlet.is_some() && !lane.is_callers() && about(lane.first().stage).takes.holds_chunks;
    if !takes_chunks || matches!(recovery(lane, about, false), Recovery::End(_)) {
        Copies::None
    } else if lane.is_deterministic() {
        Copies::Gone
    } else {
        Copies::Changed
    }
}

fn of_source(stage: &StagePlan, about: StageFacts, is_recorded: bool) -> Recovery {
    match stage.options.restart {
        Some(Restart::Never) => never(stage),
        _ if about.resumes() => Recovery::Resume,
        _ if stage.options.deterministic && is_recorded => Recovery::Replay,
        _ if stage.options.deterministic => Recovery::End(format!(
            "nobody knows how far `{}` has come, because it shares a process with its sink: write `[fuse = none]` there",
            stage.name
        )),
        Some(Restart::Empty) => Recovery::Empty,
        _ => Recovery::End(format!(
            "the source `{}` cannot go on where it was: give it a checkpoint, or write \
             `[deterministic]` if it gives the same messages whenever it is made, or `[restart = empty]` if it may \
             start again",
            stage.name
        )),
    }
}

/// `is_replayed`: everything before it in its row happens again from the beginning. What the row has given is found by counting,
/// so each of its stages has to give as much again, and to begin as it began.
fn of_stage(stage: &StagePlan, about: StageFacts, is_replayed: bool) -> Recovery {
    let keeps_nothing = stage.options.stateless || about.stateless || stage.kind == Kind::Relay;
    let gives_as_much = stage.options.deterministic || about.gives_one || stage.kind == Kind::Relay;
    match stage.options.restart {
        Some(Restart::Never) => never(stage),
        _ if is_replayed && about.resumes() => Recovery::End(format!(
            "`{}` has a checkpoint, but shares a process with a source that starts again from its beginning: give the source one,              too, or write `[fuse = none]` there",
            stage.name
        )),
        _ if is_replayed && !gives_as_much => Recovery::End(format!(
            "`{}` shares a process with a source that starts again from its beginning, and may give more or less then: write \
             `[deterministic]` if it gives the same again, or `[fuse = none]` at the source",
            stage.name
        )),
        _ if keeps_nothing || about.resumes() => Recovery::Resume,
        _ if is_replayed && stage.options.deterministic => Recovery::Resume,
        Some(Restart::Empty) => Recovery::Empty,
        _ => Recovery::End(format!(
            "`{}` has state, and that is gone: write `[stateless]` if it keeps nothing from message to message, give \
             it a checkpoint, or write `[restart = empty]` if it may go on without",
            stage.name
        )),
    }
}

fn never(stage: &StagePlan) -> Recovery {
    Recovery::End(format!("`{}` has the option `[restart = never]`", stage.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::element::adapt::Forward;
    use crate::graph::options::StageOptions;
    use crate::graph::plan::RingPlan;
    use crate::value::Job;

    const STATEFUL: u32 = 0;
    const STATELESS: u32 = 1;
    const RESUMES: u32 = 2;
    /// And of any number of outputs.
    const FILTERS: u32 = 3;

    fn about(stage: u32) -> StageFacts {
        let is_stateless = [STATELESS, FILTERS].contains(&stage);
        let facts = StageFacts::of::<u64, u64, Forward<u64>>(is_stateless, stage != FILTERS);
        StageFacts { checkpoint_bytes: usize::from(stage == RESUMES), ..facts }
    }

    fn stage(kind: Kind, stage: u32, options: StageOptions) -> StagePlan {
        StagePlan { stage, name: "it", kind, pools: &[], options }
    }

    fn lane(stages: Vec<StagePlan>) -> LanePlan {
        let is_sink = stages.last().is_some_and(|stage| stage.kind == Kind::Sink);
        let ring = RingPlan {
            pipe: 9,
            pipe_name: "pipe",
            capacity: None,
            limit_bytes: None,
            options: Default::default(),
            depth: 0,
            fork: None,
            groups: Vec::new(),
        };
        let outlet = (!is_sink).then_some(ring);
        LanePlan { stages, job: Job::Stage(0), index: 0, of: 1, inlet: None, outlet, depth: 0 }
    }

    fn of(stages: Vec<StagePlan>) -> Recovery {
        recovery(&lane(stages), about, false)
    }

    fn restart(restart: Restart) -> StageOptions {
        StageOptions { restart: Some(restart), ..StageOptions::default() }
    }

    const NONE: StageOptions = StageOptions {
        stateless: false,
        deterministic: false,
        restart: None,
        deadline: None,
        on_poison: None,
        fuse: None,
    };

    fn advises(recovery: Recovery, what: &str) {
        let Recovery::End(text) = recovery else { panic!("{recovery:?}") };
        assert!(text.contains(what), "{text}");
    }

    #[test]
    fn a_processor_is_replaced_if_nothing_of_it_is_lost() {
        use Kind::{Processor, Relay, Sink};
        for kind in [Processor, Sink] {
            for known in [STATELESS, RESUMES] {
                assert_eq!(of(vec![stage(kind, known, NONE)]), Recovery::Resume);
            }
            let said = StageOptions { stateless: true, ..NONE };
            assert_eq!(of(vec![stage(kind, STATEFUL, said)]), Recovery::Resume);
            advises(of(vec![stage(kind, STATEFUL, NONE)]), "`[stateless]`");
            advises(of(vec![stage(kind, STATEFUL, restart(Restart::OnCrash(3)))]), "checkpoint");
            assert_eq!(of(vec![stage(kind, STATEFUL, restart(Restart::Empty))]), Recovery::Empty);
            advises(of(vec![stage(kind, STATELESS, restart(Restart::Never))]), "`[restart = never]`");
        }
        assert_eq!(of(vec![stage(Relay, STATEFUL, NONE)]), Recovery::Resume);
        let deterministic = StageOptions { deterministic: true, ..NONE };
        advises(of(vec![stage(Processor, STATEFUL, deterministic)]), "has state");
    }

    #[test]
    fn a_source_is_replaced_if_its_position_can_be_found_again() {
        let source = |known, options| of(vec![stage(Kind::Source, known, options)]);
        let deterministic = StageOptions { deterministic: true, ..NONE };
        advises(source(STATEFUL, NONE), "`[deterministic]`");
        assert_eq!(source(STATEFUL, deterministic), Recovery::Replay);
        assert_eq!(source(RESUMES, deterministic), Recovery::Resume);
        assert_eq!(source(STATEFUL, restart(Restart::Empty)), Recovery::Empty);
        advises(source(RESUMES, restart(Restart::Never)), "never");
        let of_stdin = recovery(&lane(vec![stage(Kind::Source, RESUMES, deterministic)]), about, true);
        advises(of_stdin, "standard input");
    }

    #[test]
    fn a_row_is_as_good_as_its_least_stage() {
        use Kind::{Processor, Sink, Source};
        let deterministic = StageOptions { deterministic: true, ..NONE };
        let empty = restart(Restart::Empty);
        let row = |stages: &[(Kind, u32, StageOptions)]| {
            of(stages.iter().map(|(kind, known, options)| stage(*kind, *known, *options)).collect())
        };
        let (good, bad) = ((Processor, STATELESS, NONE), (Processor, STATEFUL, NONE));
        assert_eq!(row(&[good, good]), Recovery::Resume);
        advises(row(&[good, bad, good]), "has state");
        assert_eq!(row(&[good, (Processor, STATEFUL, empty)]), Recovery::Empty);
        // what a replayed source gives again makes the same state again
        let source = (Source, STATEFUL, deterministic);
        assert_eq!(row(&[source, good, (Processor, STATEFUL, deterministic)]), Recovery::Replay);
        advises(row(&[source, bad]), "has state");
        // which is found by counting what comes out
        assert_eq!(row(&[(Processor, FILTERS, NONE)]), Recovery::Resume);
        advises(row(&[source, good, (Processor, FILTERS, NONE)]), "`[deterministic]`");
        assert_eq!(row(&[source, good, (Processor, FILTERS, deterministic)]), Recovery::Replay);
        assert_eq!(row(&[(Source, RESUMES, NONE), (Processor, FILTERS, NONE)]), Recovery::Resume);
        // and nothing must be there that was there later
        advises(row(&[source, (Processor, RESUMES, deterministic)]), "has a checkpoint");
        assert_eq!(row(&[(Source, RESUMES, NONE), (Processor, RESUMES, NONE)]), Recovery::Resume);
        assert_eq!(row(&[source, (Processor, STATEFUL, empty)]), Recovery::Replay);
        advises(row(&[source, (Sink, STATELESS, NONE)]), "`[fuse = none]`");
        assert_eq!(row(&[(Source, RESUMES, NONE), (Sink, STATELESS, NONE)]), Recovery::Resume);
    }
}
