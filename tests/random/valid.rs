//! Valid graphs: they compile, warn as intended, and give what the reference interpreter gives, in every context.

use crate::cargo::{Answer, Workspace};
use crate::coverage::{Coverage, LEAST, say};
use crate::draft::Draft;
use crate::interpret::{Outcome, Stream, outcome};
use crate::library::{Sample, Tagged, samples};
use crate::model::Graph;
use crate::module::{Module, module};
use crate::value::{Held, Ty, Value};
use crate::{grow, run, seed, write};
use fastrand::Rng;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What has to occur in the valid graphs.
const FEATURES: &[&str] = &[
    "processor",
    "source",
    "sink",
    "filter",
    "filter_map",
    "flat_map",
    "try_map",
    "pipe",
    "pipe(n)",
    "pipe(parameter)",
    "pipe by name",
    "pipe left out",
    "pipe at the open end",
    "replicated fork",
    "balanced fork",
    "balanced fork(n)",
    "balanced fork(auto)",
    "fork by name",
    "join merge",
    "join zip",
    "join ordered",
    "join by name",
    "identity branch",
    "fork inside of a fork",
    "relay",
    "stage by name",
    "chain in several statements",
    "statements in any order",
    "expression",
    "item",
    "parameter",
    "#![allow(implicit_pipe)]",
    "#![init]",
    "pool",
    "[stdin]",
    "[max]",
    "[limit_bytes]",
    "[when_full]",
    "[when_full = drop_newest]",
    "[when_full = drop_oldest]",
    "[batch]",
    "[stateless]",
    "[deterministic]",
    "[fuse]",
    "[fuse = next]",
    "[policy]",
    "[window]",
    "[restart]",
    "[deadline]",
    "[on_poison]",
    "CV004",
    "CV016",
    "only sources",
    "several sinks",
    "no output",
    "pipeline inside",
    "pipeline inside of one inside",
    "pipeline inside, again",
    "generic function",
];

/// One graph with all that is known of it.
struct Case {
    seed: u64,
    name: String,
    graph: Graph,
    draft: Draft,
    module: Module,
}

impl Case {
    fn new(seed: u64, number: usize) -> Case {
        let mut rng = Rng::with_seed(seed);
        let graph = grow::graph(&mut rng);
        let mut draft = write::draft(graph.clone(), number, &mut rng);
        describe(&graph, &mut draft);
        write::rare::add(&mut draft, graph.takes.as_ref(), seed);
        let module = module(&draft, seed, &mut rng);
        Case { seed, name: format!("graph_{number}"), graph, draft, module }
    }

    /// Are rustc's answers the intended warnings?
    fn check_answers(&self, answers: &[Answer]) -> Result<(), String> {
        let mut said: Vec<_> = answers.iter().filter(|answer| answer.module == self.name).collect();
        for expected in self.draft.all_expected() {
            let place = self.module.places[&expected.mark];
            let fits = |answer: &&Answer| {
                !answer.is_error
                    && answer.place == place
                    && expected.says.iter().all(|word| answer.text.contains(word))
            };
            match said.iter().position(fits) {
                Some(at) => drop(said.swap_remove(at)),
                None => {
                    return Err(format!(
                        "expected a warning at {place:?}: {:?}; there were {said:#?}",
                        expected.says
                    ));
                }
            }
        }
        if said.is_empty() { Ok(()) } else { Err(format!("rustc says {said:#?}")) }
    }

    /// Does a run give what it should?
    fn check_run(&self, program: &Path, expected: &Outcome, context: &str) -> Result<(), String> {
        let sinks = tempfile::tempdir().map_err(|error| error.to_string())?;
        let printed = run::run(program, &self.name, context, sinks.path())?;
        compare("outputs", &printed, &expected.outputs)?;
        for number in 0..self.graph.sinks {
            let recorded = fs::read_to_string(sinks.path().join(number.to_string())).unwrap_or_default();
            let nothing = Stream::default();
            compare(&format!("sink {number}"), &recorded, expected.sinks.get(&number).unwrap_or(&nothing))?;
        }
        Ok(())
    }

    fn check(&self, program: &Path) -> Result<(), String> {
        let expected = outcome(&self.graph, inputs(self.graph.takes.as_ref()));
        if self.has_one_of(&write::DROPPING) && expected.most >= write::ROOM {
            return Err(format!("{} messages may fill a pipe that drops", expected.most));
        }
        for context in ["serial", "threads", "threads, fused", "processes", "processes, fused"] {
            let is_refused = self.has_one_of(&write::RECOVERY) && !context.starts_with("processes");
            let result = match is_refused {
                true => self.check_refusal(program, context),
                false => self.check_run(program, &expected, context),
            };
            result.map_err(|error| format!("{context}: {error}"))?;
        }
        Ok(())
    }

