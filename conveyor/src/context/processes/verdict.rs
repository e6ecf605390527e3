//! Why a worker has ended: from its death and from what it has left in shared memory.

use crate::graph::plan::LanePlan;
use crate::lane::{Desk, Phase};
use crate::memory::map::Map;
use crate::sys::death::{Death, exit};
use crate::worker::FAILED;
use crate::{Error, ErrorKind};

/// The error of a worker that has ended; none if that is as it should be.
pub(super) fn verdict(
    map: &Map,
    number: usize,
    lane: &LanePlan,
    death: Death,
    stopping: bool,
) -> Option<Error> {
    let desk = map.desk(number);
    let panics = map.panics(number).read();
    let (kind, cause) = match death {
        Death::Killed => return None,
        Death::Clean if desk.phase() == Phase::Through => match panics.elsewhere {
            None => return None,
            Some(text) => (ErrorKind::Panicked, text),
        },
        Death::Unknown if desk.phase() == Phase::Through => return None,
        Death::Exit(FAILED) | Death::Unknown => match map.last_words(number).read() {
            Some((kind, text)) => (kind, text),
            // without a status, the panic is all that tells; a worker that was asked to stop has none
            None if death == Death::Unknown && !stopping && panics.stage.is_some() => {
                (ErrorKind::Panicked, panics.stage.unwrap_or_default())
            }
            None if stopping => return None,
            None => (ErrorKind::Exit(FAILED), death.to_string()),
        },
        Death::Exit(exit::PANICKED) => {
            (ErrorKind::Panicked, panics.stage.unwrap_or_else(|| "a panic without a text".to_owned()))
        }
        Death::Exit(code @ (exit::REPLACED | exit::DAMAGED | exit::ORPHANED | exit::UNABLE)) => {
            (ErrorKind::Start, format!("the worker could not begin (exit code {code}); its stderr says why"))
        }
        Death::Signal { number, .. } => (ErrorKind::Signal(number), with_panic(&death, panics.stage)),
        Death::Clean => (ErrorKind::Exit(0), "it has called `exit` before its stream had ended".to_owned()),
        Death::Exit(code) => (ErrorKind::Exit(code), death.to_string()),
    };
    let kind = if desk.phase() == Phase::Building && kind == ErrorKind::Failed {
        ErrorKind::Constructor
    } else {
        kind
    };
    let (stage, position) = at_work(lane, desk);
    let cause = match desk.run() {
        Some(run) if position.is_none() && stage == lane.first().name => {
            format!("{cause}, while it worked on messages {} to {}", run.start, run.end.wrapping_sub(1))
        }
        _ => cause,
    };
    let error = Error::new(kind, cause).in_processor(stage).in_lane(lane.index as u32, lane.of as u32);
    Some(error.at_position(position))
}

/// The stage that was at work, and the position of its message if that is known.
fn at_work(lane: &LanePlan, desk: Desk<'_>) -> (&'static str, Option<u64>) {
    let place = desk.place();
    match lane.stages.get(place.at as usize) {
        // the row's own count says nothing of what other lanes have taken of its inlet
        Some(stage) if place.at > 0 || lane.inlet.is_none() && lane.stages.len() > 1 => {
            (stage.name, place.position)
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
