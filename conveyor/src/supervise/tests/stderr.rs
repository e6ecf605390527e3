//! What workers write to stderr. The host of these runs is itself a worker, so that its stderr can be replaced.

use super::*;
use std::io::{Read, Write, pipe};

/// Everything that a host with these workers writes to stderr.
fn text_of(main: Main) -> String {
    let (mut reader, writer) = pipe().unwrap();
    let text = std::thread::spawn(move || {
        let mut text = String::new();
        reader.read_to_string(&mut text).map(|_| text)
    });
    let run = Run::of_host(main, &writer);
    assert_eq!(run.next(), Event::Ended(0, Death::Clean));
    drop(writer);
    text.join().unwrap().unwrap()
}

/// Ends cleanly if the run of `workers`, whose stderr is the parent's file, does.
fn host(workers: &[Main], segment: &Segment) -> i32 {
    rustix::stdio::dup2_stderr(of_parent(segment)).unwrap();
    let events = Run::of(workers).all();
    let clean = |event: &Event| matches!(event, Event::AllGone | Event::Ended(_, Death::Clean));
    i32::from(events.len() != workers.len() + 1 || !events.iter().all(clean))
}

#[test]
fn every_line_carries_its_workers_name() {
    fn worker(_: Order, _: Segment) -> i32 {
        eprint!("one\n\ntwo\nno end");
        0
    }
    let lines = "[worker#0] one\n[worker#0] \n[worker#0] two\n[worker#0] no end\n";
    assert_eq!(text_of(|_, segment| host(&[worker], &segment)), lines);
}

#[test]
fn lines_of_several_workers_stay_whole() {
    const LINES: usize = 2000;
    fn worker(order: Order, _: Segment) -> i32 {
        for line in 0..LINES {
            eprintln!("{line} of {}", order.lane);
        }
        0
    }
    let text = text_of(|_, segment| host(&[worker, worker], &segment));
    for lane in 0..2 {
        let mine = text.lines().filter(|line| line.starts_with(&format!("[worker#{lane}] ")));
        assert!(mine.eq((0..LINES).map(|line| format!("[worker#{lane}] {line} of {lane}"))));
    }
    assert_eq!(text.lines().count(), 2 * LINES);
}

#[test]
fn nobody_waits_for_a_closed_stderr() {
    fn worker(_: Order, _: Segment) -> i32 {
        let written = std::io::stderr().write_all(&[b'x'; 1 << 20]);
        i32::from(written.is_err())
    }
    let (reader, writer) = pipe().unwrap();
    let main: Main = |_, segment| {
        // Once it is open here, the test closes the reading end.
        let file = of_parent(&segment);
        word(&segment, 1).store(1, crate::sync::Ordering::Release);
        crate::sys::futex::wake_all(word(&segment, 1));
        while word(&segment, 1).load(crate::sync::Ordering::Acquire) == 1 {
            crate::sys::futex::wait(word(&segment, 1), 1, None);
        }
        drop(file);
        host(&[worker], &segment)
    };
    let run = Run::of_host(main, &writer);
    let opened = word(&run.segment, 1);
    while opened.load(crate::sync::Ordering::Acquire) == 0 {
        crate::sys::futex::wait(opened, 0, None);
    }
    drop(reader);
    opened.store(2, crate::sync::Ordering::Release);
    crate::sys::futex::wake_all(opened);
    assert_eq!(run.next(), Event::Ended(0, Death::Clean));
}

#[test]
fn the_end_of_a_run_does_not_wait_for_a_full_stderr() {
    fn worker(_: Order, _: Segment) -> i32 {
        eprintln!("nobody will read this");
        0
    }
    let (_reader, writer) = pipe().unwrap();
    rustix::io::ioctl_fionbio(&writer, true).unwrap();
    while rustix::io::write(&writer, &[b'x'; 4096]).is_ok() {}
    let run = Run::of_host(|_, segment| host(&[worker], &segment), &writer);
    assert_eq!(run.next(), Event::Ended(0, Death::Clean));
}
