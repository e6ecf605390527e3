//! The workers of a run, on the supervisor's thread.

use super::{Bell, Relay, Verdict, Watch};
use crate::Error;
use crate::sys::death::Death;
use crate::sys::order::Order;
use crate::sys::process::{Process, Surroundings};
use crate::sys::segment::Segment;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use std::os::fd::AsFd;
use std::sync::Arc;

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
    pub(super) fn start(orders: Vec<Order>, segment: Arc<Segment>, relay: Relay) -> Result<Fleet, Error> {
        let workers = orders.into_iter().map(|order| Worker { order, process: None }).collect();
        let surroundings = Surroundings::now();
        let mut fleet = Fleet { workers, segment, surroundings, relay, killed: false };
        for job in 0..fleet.workers.len() {
            fleet.start_worker(job)?;
        }
        Ok(fleet)
    }

    fn start_worker(&mut self, job: usize) -> Result<(), Error> {
        let worker = &mut self.workers[job];
        let (process, stderr) = self.surroundings.start(&worker.order, &self.segment)?;
        self.relay.pass_on(&worker.order, stderr);
        worker.process = Some(process);
        Ok(())
    }

    /// The processes that run.
    pub(super) fn pids(&self) -> Vec<u32> {
        self.running().map(|(_, process)| process.pid()).collect()
    }

    fn running(&self) -> impl Iterator<Item = (usize, &Process)> {
        let workers = self.workers.iter().enumerate();
        workers.filter_map(|(job, worker)| Some((job, worker.process.as_ref()?)))
    }

    /// Returns when no worker is left.
    pub(super) fn watch(mut self, kill: &Bell, mut watch: Box<dyn Watch>) {
        while self.running().next().is_some() {
            let (rung, ended) = self.wait(kill);
            if rung {
                kill.hush();
                self.kill();
            }
            for job in ended {
                let death = self.reap(job);
                if watch.ended(job, death) == Verdict::EndRun {
                    self.kill();
                }
            }
        }
        self.relay.finish();
        watch.all_gone();
    }

    /// Waits until something has happened: whether to kill, and who has ended.
    fn wait(&self, kill: &Bell) -> (bool, Vec<usize>) {
        let (jobs, processes): (Vec<_>, Vec<_>) = self.running().unzip();
        let watched = processes.iter().map(|process| process.as_fd());
        let mut ready: Vec<_> = watched.map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)).collect();
        ready.push(PollFd::new(kill, PollFlags::IN));
        while let Err(Errno::INTR | Errno::AGAIN | Errno::NOMEM) = poll(&mut ready, None) {}
        let is_ready = |fd: &PollFd<'_>| !fd.revents().is_empty();
        let ended = jobs.iter().zip(&ready).filter(|(_, fd)| is_ready(fd)).map(|(job, _)| *job).collect();
        (is_ready(&ready[jobs.len()]), ended)
    }

    fn reap(&mut self, job: usize) -> Death {
        let process = self.workers[job].process.take().expect("only who runs is waited for");
        match process.reap() {
            Death::Signal { number: libc::SIGKILL, .. } if self.killed => Death::Killed,
            death => death,
        }
    }

    fn kill(&mut self) {
        self.killed = true;
        self.running().for_each(|(_, process)| process.kill());
    }
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
