//! Each way to end is reported as what it is, and nobody is left.

use super::*;
use crate::sync::Ordering::{Relaxed, SeqCst};
use crate::sys::futex::{self, Woken};
use crate::sys::panic::{PanicArea, Panics, record_in};
use std::path::Path;

fn raise(signal: i32) -> i32 {
    // SAFETY: raising a signal touches no memory.
    unsafe { libc::raise(signal) };
    0
}

#[test]
fn every_death_is_reported_as_what_it_is() {
    let signal = |number| Death::Signal { number, core_dumped: false };
    let cases: [(Main, Death); 8] = [
        (|_, _| 0, Death::Clean),
        (|_, _| 3, Death::Exit(3)),
        (|_, _| std::process::exit(4), Death::Exit(4)),
        (|_, _| panic!("on purpose"), Death::Exit(101)),
        (|_, _| std::process::abort(), signal(libc::SIGABRT)),
        (|_, _| raise(libc::SIGSEGV), signal(libc::SIGSEGV)),
        (|_, _| raise(libc::SIGKILL), signal(libc::SIGKILL)),
        (|_, _| raise(libc::SIGINT) + raise(libc::SIGTERM) + raise(libc::SIGPIPE), Death::Clean),
    ];
    for (main, death) in cases {
        assert_eq!(without_core_dumps(Run::of(&[main]).all()), [Event::Ended(0, death), Event::AllGone]);
    }
}

/// Whether there are any depends on the machine's limits.
fn without_core_dumps(mut events: Vec<Event>) -> Vec<Event> {
    for event in &mut events {
        if let Event::Ended(_, Death::Signal { core_dumped, .. }) = event {
            *core_dumped = false;
        }
    }
    events
}

#[test]
fn after_a_death_the_others_are_gone() {
    let run = Run::of(&[wait_for_ever, |_, _| 3, wait_for_ever]);
    let pids: Vec<u32> = run.pids.try_iter().collect();
    assert_eq!(run.next(), Event::Ended(1, Death::Exit(3)));
    let others = [run.next(), run.next()];
    assert!([0, 2].iter().all(|job| others.contains(&Event::Ended(*job, Death::Killed))), "{others:?}");
    assert_eq!(run.next(), Event::AllGone);
    assert_eq!(pids.len(), 3);
    for pid in pids {
        assert!(!Path::new(&format!("/proc/{pid}")).exists());
    }
}

#[test]
fn nobody_outlives_a_panic_of_whoever_is_told() {
    let mut run = Run::under(|_| panic!("on purpose"), &[wait_for_ever, |_, _| 3, wait_for_ever]);
    run.supervisor.join();
    let pids: Vec<u32> = run.pids.try_iter().collect();
    assert_eq!(run.events.try_iter().collect::<Vec<_>>(), [Event::Ended(1, Death::Exit(3))]);
    assert!(
        pids.len() == 3 && pids.iter().all(|pid| !Path::new(&format!("/proc/{pid}")).exists()),
        "{pids:?}"
    );
}

#[test]
fn a_clean_end_leaves_the_others_alone() {
    let main: Main = |_, segment| {
        while futex::wait(word(&segment, 0), 0, Some(DEADLINE)) == Woken::Look {
            if word(&segment, 0).load(SeqCst) == 1 {
                return 0;
            }
        }
        9
    };
    let run = Run::of(&[|_, _| 0, main]);
    assert_eq!(run.next(), Event::Ended(0, Death::Clean));
    word(&run.segment, 0).store(1, SeqCst);
    futex::wake_all(word(&run.segment, 0));
    assert_eq!(run.next(), Event::Ended(1, Death::Clean));
    assert_eq!(run.next(), Event::AllGone);
}

#[test]
fn a_stopped_worker_can_be_killed() {
    let run = Run::of(&[|_, _| raise(libc::SIGSTOP), wait_for_ever]);
    run.supervisor.kill_all();
    let mut events = run.all();
    assert_eq!(events.pop(), Some(Event::AllGone));
    assert!(events.contains(&Event::Ended(0, Death::Killed)), "{events:?}");
    assert!(events.contains(&Event::Ended(1, Death::Killed)), "{events:?}");
}

#[test]
fn dropping_the_supervisor_ends_the_run() {
    let Run { supervisor, events, pids, segment: _segment } = Run::of(&[wait_for_ever]);
    let pid = pids.recv().unwrap();
    drop(supervisor);
    assert!(!Path::new(&format!("/proc/{pid}")).exists());
    assert_eq!(events.try_iter().collect::<Vec<_>>(), [Event::Ended(0, Death::Killed), Event::AllGone]);
}

