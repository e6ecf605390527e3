//! The workers of a run, on the supervisor's thread.

use super::{Bell, Look, Relay, Verdict, Watch};
use crate::sys::death::Death;
use crate::sys::order::{Order, Suspect};
use crate::sys::process::{NotStarted, Process, Surroundings};
use crate::sys::segment::Segment;
use crate::{Error, ErrorKind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Duration;

/// How long to wait before it is tried again to start a replacement, if the system had no room for it: about a second
/// altogether.
const PAUSES_MS: [u64; 10] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/// The same while the system has no room to wait for all workers at once.
const PAUSE: Duration = Duration::from_millis(1);

/// Every worker of a run. Dropping it kills and reaps those that are left.
pub(super) struct Fleet {
    workers: Vec<Worker>,
    segment: Arc<Segment>,
    surroundings: Surroundings,
    relay: Relay,
    /// All have been sent SIGKILL.
    killed: bool,
}

struct Worker {
    order: Order,
    /// None: it has ended and been reaped, or was not started yet.
    process: Option<Process>,
}

impl Fleet {
    pub(super) fn start(
        orders: Vec<Order>,
        segment: Arc<Segment>,
        relay: Relay,
        watch: &mut dyn Watch,
    ) -> Result<Fleet, Error> {
        let workers = orders.into_iter().map(|order| Worker { order, process: None }).collect();
        let surroundings = Surroundings::now();
        let mut fleet = Fleet { workers, segment, surroundings, relay, killed: false };
        for job in 0..fleet.workers.len() {
            fleet.start_worker(job, watch).map_err(|NotStarted { error, .. }| error)?;
        }
        Ok(fleet)
    }

    fn start_worker(&mut self, job: usize, watch: &mut dyn Watch) -> Result<(), NotStarted> {
        let worker = &mut self.workers[job];
        let (process, stderr) = self.surroundings.start(&worker.order, &self.segment)?;
        self.relay.pass_on(&worker.order, stderr);
        watch.started(job, process.pid());
        worker.process = Some(process);
        Ok(())
    }

    fn running(&self) -> impl Iterator<Item = (usize, &Process)> {
        let workers = self.workers.iter().enumerate();
        workers.filter_map(|(job, worker)| Some((job, worker.process.as_ref()?)))
    }

    /// Returns when no worker is left.
    pub(super) fn watch(mut self, kill: &Bell, mut watch: Box<dyn Watch>) {
        while self.running().next().is_some() {
            let Look { overdue, again_in } = watch.look();
            for (_, process) in self.running().filter(|(job, _)| overdue.contains(job)) {
                process.kill();
            }
            let (rung, ended) = self.wait(kill, again_in).unwrap_or_else(|error| {
                // nobody sees them end any more: so all of them are ended now
                let left: Vec<_> = self.running().map(|(job, _)| job).collect();
                watch.lost(left[0], error);
                self.kill();
                (false, left)
            });
            if rung {
                kill.hush();
                self.kill();
            }
            for job in ended {
                let death = self.reap(job);
                match watch.ended(job, death) {
                    Verdict::GoOn => {}
                    Verdict::EndRun => self.kill(),
                    Verdict::Replace(suspect) => self.replace(job, suspect, kill, &mut *watch),
                }
            }
        }
        self.relay.finish();
        watch.all_gone();
    }

    /// Starts another worker with the same order. While the system has no room for one more process, that is tried a few
    /// times; nothing but the end of the run matters more.
    fn replace(&mut self, job: usize, suspect: Option<Suspect>, kill: &Bell, watch: &mut dyn Watch) {
        self.workers[job].order.suspect = suspect;
        let mut pauses = PAUSES_MS.iter().map(|pause| Duration::from_millis(*pause));
        while !self.killed {
            let NotStarted { error, may_pass } = match self.start_worker(job, watch) {
                Ok(()) => return,
                Err(not_started) => not_started,
            };
            match pauses.next() {
                Some(pause) if may_pass => {
                    if is_rung(kill, pause) {
                        kill.hush();
                        self.kill();
                    }
                }
                _ => {
                    watch.lost(job, error);
                    self.kill();
                }
            }
        }
    }

    /// Waits until something has happened, or so long: whether to kill, and who has ended.
    fn wait(&self, kill: &Bell, timeout: Option<Duration>) -> Result<(bool, Vec<usize>), Error> {
        let (jobs, processes): (Vec<_>, Vec<_>) = self.running().unzip();
        let watched = processes.iter().map(|process| process.as_fd());
        let mut ready: Vec<_> = watched.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)).collect();
        ready.push(PollFd::new(kill, PollFlags::IN));
        let timeout = timeout.map(timespec);
        loop {
            match poll(&mut ready, timeout.as_ref()) {
                Ok(_) => break,
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN | Errno::NOMEM) => {
                    if is_rung(kill, PAUSE) {
                        return Ok((true, Vec::new()));
                    }
                }
                Err(error) => {
                    let why = format_args!("the workers cannot be watched any more: `poll`: {error}");
                    return Err(Error::new(ErrorKind::Died, why));
                }
            }
        }
        let is_ready = |fd: &PollFd<'_>| !fd.revents().is_empty();
        let ended = jobs.iter().zip(&ready).filter(|(_, fd)| is_ready(fd)).map(|(job, _)| *job).collect();
        Ok((is_ready(&ready[jobs.len()]), ended))
    }

    fn reap(&mut self, job: usize) -> Death {
        let process = self.workers[job].process.take().expect("only who runs is waited for");
        match process.reap() {
            Death::Signal { number: libc::SIGKILL, .. } | Death::Unknown if self.killed => Death::Killed,
            death => death,
        }
    }

    fn kill(&mut self) {
        self.killed = true;
        self.running().for_each(|(_, process)| process.kill());
    }
}

fn timespec(time: Duration) -> Timespec {
    let tv_sec = i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    Timespec { tv_sec, tv_nsec: i64::from(time.subsec_nanos()) }
}

/// Waits for the bell, at most so long.
fn is_rung(bell: &Bell, timeout: Duration) -> bool {
    let mut ready = [PollFd::new(bell, PollFlags::IN)];
    // interrupted, it was a shorter wait
    poll(&mut ready, Some(&timespec(timeout))).is_ok_and(|ready| ready > 0)
}

impl Drop for Fleet {
    fn drop(&mut self) {
        self.kill();
        for worker in &mut self.workers {
            if let Some(process) = worker.process.take() {
                process.reap();
            }
        }
    }
}
