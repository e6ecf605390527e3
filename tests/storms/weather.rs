//! Who kills workers, how often, and when.

use conveyor::{Message, Pipeline};
use fastrand::Rng;
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::process::Child;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// As often as they like: here nothing is wrong with the workers.
pub(crate) const MANY: usize = 1_000_000_000;

/// Kills of one shape, if nobody says how many.
const KILLS: u64 = 20;
/// So many shapes share what `STORM_KILLS` says.
const SHAPES: u64 = 29;
/// A run gets no more kills than this: it has to keep its outputs.
const KILLS_OF_A_RUN: u64 = 50;
/// How hard it blows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Force {
    /// A worker lives so long at least.
    grace: Duration,
    /// The longest pause between two kills.
    pause: Duration,
    /// A worker that has lived so long has done something.
    old: Duration,
}

/// So many workers of one lane are killed younger than old, one after the other. One more could look as if its message
/// had killed them.
const YOUNG: u32 = 2;

/// Replacements are killed, too, often before they have done anything.
pub(crate) const HARD: Force = Force {
    grace: Duration::from_millis(5),
    pause: Duration::from_millis(8),
    old: Duration::from_millis(300),
};
/// Nobody is killed again and again before he could get further: for who is replaced by the usual rule.
pub(crate) const GENTLE: Force =
    Force { grace: Duration::from_millis(60), pause: Duration::from_millis(60), ..HARD };
impl Force {
    /// A storm for runs that have been over before it came, so often more than not.
    fn brought_forward(self, times: u32) -> Force {
        let sooner = |time: Duration| (time / (1 << times.min(10))).max(Duration::from_millis(1));
        Force { grace: sooner(self.grace), pause: sooner(self.pause), ..self }
    }
}

/// However long a message takes on a busy machine, it is not to blame: no worker ever gets old.
pub(crate) const SPARING: Force = Force { old: Duration::MAX, ..GENTLE };

/// One in so many kills hits all workers at once.
const ALL: u32 = 16;
/// And no more inputs.
const INPUTS_OF_A_RUN: u64 = 100_000;
/// A run that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(300);

/// Storms of one process see each other's workers, so there is one at a time.
static ONE: Mutex<()> = Mutex::new(());

/// Until it is dropped, there is no storm.
pub(crate) fn shelter() -> MutexGuard<'static, ()> {
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How many kills a shape gets.
pub(crate) fn kills() -> u64 {
    match std::env::var("STORM_KILLS") {
        Ok(kills) => kills.parse::<u64>().expect("STORM_KILLS is a number").div_ceil(SHAPES),
        Err(_) => KILLS,
    }
}

pub(crate) fn seed() -> u64 {
    let said = std::env::var("STORM_SEED").ok();
    said.map_or_else(|| fastrand::u64(..1 << 32), |seed| seed.parse().expect("STORM_SEED is a number"))
}

/// Runs `run` under fire until there were enough kills. If it panics, it is said how to see that again.
pub(crate) fn storm(force: Force, mut run: impl FnMut(&Storm)) {
    let _one = shelter();
    let (seed, wanted) = (seed(), kills());
    let (mut rng, mut killed, mut runs) = (Rng::with_seed(seed), 0, 0);
    // runs without a kill: one after the other, and how many more than others
    let (mut in_vain, mut calm) = (0, 0_u32);
    while killed < wanted {
        let storm = Storm::begin(force.brought_forward(calm), rng.fork());
        let outcome = catch_unwind(AssertUnwindSafe(|| run(&storm)));
        let kills = storm.end();
        (killed, runs) = (killed + kills, runs + 1);
        (in_vain, calm) = if kills == 0 { (in_vain + 1, calm + 1) } else { (0, calm.saturating_sub(1)) };
        if let Err(panic) = outcome {
            eprintln!("in run {runs}, after {kills} kills there and {killed} altogether: STORM_SEED={seed}");
            resume_unwind(panic);
        }
        assert!(in_vain < 20, "nobody can be killed");
    }
    eprintln!("{killed} kills in {runs} runs");
}

/// One run's weather. Workers are killed from the moment when they are there until the run is over.
pub(crate) struct Storm {
    kills: Arc<AtomicU64>,
    /// Whose children are killed; this program's, if it is 0.
    target: Arc<AtomicU32>,
    over: Sender<()>,
    killer: JoinHandle<()>,
    watchdog: Watchdog,
}