#[test]
fn a_worker_shares_the_memory_however_it_gets_it_and_holds_no_other_way_to_it() {
    let main: Main = |order, segment| {
        word(&segment, 0).fetch_add(1, SeqCst);
        futex::wake_all(word(&segment, 0));
        let links = std::fs::read_dir("/proc/self/fd").unwrap().flatten();
        let memfd = |link: &std::path::PathBuf| link.to_string_lossy().contains("memfd:conveyor");
        if links.filter_map(|link| std::fs::read_link(link.path()).ok()).any(|link| memfd(&link)) {
            return 8;
        }
        let stdin = std::fs::read_link("/proc/self/fd/0").unwrap();
        if order.claims_stdin || stdin == Path::new("/dev/null") { 0 } else { 9 }
    };
    for backend in [Backend::Memfd, Backend::Named] {
        for claims_stdin in [false, true] {
            let run = Run::start(&[main, main], [0; 2], backend, claims_stdin).unwrap();
            let count = word(&run.segment, 0);
            while count.load(SeqCst) < 2 {
                assert_eq!(futex::wait(count, count.load(SeqCst) & 1, Some(DEADLINE)), Woken::Look);
            }
            assert_eq!(
                run.all().iter().filter(|event| matches!(event, Event::Ended(_, Death::Clean))).count(),
                2
            );
        }
    }
}

#[test]
fn an_order_arrives_as_it_was_given() {
    let main: Main = |order, segment| {
        let thread = std::thread::current();
        assert_eq!(thread.name(), Some(order.to_string().as_str()));
        assert_eq!(std::env::var_os(hook::VARIABLE), None);
        assert_eq!((order.name.as_str(), order.lanes), ("worker", 2));
        word(&segment, order.lane as usize).store(order.lane + 1, Relaxed);
        0
    };
    let mut run = Run::of(&[main, main]);
    run.supervisor.join();
    assert_eq!([0, 1].map(|index| word(&run.segment, index).load(Relaxed)), [1, 2]);
}

/// The area lies behind the words in use.
fn panic_area(segment: &Segment) -> &PanicArea {
    assert!(segment.len() >= size_of::<PanicArea>());
    // SAFETY: it fits, is aligned to a page, and any bytes are valid.
    unsafe { segment.base().cast().as_ref() }
}

#[test]
fn panics_outlive_their_worker_and_a_thread_does_not_hide_its_own() {
    let main: Main = |_, segment| {
        let segment = Box::leak(Box::new(segment));
        record_in(panic_area(segment));
        let thread = std::thread::Builder::new().name("helper".to_owned());
        let _ = thread.spawn(|| panic!("in a thread")).unwrap().join();
        let _ = std::thread::spawn(|| panic!("later")).join();
        let _ = std::panic::catch_unwind(|| panic!("first"));
        let _ = std::panic::catch_unwind(|| panic!("{}", "é".repeat(5000)));
        std::panic::catch_unwind(|| panic!("last")).map_or(0, |()| 1)
    };
    let mut run = Run::of(&[main]);
    assert_eq!(run.next(), Event::Ended(0, Death::Clean));
    run.supervisor.join();
    let Panics { stage, elsewhere, .. } = panic_area(&run.segment).read();
    let (stage, elsewhere) = (stage.unwrap(), elsewhere.unwrap());
    assert!(stage.starts_with("last, at ") && stage.contains("deaths.rs:"), "{stage}");
    assert!(
        elsewhere.starts_with("in a thread, at ") && elsewhere.contains(", in thread `helper`"),
        "{elsewhere}"
    );
}

#[test]
fn a_damaged_panic_area_is_read_within_its_bounds() {
    let segment = Segment::create(4096, Backend::Memfd).unwrap();
    for index in 0..1024 {
        word(&segment, index).store(u32::MAX, Relaxed);
    }
    let Panics { stage, elsewhere, .. } = panic_area(&segment).read();
    assert_eq!((stage.unwrap().chars().count(), elsewhere.unwrap().chars().count()), (2040, 2040));
}

extern "C" fn count_constructor() {
    CONSTRUCTED.fetch_add(1, Relaxed);
}

static CONSTRUCTED: AtomicU32 = AtomicU32::new(0);

#[used]
// SAFETY: the section holds constructors, and this one only counts.
#[unsafe(link_section = ".init_array.00200")]
static EARLY_CONSTRUCTOR: extern "C" fn() = count_constructor;

// Where the linker knows no priority as low as this one, the worker's hook may come after it.
#[used]
// SAFETY: the section holds constructors, and this one only counts.
#[unsafe(link_section = ".init_array.70000")]
static LATE_CONSTRUCTOR: extern "C" fn() = count_constructor;

#[test]
fn constructors_run_once_in_a_worker() {
    let main: Main = |_, _| CONSTRUCTED.load(Relaxed) as i32 + 10;
    assert_eq!(Run::of(&[main]).next(), Event::Ended(0, Death::Exit(12)));
}
