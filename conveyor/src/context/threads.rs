//! The threads context: every lane has a thread of its own, named after it.

mod berth;
mod helm;

use super::local::{End, Head, Run, Script, Unit, assemble, caught, failed, panicked, single_stages};
use super::{Control, Declared, Engine};
use crate::graph::plan::{self, Limits};
use crate::memory::heap::Stopped;
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
    workers: usize,
) -> Result<Engine<In, Out>, Error> {
    let script = Script::of(declared)?;
    let plan = plan::build(declared.table, &declared.settings, Limits { workers })?;
    plan.without_processes("threads")?;
    let units = single_stages(&plan);
    let run = Arc::new(Run::new(plan, false));
    let mut assembly = assemble(&run, &script.facts, &units, true);
    let (head, end) = (Head::<In>::new(&run, &mut assembly), End::<Out>::new(&run, &mut assembly));
    let working = AtomicU64::new(assembly.orders.len() as u64);
    let post = Post { helm: Helm::new(&run), run, script, units, working };
    let crew = Crew { post: Arc::new(post), threads: Mutex::default() };
    crew.employ(assembly.orders)?;
    crew.post.helm.man(&crew.post.run);
    Ok(Engine::new(head, end, Arc::new(crew)))
}

/// What all threads know.
struct Post {
    run: Arc<Run>,
    script: Script,
    units: Vec<Unit>,
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
            let lane = &self.post.run.plan.lanes[self.post.units[order.unit].first()];
            let name = format!("{}#{}", lane.name, lane.index);
            let post = self.post.clone();
            let thread = Builder::new().name(name).stack_size(STACK).spawn(move || post.serve(order));
            match thread {
                Ok(thread) => self.threads().push(thread),
                Err(error) => {
                    self.stop();
                    // those that have started are gone when the error is seen; that they were stopped is no news
                    let _ = self.join();
                    return Err(Error::new(ErrorKind::Start, error).in_processor(lane.name));
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
        let unit = &self.units[order.unit];
        let halt = self.run.halt.clone();
        let stopped: Stopped = Arc::new(move || halt.is_called());
        let mut berth = Berth::new(self.helm.place(unit.first()), self.run.meters[unit.first()].clone());
        let build = Build::new(false, vec![order]);
        for (_, mut stage) in self.script.build(&self.run, &self.units, build, Some(&stopped)) {
            match caught(|| work(&mut *stage, &mut berth)) {
                Ok(Ok(())) => {}
                Ok(Err(failure)) => {
                    if let Some((error, place)) = failed(&failure, false) {
                        self.run.fail(self.run.blame(unit, error, place, stage.position()));
                    }
                }
                Err(panic) => {
                    let (error, place) = panicked(panic);
                    self.run.fail(self.run.blame(unit, error, place, stage.position()));
                }
            }
            if let Err(panic) = caught(|| drop(stage)) {
                let (error, place) = panicked(panic);
                self.run.fail(self.run.blame(unit, error, place, None));
            }
        }
        self.run.meters[unit.first()].add_work(started.elapsed());
        if self.working.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.run.over();
        }
    }
}

/// Runs a stage until its stream has ended.
fn work(stage: &mut dyn Stage, berth: &mut Berth) -> Result<()> {
    loop {
        berth.wait(stage);
        let turn = stage.turn()?;
        berth.after(turn);
        match turn {
            Turn::Moved => {}
            Turn::Idle => {
                let started = Instant::now();
                let mut select = Select::new();
                stage.watch(&mut select);
                berth.falls_asleep();
                select.ready();
                berth.wakes_up();
                drop(select);
                stage.waited_for_input(started.elapsed());
            }
            Turn::Ended => return Ok(()),
        }
    }
}
