//! What a lane's history says, without any process.

use super::*;
use crate::context::Control;
use crate::context::processes::{LaidOut, lay_out};
use crate::graph::options::Fuse;
use crate::graph::plan::{Fusing, Limits};
use crate::message::Kept;
use crate::{Backend, Pipeline, pipeline};

/// A run of two processors, and the history of the first; nothing has happened.
fn healthy() -> (Run, Patient) {
    first_of(pipeline! { <u64 -> u64>; processor(|x| x) -> pipe -> processor(|x| x) })
}

fn first_of(row: Pipeline<u64, u64>) -> (Run, Patient) {
    let declared = row.declared().expect("it is right");
    let limits = Limits { workers: 2, cores: 1, fusing: Fusing::Asked(Fuse::None) };
    let LaidOut { map, plan, facts, .. } =
        lay_out(declared, declared.settings.clone(), limits, Backend::default().into()).expect("memory");
    let lane = plan.lanes.iter().position(|lane| !lane.is_callers()).expect("there are workers");
    let patient = Patient::new(&plan, lane, &facts.stages, |_| false);
    (Run::new(map, plan, 1, Kept::default()), patient)
}

/// A worker dies at its first message.
fn dies(run: &Run, patient: &mut Patient, waits: bool) -> Result<Option<Suspect>, String> {
    let desk = run.map.desk(patient.lane);
    desk.set_phase(Phase::Working);
    desk.begin(0, 1, (0, 0));
    desk.set_waits(waits);
    is_replaced(run, patient, &DeadLetters::to(None))
}

/// It has died of a bad address.
fn is_replaced(run: &Run, patient: &mut Patient, letters: &DeadLetters) -> Result<Option<Suspect>, String> {
    let error = Error::new(ErrorKind::Signal(libc::SIGSEGV), "a bad address");
    let next = patient.replacement(run, letters, &error);
    run.map.desk(patient.lane).clear();
    next
}

#[test]
fn a_message_is_to_blame_for_the_third_death() {
    let (run, mut patient) = healthy();
    for _ in 0..TRIES - 1 {
        let suspect = dies(&run, &mut patient, false).expect("another one may do better");
        assert_eq!(suspect.map(|suspect| (suspect.ring, suspect.end, suspect.skip)), Some((0, 1, false)));
    }
    let why = dies(&run, &mut patient, false).expect_err("it would end the next one");
    assert!(why.contains("has ended its worker 3 times"), "{why}");
}

#[test]
fn who_waits_in_the_middle_of_a_message_does_not_die_of_it() {
    let (run, mut patient) = healthy();
    for _ in 0..TRIES {
        let suspect = dies(&run, &mut patient, true).expect("nothing is wrong with it");
        assert!(suspect.is_none(), "{suspect:?}");
    }
    let suspect = dies(&run, &mut patient, false).expect("it is the first of its kind");
    assert!(suspect.is_some());
}

#[test]
fn a_message_that_is_left_out_has_one_letter_whoever_dies_before_it_is_passed() {
    let row = pipeline! { <u64 -> u64>; processor(|x| x) [on_poison = skip] -> pipe -> processor(|x| x) };
    let (run, mut patient) = first_of(row);
    let directory = tempfile::tempdir().expect("a directory");
    let letters = DeadLetters::to(Some(&directory.path().join("letters")));
    let desk = run.map.desk(patient.lane);
    let mut dies_at = |position: Option<u64>| {
        desk.set_phase(Phase::Working);
        position.inspect(|position| desk.begin(*position, position + 1, (0, 0)));
        let suspect = is_replaced(&run, &mut patient, &letters).expect("another one may do better");
        suspect.map(|suspect| (suspect.ring, suspect.end, suspect.skip))
    };
    assert_eq!(dies_at(Some(0)), Some((0, 1, false)));
    assert_eq!(dies_at(Some(0)), Some((0, 1, false)));
    // it is left out from now on, and until somebody has done that
    assert_eq!(dies_at(Some(0)), Some((0, 1, true)));
    assert_eq!(dies_at(None), Some((0, 1, true)));
    let letters = std::fs::read_to_string(letters.path()).expect("they were written");
    assert_eq!(letters.lines().count(), 1, "{letters}");
    assert_eq!(run.report().left_out(), 1);
}
