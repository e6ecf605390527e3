//! Broken graphs: each is a valid one with one mistake, and is answered with the intended words at the intended place,
//! and with nothing else.

use crate::breaks::{MISTAKES, Mistake, Phase, rules};
use crate::cargo::{Answer, Workspace};
use crate::coverage::Coverage;
use crate::draft::Draft;
use crate::module::{Module, module};
use crate::{grow, seed, write};
use fastrand::Rng;
use std::collections::BTreeSet;

struct Case {
    seed: u64,
    name: String,
    mistake: &'static Mistake,
    draft: Draft,
    module: Module,
}

impl Case {
    /// The seed says which rule is broken. Nothing if no mistake fits the graph.
    fn new(seed: u64, number: usize) -> Option<Case> {
        let mut rng = Rng::with_seed(seed);
        let rules = rules();
        let rule = rules[(seed % rules.len() as u64) as usize];
        let mistakes: Vec<_> = MISTAKES.iter().filter(|mistake| mistake.rule == rule).collect();
        let mistake = mistakes[rng.usize(..mistakes.len())];
        let graph = grow::graph(&mut rng);
        let mut draft = write::draft(graph, number, &mut rng);
        // warnings are the business of valid graphs
        draft.expected.clear();
        (mistake.make)(&mut draft, &mut rng)?;
        let module = module(&draft, seed, &mut rng);
        Some(Case { seed, name: format!("graph_{number}"), mistake, draft, module })
    }

    /// Are rustc's errors the intended ones, no more and no less?
    fn check(&self, answers: &[Answer]) -> Result<(), String> {
        let own = |answer: &&Answer| answer.module == self.name && answer.is_error;
        let mut said: Vec<_> = answers.iter().filter(own).collect();
        for expected in &self.draft.expected {
            let place = self.module.places[&expected.mark];
            let fits = |answer: &&Answer| {
                answer.place == place && expected.says.iter().all(|word| answer.text.contains(word))
            };
            match said.iter().position(fits) {
                Some(at) => drop(said.swap_remove(at)),
                None => {
                    return Err(format!(
                        "nothing at {place:?} says {:?}; rustc says {said:#?}",
                        expected.says
                    ));
                }
            }
        }
        if said.is_empty() { Ok(()) } else { Err(format!("one mistake too many: {said:#?}")) }
    }
}

#[test]
fn broken_graphs_are_refused_at_what_is_broken() {
    let seeds = seed::seeds("broken");
    let rules = rules();
    let mut coverage = Coverage::of(rules.iter().copied());
    let mut cases = Vec::new();
    for number in 0..seeds.count() {
        let case = seeds.broken(number, rules.len()).find_map(|seed| Case::new(seed, number));
        let case = case.expect("there is a graph for every mistake");
        coverage.count(&BTreeSet::from([case.mistake.rule]));
        cases.push(case);
    }
    println!("{seeds}\n{coverage}");
    let programs = ["broken_graph", "broken_types"];
    let workspace = Workspace::new("broken", &programs);
    let program_of = |case: &Case| match case.mistake.phase {
        Phase::Graph => programs[0],
        Phase::Types => programs[1],
    };
    for program in programs {
        let own = cases.iter().filter(|case| program_of(case) == program);
        let modules: Vec<_> = own.map(|case| (case.name.clone(), case.module.text.clone())).collect();
        workspace.program(program, &modules);
    }
    let answers = workspace.build();
    let wrong = cases.iter().filter_map(|case| Some((case, case.check(&answers).err()?)));
    let wrong: Vec<String> = wrong
        .map(|(case, error)| {
            let source = workspace.source_of(program_of(case), &case.name);
            let (rule, seed) = (case.mistake.rule, case.seed);
            format!(
                "{}: {rule}: {error}\n{}\n(again: CONVEYOR_ONE=broken:{seed})\n",
                source.display(),
                case.module.text
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{} graphs\n{}", wrong.len(), wrong.join("\n"));
    seeds.demand(&coverage);
}
