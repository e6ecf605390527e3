//! Workers that are replaced, and when they are not.

use super::*;
use crate::sync::Ordering::SeqCst;
use crate::sys::futex;
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit};

fn always(death: Death) -> Verdict {
    match death {
        Death::Clean | Death::Killed => Verdict::GoOn,
        _ => Verdict::Replace(Some(Suspect { ring: 1, end: 5, skip: false })),
    }
}

const KILLED: Death = Death::Signal { number: libc::SIGKILL, core_dumped: false };

fn kill(pid: u32) {
    kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), Signal::KILL).unwrap();
}

#[test]
fn a_replacement_gets_the_same_order_and_is_told_of_the_death() {
    let main: Main = |order, segment| match word(&segment, 0).fetch_add(1, SeqCst) {
        0 => 7,
        _ => i32::from(order.suspect != Some(Suspect { ring: 1, end: 5, skip: false }) || order.lane != 0),
    };
    let mut run = Run::under(always, &[main]);
    run.supervisor.join();
    let events: Vec<_> = run.events.try_iter().collect();
    assert_eq!(events, [Event::Ended(0, Death::Exit(7)), Event::Ended(0, Death::Clean), Event::AllGone]);
    assert_eq!(run.pids.try_iter().count(), 2);
}

#[test]
fn the_dead_one_is_reaped_before_its_replacement_starts() {
    let main: Main = |_, segment| {
        let me = std::process::id();
        match word(&segment, 1).swap(me, SeqCst) {
            0 => 7,
            before => i32::from(std::fs::exists(format!("/proc/{before}")).unwrap()),
        }
    };
    let run = Run::under(always, &[main]);
    assert_eq!(run.all(), [Event::Ended(0, Death::Exit(7)), Event::Ended(0, Death::Clean), Event::AllGone]);
}

#[test]
fn many_are_killed_from_outside_and_replaced() {
    let mut run = Run::under(always, &[wait_for_ever as Main; 3]);
    for _ in 0..60 {
        kill(run.pids.recv_timeout(DEADLINE).unwrap());
        let Event::Ended(_, KILLED) = run.next() else { panic!("somebody else has died") };
    }
    run.supervisor.kill_all();
    run.supervisor.join();
    let events: Vec<_> = run.events.try_iter().collect();
    assert_eq!(events.len(), 4, "three are left, and no replacement comes after them: {events:?}");
    assert_eq!(run.pids.try_iter().count(), 3);
}

#[test]
fn replacements_use_up_nothing() {
    let host: Main = |_, _| {
        let descriptors = || std::fs::read_dir("/proc/self/fd").unwrap().count();
        let run = Run::under(always, &[wait_for_ever as Main; 2]);
        let (first, second) = (run.pids.recv().unwrap(), run.pids.recv().unwrap());
        let before = descriptors();
        kill(first);
        kill(second);
        for _ in 0..200 {
            kill(run.pids.recv_timeout(DEADLINE).unwrap());
        }
        assert_eq!([(); 2].map(|()| run.pids.recv_timeout(DEADLINE).is_ok()), [true; 2]);
        let start = std::time::Instant::now();
        while descriptors() > before {
            // what a dead worker has written is read a little later
            if start.elapsed() > DEADLINE {
                return 1;
            }
        }
        0
    };
    assert_eq!(Run::of(&[host]).all(), [Event::Ended(0, Death::Clean), Event::AllGone]);
}

#[test]
fn nobody_is_replaced_once_the_run_is_killed() {
    // whichever comes first, the death or the end: afterwards nobody is there
    for _ in 0..30 {
        let mut run = Run::under(always, &[wait_for_ever as Main; 2]);
        let pids = [run.pids.recv().unwrap(), run.pids.recv().unwrap()];
        kill(pids[0]);
        run.supervisor.kill_all();
        run.supervisor.join();
        for pid in pids.into_iter().chain(run.pids.try_iter()) {
            assert!(!std::fs::exists(format!("/proc/{pid}")).unwrap());
        }
    }
}

/// A host whose first worker dies after the host has used up its descriptors.
fn spoilt(free_again: bool) -> Vec<Event> {
    let main: Main = |_, segment| {
        if word(&segment, 1).fetch_add(1, SeqCst) > 0 {
            return 0;
        }
        while word(&segment, 0).load(SeqCst) == 0 {
            futex::wait(word(&segment, 0), 0, None);
        }
        7
    };
    let run = Run::under(always, &[main]);
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: Some(4), ..limit }).unwrap();
    word(&run.segment, 0).store(1, SeqCst);
    futex::wake_all(word(&run.segment, 0));
    assert_eq!(run.next(), Event::Ended(0, Death::Exit(7)));
    if free_again {
        setrlimit(Resource::Nofile, limit).unwrap();
    }
    run.all()
}

#[test]
fn a_host_without_descriptors_for_a_while_replaces_a_little_later() {
    let run = Run::of(&[|_, _| i32::from(spoilt(true) != [Event::Ended(0, Death::Clean), Event::AllGone])]);
    assert_eq!(run.all(), [Event::Ended(0, Death::Clean), Event::AllGone]);
}

#[test]
fn a_host_without_descriptors_for_good_is_told_so() {
    let run = Run::of(&[|_, _| i32::from(spoilt(false) != [Event::Lost(0), Event::AllGone])]);
    assert_eq!(run.all(), [Event::Ended(0, Death::Clean), Event::AllGone]);
}
