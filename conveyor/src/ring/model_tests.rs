//! Models of records, claims, bells, stillness and widths.

use super::bell::{Bell, Reason, committed};
use super::claim::Claims;
use super::patience::{Patience, Temper};
use super::record::{Hot, Record};
use super::stillness::nothing_moves;
use super::width::Width;
use super::writer::sleeps_at;
use crate::memory::Futex;
use crate::sync::models::{holds_but_for, holds_within};
use crate::sync::mutant::Mutant;
use crate::sync::{AtomicU32, AtomicU64, Ordering};
use loom::cell::UnsafeCell;
use loom::thread;
use std::sync::Arc;

const IMPATIENT: Patience = Patience { pauses: 0, yields: 0, may_nap: false };

fn words(count: usize) -> Vec<AtomicU64> {
    (0..count).map(|_| AtomicU64::new(0)).collect()
}

fn slots(count: usize) -> Vec<UnsafeCell<u64>> {
    (0..count).map(|_| UnsafeCell::new(0)).collect()
}

/// Reads a slot; the checker refuses that if somebody else may be writing it.
fn read(slot: &UnsafeCell<u64>) -> u64 {
    // SAFETY: the model has one thread at a time, and the checker sees who should have waited for whom.
    slot.with(|slot| unsafe { *slot })
}

/// Writes one; the checker refuses that if somebody else may be looking at it.
fn write(slot: &UnsafeCell<u64>, value: u64) {
    // SAFETY: as above.
    slot.with_mut(|slot| unsafe { *slot = value });
}

const VALUES: usize = 3;

#[test]
fn a_neighbour_sees_one_commit_and_what_it_publishes() {
    let mutants = [Mutant::CommitUnfenced, Mutant::CommitRelaxed, Mutant::ReadRelaxed, Mutant::ReadOnce];
    holds_but_for(&mutants, || {
        let shared = Arc::new((words(Record::words(VALUES)), slots(2)));
        let writers = shared.clone();
        let writer = thread::spawn(move || {
            let (words, slots) = &*writers;
            let (record, mut seq) = (Record::new(words, VALUES), 0);
            for tail in 1..=2 {
                write(&slots[tail - 1], tail as u64);
                record.commit(&mut seq, &[tail as u64; VALUES]);
            }
        });
        let (words, slots) = &*shared;
        let Hot([tail, second, third]) = Record::new(words, VALUES).hot();
        assert!(tail == second && second == third, "values of two commits");
        for (position, slot) in (1..=tail).zip(slots) {
            assert_eq!(read(slot), position);
        }
        writer.join().expect("it writes");
    });
}

/// Claim words, hint, slots.
type Ring = (Vec<AtomicU64>, AtomicU64, Vec<UnsafeCell<u64>>);

/// Claims single positions until there are none, and reads what is there.
fn claim_all(owner: usize, (words, hint, slots): &Ring) -> u64 {
    let (claims, mut sum) = (Claims::new(words, hint), 0);
    while let Some(range) = claims.claim(owner, slots.len() as u64, 1) {
        sum += read(&slots[range.start as usize]);
        claims.done(owner, range);
    }
    sum
}

#[test]
fn every_position_is_claimed_once() {
    holds_but_for(&[Mutant::ClaimBlindly], || {
        let shared: Arc<Ring> = Arc::new((words(2), AtomicU64::new(0), slots(2)));
        shared.2.iter().zip([1, 10]).for_each(|(slot, value)| write(slot, value));
        let other = shared.clone();
        let other = thread::spawn(move || claim_all(1, &other));
        let sum = claim_all(0, &shared) + other.join().expect("it claims");
        assert_eq!((sum, Claims::new(&shared.0, &shared.1).freed(0, 2)), (11, 2));
    });
}

#[test]
fn a_slot_is_used_again_when_it_has_been_read() {
    holds_but_for(&[Mutant::DoneRelaxed, Mutant::FreedRelaxed], || {
        let shared: Arc<Ring> = Arc::new((words(1), AtomicU64::new(0), slots(1)));
        let lane = shared.clone();
        let lane = thread::spawn(move || claim_all(0, &lane));
        let claims = Claims::new(&shared.0, &shared.1);
        while claims.freed(0, 1) == 0 {
            thread::yield_now();
        }
        write(&shared.2[0], 100);
        assert_eq!(lane.join().expect("it claims"), 0);
    });
}

#[test]
fn who_sleeps_is_woken_by_what_he_waits_for() {
    holds_but_for(&[Mutant::CommittedUnfenced, Mutant::AsleepUnfenced], || {
        let shared = Arc::new((AtomicU32::new(0), AtomicU64::new(0)));
        let commits = shared.clone();
        let writer = thread::spawn(move || {
            commits.1.store(1, Ordering::Release);
            committed();
            let bell = Bell(&commits.0);
            if bell.sleeps_for(&[Reason::Input]) {
                bell.ring(&Futex);
            }
        });
        let ready = || (shared.1.load(Ordering::Acquire) == 1).then_some(());
        Bell(&shared.0).wait(Reason::Input, &mut Temper::new(IMPATIENT), None, &Futex, ready);
        writer.join().expect("it commits");
    });
}

