//! That a victim stops in every state: the states of a life in which it stops where it writes are those of the same life,
//! looked at after every single instruction.

use crate::course::{Case, Course, Order};
use crate::runner::Tests;
use crate::victim::{Stop, Victim};
use conveyor::pipeline;
use std::ops::Range;

/// The lane of the second processor.
const LANE: usize = 2;

pub(crate) fn tests(tests: &mut Tests) {
    let row = pipeline! { <u64 -> u64>; processor(|x| x + 1) -> pipe -> flat_map(|x| (0..x % 3).map(move |k| x * 10 + k)) };
    let case: &'static _ = Box::leak(Box::new(Case::new(row, Order::Kept, (0..6).collect())));
    tests.add("stepped::no_state_is_left_out", move || {
        let (stopped, _) = states(case, false)?;
        let (stepped, instructions) = states(case, true)?;
        match stopped == stepped {
            true => Ok(format!("{} states of {instructions} instructions", stepped.len())),
            false => Err(difference(&stopped, &stepped)),
        }
    });
}

/// The first state that differs, and where in the areas.
fn difference(stopped: &[Vec<u8>], stepped: &[Vec<u8>]) -> String {
    let number = stopped.iter().zip(stepped).take_while(|(one, other)| one == other).count();
    let bytes = stopped.get(number).zip(stepped.get(number)).and_then(|(one, other)| {
        let at = one.iter().zip(other).position(|(one, other)| one != other)?;
        Some((at, one[at], other[at]))
    });
    let [stopped, stepped] = [stopped, stepped].map(<[_]>::len);
    format!("{stopped} states where it writes, {stepped} in all; state {number} differs, byte {bytes:?}")
}

/// The states of the memory, one after the other, and how often it was looked at.
fn states(case: &'static Case<u64, u64>, stepping: bool) -> Result<(Vec<Vec<u8>>, usize), String> {
    let mut course = Course::new(case)?;
    course.leave_out(LANE);
    let mut victim = match stepping {
        true => Victim::start_at_large(&course.stand, LANE),
        false => Victim::start(&course.stand, LANE),
    };
    while !matches!(victim.stop()?, Stop::Idle) {
        victim.go_on();
    }
    course.run(Some(LANE))?;
    if stepping {
        victim = victim.stepping();
    }
    let areas = course.stand.protocol_areas();
    let (mut states, mut looks) = (vec![course.bytes().to_owned()], 0);
    victim.go_on();
    loop {
        looks += 1;
        match if stepping { victim.step()? } else { victim.stop()? } {
            Stop::Wrote => {
                note(&course, &areas, &mut states);
                if stepping {
                    continue;
                }
            }
            Stop::Idle => {
                course.run(Some(LANE))?;
                note(&course, &areas, &mut states);
            }
            Stop::Ended => break,
        }
        victim.go_on();
    }
    let matters = |state: Vec<u8>| areas.iter().flat_map(|area| state[area.clone()].to_owned()).collect();
    Ok((states.into_iter().map(matters).collect(), looks))
}

/// The state is a new one, if what matters has changed.
fn note(course: &Course<u64, u64>, areas: &[Range<usize>], states: &mut Vec<Vec<u8>>) {
    let (now, last) = (course.bytes(), states.last().map_or(&[][..], Vec::as_slice));
    if areas.iter().any(|area| now[area.clone()] != last[area.clone()]) {
        states.push(now.to_owned());
    }
}