impl Storm {
    fn begin(force: Force, rng: Rng) -> Storm {
        let (kills, target) = <(Arc<AtomicU64>, Arc<AtomicU32>)>::default();
        let (over, is_over) = channel();
        let mut killer = Killer {
            force,
            rng,
            kills: kills.clone(),
            target: target.clone(),
            seen: BTreeMap::new(),
            young: BTreeMap::new(),
        };
        let storm = move || {
            loop {
                let pause = killer.rng.u64(..killer.force.pause.as_micros() as u64);
                match is_over.recv_timeout(Duration::from_micros(pause)) {
                    Err(RecvTimeoutError::Timeout) => killer.strike(),
                    Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
                }
            }
        };
        let killer =
            std::thread::Builder::new().name("killer".into()).spawn(storm).expect("a thread can be started");
        Storm { kills, target, over, killer, watchdog: Watchdog::new() }
    }

    /// From now on it is the workers of another program that are killed.
    pub(crate) fn aim_at(&self, program: &Child) {
        self.target.store(program.id(), Ordering::Relaxed);
    }

    /// Were there enough kills for one run?
    pub(crate) fn is_enough(&self) -> bool {
        self.kills.load(Ordering::Relaxed) >= KILLS_OF_A_RUN.min(kills())
    }

    fn end(self) -> u64 {
        drop(self.over);
        self.killer.join().expect("the killer does not panic");
        self.watchdog.rest();
        self.kills.load(Ordering::Relaxed)
    }

    /// Inputs from 0 on, until there were enough kills; and all outputs with the number of inputs.
    pub(crate) fn outputs<In: Message, Out: Message>(
        &self,
        pipeline: Pipeline<In, Out>,
        input: impl Fn(u64) -> In,
    ) -> (u64, Vec<Out>) {
        let mut count = 0;
        let inputs = std::iter::from_fn(|| {
            if self.is_enough() || count == INPUTS_OF_A_RUN {
                return None;
            }
            count += 1;
            Some(input(count - 1))
        });
        let outputs =
            pipeline.run(inputs).map(|output| output.unwrap_or_else(|error| panic!("{error}"))).collect();
        (count, outputs)
    }
}

struct Killer {
    force: Force,
    rng: Rng,
    kills: Arc<AtomicU64>,
    target: Arc<AtomicU32>,
    /// The children: when each was first seen, and for which lane it works.
    seen: BTreeMap<i32, (Instant, String)>,
    /// By lane: how many of its workers were killed young since one was not.
    young: BTreeMap<String, u32>,
}

impl Killer {
    fn strike(&mut self) {
        let target = self.target.load(Ordering::Relaxed);
        let (now, children) =
            (Instant::now(), children_of(if target == 0 { std::process::id() } else { target }));
        self.seen.retain(|pid, _| children.contains(pid));
        for pid in children {
            if !self.seen.contains_key(&pid)
                && let Some(lane) = lane_of(pid)
            {
                self.seen.insert(pid, (now, lane));
            }
        }
        let is_due = |lane: &String| self.young.get(lane).is_none_or(|young| *young < YOUNG);
        let may_die = self.seen.iter().filter(|(_, (seen, lane))| {
            let age = now - *seen;
            age >= self.force.old || age >= self.force.grace && is_due(lane)
        });
        let mut victims: Vec<i32> = may_die.map(|(pid, _)| *pid).collect();
        if victims.is_empty() {
            return;
        }
        if self.rng.u32(..ALL) > 0 {
            victims = vec![victims[self.rng.usize(..victims.len())]];
        }
        for victim in victims {
            let Some((seen, lane)) = self.seen.remove(&victim) else { continue };
            let young = self.young.entry(lane).or_default();
            *young = if now - seen >= self.force.old { 0 } else { *young + 1 };
            self.kills.fetch_add(u64::from(kill(victim)), Ordering::Relaxed);
        }
    }
}

/// What tells the workers of one lane from all others: the stage and the number in their order. None of who is no worker.
fn lane_of(pid: i32) -> Option<String> {
    let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
    let environment = String::from_utf8_lossy(&environment);
    let order = environment.split('\0').find_map(|word| word.strip_prefix("CONVEYOR_WORKER="))?;
    Some(order.split(' ').skip(8).take(3).collect::<Vec<_>>().join(" "))
}

/// Whether there was somebody to kill.
fn kill(pid: i32) -> bool {
    Pid::from_raw(pid).is_some_and(|pid| kill_process(pid, Signal::KILL).is_ok())
}

/// The processes that a process has started, on any thread.
fn children_of(process: u32) -> Vec<i32> {
    let Ok(tasks) = fs::read_dir(format!("/proc/{process}/task")) else {
        return Vec::new();
    };
    let lists = tasks.flatten().filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// Ends this program when a run hangs: nothing else would.
struct Watchdog(Sender<()>);

impl Watchdog {
    fn new() -> Watchdog {
        let (fed, is_fed) = channel::<()>();
        std::thread::spawn(move || {
            if let Err(RecvTimeoutError::Timeout) = is_fed.recv_timeout(PATIENCE) {
                eprintln!("a run hangs under fire");
                std::process::abort();
            }
        });
        Watchdog(fed)
    }

    fn rest(self) {
        drop(self.0);
    }
}