#[test]
fn who_has_taken_all_is_woken_by_what_comes_next() {
    holds_but_for(&[Mutant::CommittedUnfenced, Mutant::AsleepUnfenced], || {
        const HEAD: usize = 0;
        let shared = Arc::new((AtomicU32::new(0), AtomicU64::new(1), words(Record::words(VALUES))));
        let commits = shared.clone();
        let writer = thread::spawn(move || {
            let (bell, tail, head) = &*commits;
            tail.store(2, Ordering::Release);
            committed();
            if sleeps_at(Bell(bell), Record::new(head, VALUES), HEAD, 1) {
                Bell(bell).ring(&Futex);
            }
        });
        let (bell, tail, head) = &*shared;
        Record::new(head, VALUES).commit(&mut 0, &[1; VALUES]);
        let ready = || (tail.load(Ordering::Acquire) == 2).then_some(());
        Bell(bell).wait(Reason::Input, &mut Temper::new(IMPATIENT), None, &Futex, ready);
        writer.join().expect("it commits");
    });
}

#[test]
fn who_sleeps_at_two_bells_is_woken_at_either() {
    holds_but_for(&[Mutant::CommittedUnfenced, Mutant::AsleepUnfenced], || {
        let shared = Arc::new(([AtomicU32::new(0), AtomicU32::new(0)], AtomicU64::new(0)));
        let commits = shared.clone();
        let writer = thread::spawn(move || {
            commits.1.store(1, Ordering::Release);
            committed();
            let bell = Bell(&commits.0[1]);
            if bell.sleeps_for(&[Reason::Input]) {
                bell.ring(&Futex);
            }
        });
        let bells = [(Bell(&shared.0[0]), Reason::AnyRoom), (Bell(&shared.0[1]), Reason::Input)];
        Bell::wait_at_two(bells, IMPATIENT, &Futex, || shared.1.load(Ordering::Acquire) == 1);
        writer.join().expect("it commits");
    });
}

#[test]
fn who_is_parked_is_woken_when_the_width_grows() {
    holds_but_for(&[Mutant::CommittedUnfenced, Mutant::AsleepUnfenced], || {
        let shared = Arc::new((AtomicU32::new(0), AtomicU64::new(1)));
        let widens = shared.clone();
        let other = thread::spawn(move || {
            Width::new(&widens.1).set(2);
            committed();
            let bell = Bell(&widens.0);
            if bell.sleeps_for(&[Reason::Input, Reason::Parked]) {
                bell.ring(&Futex);
            }
        });
        let ready = || (!Width::new(&shared.1).parks(1)).then_some(());
        Bell(&shared.0).wait(Reason::Parked, &mut Temper::new(IMPATIENT), None, &Futex, ready);
        other.join().expect("it widens");
    });
}

/// Words of lanes that hand on one message: a bell and a record for each.
struct Row<const LANES: usize> {
    bells: [AtomicU32; LANES],
    records: [Vec<AtomicU64>; LANES],
    stop: AtomicU32,
}

impl<const LANES: usize> Row<LANES> {
    fn new() -> Row<LANES> {
        Row {
            bells: std::array::from_fn(|_| AtomicU32::new(0)),
            records: std::array::from_fn(|_| words(Record::words(VALUES))),
            stop: AtomicU32::new(0),
        }
    }

    fn record(&self, lane: usize) -> Record<'_> {
        Record::new(&self.records[lane], VALUES)
    }

    fn ring(&self, lane: usize) {
        committed();
        let bell = Bell(&self.bells[lane]);
        if bell.sleeps_for(&[Reason::Input]) {
            bell.ring(&Futex);
        }
    }

    /// Takes the message; the first lane waits for the end after that.
    fn live(&self, lane: usize) {
        let wait = |ready: &dyn Fn() -> bool| {
            let ready = || ready().then_some(());
            Bell(&self.bells[lane]).wait(Reason::Input, &mut Temper::new(IMPATIENT), None, &Futex, ready);
        };
        wait(&|| lane == 0 || self.record(lane - 1).commits() == 1);
        self.record(lane).commit(&mut 0, &[1; VALUES]);
        if lane + 1 < LANES {
            self.ring(lane + 1);
        }
        if lane == 0 {
            wait(&|| self.stop.load(Ordering::Acquire) == 1);
        }
    }

    /// If nothing moves, the message has come through. Each lane is rung once only: the checker does not know in which order
    /// a bell is rung and stored to.
    fn model() {
        let shared = Arc::new(Row::<LANES>::new());
        let lanes: Vec<_> = (0..LANES)
            .map(|lane| {
                let shared = shared.clone();
                thread::spawn(move || shared.live(lane))
            })
            .collect();
        let backwards = (0..LANES).rev();
        let about: Vec<_> = backwards.map(|lane| (Bell(&shared.bells[lane]), shared.record(lane))).collect();
        if nothing_moves(&about) {
            assert_eq!(shared.record(LANES - 1).commits(), 1, "the message is still under way");
        }
        shared.stop.store(1, Ordering::Release);
        shared.ring(0);
        lanes.into_iter().for_each(|lane| lane.join().expect("it ends"));
    }
}

#[test]
fn who_looks_once_more_is_not_asleep() {
    holds_within(2, &[Mutant::LooksAsleep, Mutant::AskedRelaxed], Row::<1>::model);
}

#[test]
fn nothing_moves_when_all_have_slept_for_a_while() {
    holds_within(2, &[Mutant::StillOnce], Row::<2>::model);
}
