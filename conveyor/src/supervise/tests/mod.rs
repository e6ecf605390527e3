//! Real worker processes of the test program itself.

mod deaths;
mod hosts;
mod replaced;
mod stderr;

use super::*;
use crate::sync::AtomicU32;
use crate::sys::order::Main;
use crate::sys::segment::Backend;
use std::fs::File;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

/// For what has to happen at once: a watchdog, not a measure.
const DEADLINE: Duration = Duration::from_secs(60);

#[derive(Debug, PartialEq)]
enum Event {
    Ended(usize, Death),
    Lost(usize),
    AllGone,
}

/// What to do about deaths.
type Rule = fn(Death) -> Verdict;

fn end_the_run(death: Death) -> Verdict {
    if death == Death::Clean { Verdict::GoOn } else { Verdict::EndRun }
}

struct Reporter {
    events: Sender<Event>,
    /// Of every worker that was started.
    pids: Sender<u32>,
    rule: Rule,
}

impl Watch for Reporter {
    fn started(&mut self, _: usize, pid: u32) {
        self.pids.send(pid).unwrap();
    }
    fn look(&mut self) -> Look {
        Look::default()
    }
    fn lost(&mut self, job: usize, _: Error) {
        self.events.send(Event::Lost(job)).unwrap();
    }
    fn ended(&mut self, job: usize, death: Death) -> Verdict {
        self.events.send(Event::Ended(job, death)).unwrap();
        (self.rule)(death)
    }
    fn all_gone(&mut self) {
        self.events.send(Event::AllGone).unwrap();
    }
}

/// A run of the test program itself.
struct Run {
    supervisor: Supervisor,
    segment: Arc<Segment>,
    events: Receiver<Event>,
    pids: Receiver<u32>,
}

impl Run {
    fn of(mains: &[Main]) -> Run {
        Run::start(mains, [0; 2], Backend::Memfd, false).unwrap()
    }

    /// One host, which opens `file` as its own by [`of_parent`].
    fn of_host(main: Main, file: &impl std::os::fd::AsRawFd) -> Run {
        Run::start(&[main], [file.as_raw_fd().cast_unsigned(), 0], Backend::Memfd, false).unwrap()
    }

    /// With replacements.
    fn under(rule: Rule, mains: &[Main]) -> Run {
        Run::ruled(rule, mains, [0; 2], Backend::Memfd, false).unwrap()
    }

    fn start(mains: &[Main], words: [u32; 2], backend: Backend, claims_stdin: bool) -> Result<Run, Error> {
        Run::ruled(end_the_run, mains, words, backend, claims_stdin)
    }

    fn ruled(
        rule: Rule,
        mains: &[Main],
        words: [u32; 2],
        backend: Backend,
        claims_stdin: bool,
    ) -> Result<Run, Error> {
        let segment = Arc::new(Segment::create(4096, backend)?);
        for (index, value) in words.into_iter().enumerate() {
            word(&segment, index).store(value, crate::sync::Ordering::Relaxed);
        }
        let (sender, events) = mpsc::channel();
        let (pid_sender, pids) = mpsc::channel();
        let lanes = mains.len() as u32;
        let orders = (0..).zip(mains).map(|(lane, main)| Order {
            name: "worker".to_owned(),
            stage: 0,
            lane,
            lanes,
            claims_stdin,
            graph: 0,
            suspect: None,
            main: *main,
        });
        let watch = Box::new(Reporter { events: sender, pids: pid_sender, rule });
        let supervisor = Supervisor::start(orders.collect(), Arc::clone(&segment), watch)?;
        Ok(Run { supervisor, segment, events, pids })
    }

    fn next(&self) -> Event {
        self.events.recv_timeout(DEADLINE).unwrap()
    }

    /// Every event, when the run ends by itself.
    fn all(mut self) -> Vec<Event> {
        self.supervisor.join();
        self.events.try_iter().collect()
    }
}

fn word(segment: &Segment, index: usize) -> &AtomicU32 {
    assert!(index < 1024);
    // SAFETY: a segment is at least a page, page-aligned and mapped while it is borrowed.
    unsafe { segment.base().cast::<AtomicU32>().add(index).as_ref() }
}

/// The file that the process which started this one has under the number in word 0.
fn of_parent(segment: &Segment) -> File {
    let parent = rustix::process::getppid().unwrap();
    let fd = word(segment, 0).load(crate::sync::Ordering::Relaxed);
    File::options().write(true).open(format!("/proc/{parent}/fd/{fd}")).unwrap()
}

fn wait_for_ever(_: Order, _: Segment) -> i32 {
    park()
}

fn park() -> ! {
    loop {
        std::thread::park();
    }
}
