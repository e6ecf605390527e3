//! Why a worker has ended: from its death and from what it has left in shared memory.

use crate::graph::plan::LanePlan;
use crate::lane::{Desk, Phase};
use crate::memory::map::Map;
use crate::ring::values::{self, Flags};
use crate::sys::death::{Death, exit};
use crate::worker::FAILED;
use crate::{Error, ErrorKind};
use std::time::Duration;

/// How a worker has ended.
pub(super) enum Ending {
    /// As it should.
    Well,
    /// User code has said that it cannot go on, or the worker could not even begin: the run ends.
    Failed(Error),
    /// Another worker might go on. If not, this is why the run ends.
    Died(Error),
}

/// What has become of a worker. `overdue`: it was killed, because it had worked for longer than its deadline.
pub(super) fn ending(
    map: &Map,
    number: usize,
    lane: &LanePlan,
    death: Death,
    overdue: Option<Duration>,
    stopping: bool,
) -> Ending {
    let desk = map.desk(number);
    let panics = map.panics(number).read();
    let is_through = desk.phase() == Phase::Through;
    let has_ended = Flags::unpack(map.record(number).value(values::FLAGS)).ended;
    let (kind, cause, is_failure) = match death {
        Death::Killed => return Ending::Well,
        Death::Clean if is_through => match panics.elsewhere {
            None => return Ending::Well,
            Some(text) => (ErrorKind::Panicked, text, true),
        },
        Death::Unknown if is_through => return Ending::Well,
        // everything has been handed over, and `finish` was called: nobody misses it
        Death::Unknown | Death::Signal { number: libc::SIGKILL, .. } if has_ended => return Ending::Well,
        Death::Signal { number: libc::SIGKILL, .. } | Death::Unknown if let Some(deadline) = overdue => {
            let text = format!("it has worked on one message for longer than its deadline of {deadline:?}");
            (ErrorKind::Overdue, text, false)
        }
        Death::Exit(FAILED) | Death::Unknown => match (map.last_words(number).read(), panics.stage) {
            (Some((kind, text)), _) => (kind, text, true),
            (None, _) if stopping => return Ending::Well,
            // without a status, the panic is all that tells
            (None, Some(text)) if death == Death::Unknown => (ErrorKind::Panicked, text, false),
            (None, _) if death == Death::Unknown => (ErrorKind::Died, death.to_string(), false),
            (None, _) => (ErrorKind::Exit(FAILED), death.to_string(), false),
        },
        Death::Exit(exit::PANICKED) => {
            let text = panics.stage.unwrap_or_else(|| "a panic without a text".to_owned());
            (ErrorKind::Panicked, text, false)
        }
        Death::Exit(code @ (exit::REPLACED | exit::DAMAGED | exit::ORPHANED | exit::UNABLE)) => {
            let text = format!("the worker could not begin (exit code {code}); its stderr says why");
            (ErrorKind::Start, text, true)
        }
        Death::Signal { number, .. } if panics.stack => {
            let text = format!("was ended by signal {number}: its stack ran out");
            (ErrorKind::Signal(number), text, false)
        }
        Death::Signal { number, .. } => (ErrorKind::Signal(number), with_panic(&death, panics.stage), false),
        Death::Clean => {
            let text = "it has called `exit` before its stream had ended".to_owned();
            (ErrorKind::Exit(0), text, false)
        }
        Death::Exit(code) => (ErrorKind::Exit(code), death.to_string(), false),
    };
    let kind = match desk.phase() {
        Phase::Building if kind == ErrorKind::Failed => ErrorKind::Constructor,
        _ => kind,
    };
    let (stage, position) = at_work(lane, desk);
    let cause = match desk.run() {
        Some(run) if position.is_none() && stage == lane.first().name => {
            format!("{cause}, while it worked on messages {} to {}", run.start, run.end.wrapping_sub(1))
        }
        _ => cause,
    };
    let error = Error::new(kind, cause).in_processor(stage).in_lane(lane.index as u32, lane.of as u32);
    let error = error.at_position(position);
    // what has ended its stream and dies after that has nothing left that another could do
    if is_failure || has_ended { Ending::Failed(error) } else { Ending::Died(error) }
}

/// The stage that was at work, and the position of its message if that is known.
fn at_work(lane: &LanePlan, desk: Desk<'_>) -> (&'static str, Option<u64>) {
    let place = desk.place();
    match lane.stages.get(place.at as usize) {
        // the row's own count says nothing of what other lanes have taken of its inlet
        Some(stage) if place.at > 0 || lane.inlet.is_none() && lane.stages.len() > 1 => {
            // what a source has given is what the stage behind it has taken
            let counting = if lane.inlet.is_none() { place.at.max(1) } else { place.at };
            let before = desk.of_stage(counting as usize).before();
            let position = place.position.filter(|_| desk.phase() != Phase::Saving);
            (stage.name, position.map(|position| position.wrapping_add(before)))
        }
        _ => (lane.first().name, desk.position()),
    }
}

/// A program that aborts on panic has told why.
fn with_panic(death: &Death, panic: Option<String>) -> String {
    match panic {
        Some(text) => format!("{death}, after a panic: {text}"),
        None => death.to_string(),
    }
}