    fn has_one_of(&self, features: &[&str]) -> bool {
        features.iter().any(|feature| self.draft.features.contains(feature))
    }

    /// Options about workers that die are refused where none can.
    fn check_refusal(&self, program: &Path, context: &str) -> Result<(), String> {
        let sinks = tempfile::tempdir().map_err(|error| error.to_string())?;
        match run::run(program, &self.name, context, sinks.path()) {
            Err(error) if error.contains("needs the processes context") => Ok(()),
            other => Err(format!("it is not refused: {other:?}")),
        }
    }
}

fn describe(graph: &Graph, draft: &mut Draft) {
    if graph.takes.is_none() {
        draft.features.insert("only sources");
    }
    if graph.gives.is_none() {
        draft.features.insert("no output");
    }
    if graph.sinks > 1 {
        draft.features.insert("several sinks");
    }
}

fn inputs(ty: Option<&Ty>) -> Vec<Value> {
    fn of<T: Held + Sample>() -> Vec<Value> {
        samples::<T>().map(Held::wrapped).collect()
    }
    match ty {
        None | Some(Ty::Tuple(_) | Ty::Parameter) => Vec::new(),
        Some(Ty::Number) => of::<u64>(),
        Some(Ty::Text) => of::<String>(),
        Some(Ty::List) => of::<Vec<u64>>(),
        Some(Ty::Tagged) => of::<Tagged>(),
    }
}

fn compare(what: &str, seen: &str, expected: &Stream) -> Result<(), String> {
    let mut seen: Vec<String> = seen.lines().map(str::to_owned).collect();
    let mut meant: Vec<String> = expected.messages.iter().map(|value| format!("{value:?}")).collect();
    if !expected.is_in_order() {
        seen.sort();
        meant.sort();
    }
    if seen == meant {
        return Ok(());
    }
    let at = seen.iter().zip(&meant).take_while(|(seen, meant)| seen == meant).count();
    Err(format!(
        "{what} differ from number {at} on (in order: {}): {:?} instead of {:?}; {} instead of {} messages",
        expected.is_in_order(),
        seen.get(at),
        meant.get(at),
        seen.len(),
        meant.len()
    ))
}

#[test]
fn valid_graphs_give_what_the_interpreter_gives() {
    let seeds = seed::seeds("valid");
    let mut coverage = Coverage::of(FEATURES.iter().copied(), LEAST);
    let mut cases = Vec::new();
    for number in 0..seeds.count() {
        let candidates = seeds.candidates(number).map(|seed| Case::new(seed, number));
        let best =
            candidates.max_by_key(|case| coverage.lack(&case.draft.features)).expect("there are candidates");
        coverage.count(&best.draft.features);
        cases.push(best);
    }
    say(&format!("{seeds}: {coverage}"));
    let programs = ["valid_0", "valid_1"];
    let workspace = Workspace::new("valid", &programs);
    let program_of = |number: usize| programs[number % programs.len()];
    for (number, program) in programs.iter().enumerate() {
        let own = cases.iter().skip(number).step_by(programs.len());
        let modules: Vec<_> = own.map(|case| (case.name.clone(), case.module.text.clone())).collect();
        workspace.program(program, "#![allow(unused, dead_code)]", &modules);
    }
    let answers = workspace.build();
    let show = |number: usize, error: String| {
        let case = &cases[number];
        let source = workspace.source_of(program_of(number), &case.name);
        format!(
            "{}: {error}\n{}\n(again: CONVEYOR_ONE=valid:{})\n",
            source.display(),
            case.module.text,
            case.seed
        )
    };
    let refused =
        (0..cases.len()).filter_map(|number| Some((number, cases[number].check_answers(&answers).err()?)));
    let refused: Vec<_> = refused.map(|(number, error)| show(number, error)).collect();
    assert!(refused.is_empty(), "{} graphs\n{}", refused.len(), refused.join("\n"));
    let next = AtomicUsize::new(0);
    let check = || {
        let mut wrong = Vec::new();
        while let number = next.fetch_add(1, Ordering::Relaxed)
            && let Some(case) = cases.get(number)
        {
            if let Err(error) = case.check(&Workspace::path_of(program_of(number))) {
                wrong.push(show(number, error));
            }
        }
        wrong
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(check)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("it does not panic")).collect()
    });
    assert!(wrong.is_empty(), "{} graphs\n{}", wrong.len(), wrong.join("\n"));
    seeds.demand(&coverage);
}
