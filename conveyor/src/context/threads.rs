//! The threads context: every lane has a thread of its own, named after its first stage.

mod berth;
mod helm;

use super::local::{End, Head, PATIENCE, Run, Script, assemble, caught, failed, panicked};
use super::{Control, Declared, Engine};
use crate::graph::plan::{self, Limits};
use crate::memory::heap::Waits;
use crate::report::Report;
use crate::sync::{AtomicU64, Ordering};
use crate::value::{Build, Order, Stage, Turn};
use crate::{Error, ErrorKind, Message, Result};
use berth::Berth;
use crossbeam_channel::Select;
use helm::Helm;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Instant;

/// What runs in a worker process runs here: so a stack is as large as a main thread's, in bytes.
const STACK: usize = 8 << 20;

/// Starts a run.
///
/// # Errors
/// When the settings make no sense, or there are no more threads to be had.
pub(crate) fn start<In: Message, Out: Message>(
    declared: &Declared,
    limits: Limits,
) -> Result<Engine<In, Out>, Error> {
    let script = Script::of(declared)?;
    let plan = plan::build(declared.table, &declared.settings, limits)?;
    plan.without_processes("threads")?;
    let run = Arc::new(Run::new(plan, limits.cores, false));
    let mut assembly = assemble(&run, &script.facts, true);
    let (head, end) = (Head::<In>::new(&run, &mut assembly), End::<Out>::new(&run, &mut assembly));
    let working = AtomicU64::new(assembly.orders.len() as u64);
    let post = Post { helm: Helm::new(&run), run, script, working };
    let crew = Crew { post: Arc::new(post), threads: Mutex::default() };
    crew.employ(assembly.orders)?;
    crew.post.helm.man(&crew.post.run);
    Ok(Engine::new(head, end, Arc::new(crew)))
}

/// What all threads know.
struct Post {
    run: Arc<Run>,
    script: Script,
    /// How many threads are at work.
    working: AtomicU64,
    helm: Helm,
}

/// The threads.
struct Crew {
    post: Arc<Post>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl Crew {
    fn employ(&self, orders: Vec<Order>) -> Result<(), Error> {
        for order in orders {
            let lane = &self.post.run.plan.lanes[order.lane];
            let stage = lane.first().name;
            let name = format!("{stage}#{}", lane.index);
            let post = self.post.clone();
            // also kept here: what a thread that cannot be had would drop has channels to others
            let order = Arc::new(Mutex::new(Some(order)));
            let its = order.clone();
            let serve = move || {
                let order = its.lock().unwrap_or_else(PoisonError::into_inner).take();
                order.into_iter().for_each(|order| post.serve(order));
            };
            let thread = Builder::new().name(name).stack_size(STACK).spawn(serve);
            match thread {
                Ok(thread) => self.threads().push(thread),
                Err(error) => {
                    self.stop();
                    // those that have started are gone when the error is seen; that they were stopped is no news
                    let _ = self.join();
                    return Err(Error::new(ErrorKind::Start, error).in_processor(stage));
                }
            }
        }
        Ok(())
    }

    fn threads(&self) -> std::sync::MutexGuard<'_, Vec<JoinHandle<()>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Control for Crew {
    fn stop(&self) {
        self.post.run.stop();
    }

    fn wind_down(&self) {
        self.post.run.halt.wind_down();
    }

    fn join(&self) -> Result<(), Error> {
        for thread in self.threads().drain(..) {
            // a panic of user code never gets here: it has been noted as the run's error
            let _ = thread.join();
        }
        self.post.helm.leave();
        self.error().map_or(Ok(()), Err)
    }

    fn error(&self) -> Option<Error> {
        self.post.run.error()
    }

    fn report(&self) -> Report {
        self.post.run.report()
    }
}

impl Post {
    /// What one thread does.
    fn serve(&self, order: Order) {
        let started = Instant::now();
        let lane = order.lane;
        let halt = order.ports.halt.clone();
        let waits: Arc<dyn Waits> = Arc::new(halt.clone());
        let mut berth = Berth::new(self.helm.place(lane), self.run.meters[lane][0].clone(), halt);
        for (_, mut stage) in self.script.build(&self.run, Build::new(vec![order]), Some(&waits)) {
            let outcome = caught(|| work(&mut *stage, &mut berth));
            stage.publish(); // before anybody hears of a failure
            match outcome {
                Ok(Ok(())) => {}
                Ok(Err(failure)) => {
                    if let Some((error, place)) = failed(&failure, false) {
                        self.run.fail(self.run.blame(lane, error, place, stage.position()));
                    }
                }
                Err(panic) => {
                    let (error, place) = panicked(panic);
                    self.run.fail(self.run.blame(lane, error, place, stage.position()));
                }
            }
            if let Err(panic) = caught(|| drop(stage)) {
                let (error, place) = panicked(panic);
                self.run.fail(self.run.blame(lane, error, place, None));
            }
        }
        berth.leave();
        self.run.add_work(lane, started.elapsed());
        if self.working.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.run.over();
        }
    }
}

/// Runs a stage until its stream has ended.
fn work(stage: &mut dyn Stage, berth: &mut Berth) -> Result<()> {
    // since when there has been nothing to do, and how often it has looked
    let mut idle: Option<(Instant, u32)> = None;
    loop {
        if berth.wait(stage) {
            idle = None;
        }
        let waited = idle.map(|(since, _)| since.elapsed());
        let turn = stage.turn()?;
        berth.after(turn);
        if turn == Turn::Idle {
            let (since, looks) = idle.unwrap_or_else(|| (Instant::now(), 0));
            let looks = if looks < PATIENCE { look_again(looks) } else { sleep(stage, berth) };
            idle = Some((since, looks));
            continue;
        }
        idle = None;
        if let Some(waited) = waited {
            stage.waited_for_input(waited);
        }
        if turn == Turn::Ended {
            return Ok(());
        }
    }
}

fn look_again(looks: u32) -> u32 {
    std::thread::yield_now();
    looks + 1
}

fn sleep(stage: &mut dyn Stage, berth: &Berth) -> u32 {
    if !stage.rest() {
        let mut select = Select::new();
        stage.watch(&mut select);
        berth.sleep(&mut select);
    }
    0
}
