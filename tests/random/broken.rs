//! Broken graphs: each is a valid one with one mistake, and is answered with the intended words at the intended place,
//! and with nothing else.

use crate::breaks::{BESIDE, MISTAKES, Mistake, Phase, hides, rules, shows_outside};
use crate::cargo::{Answer, Workspace};
use crate::coverage::{Coverage, LEAST, say};
use crate::draft::{Draft, Expected};
use crate::module::{Module, module};
use crate::{grow, seed, write};
use fastrand::Rng;

struct Case {
    seed: u64,
    name: String,
    mistake: &'static Mistake,
    /// Made in the same graph: both are said.
    beside: Option<&'static Mistake>,
    /// Where it is made: at no special place, if there is nothing.
    place: Option<&'static str>,
    draft: Draft,
    module: Module,
}

impl Case {
    /// The seed says which mistake is made. Nothing if it does not fit the graph.
    fn new(seed: u64, number: usize) -> Option<Case> {
        let mut rng = Rng::with_seed(seed);
        let rules = rules();
        let rule = rules[(seed % rules.len() as u64) as usize];
        let mistakes: Vec<_> = MISTAKES.iter().filter(|mistake| mistake.rule == rule).collect();
        let round = seed / rules.len() as u64 % seed::ROUNDS;
        let mistake = mistakes[(round % mistakes.len() as u64) as usize];
        let graph = grow::graph(&mut rng);
        let takes = graph.takes.clone();
        let mut draft = write::draft(graph, number, &mut rng);
        if rng.u32(..4) == 0 {
            write::rare::generic(&mut draft, takes.as_ref());
        }
        let parts = draft.parts.len();
        let part = (parts > 0 && rng.u32(..3) == 0 && !shows_outside(mistake)).then(|| rng.usize(..parts));
        let place = match part {
            Some(_) => Some(INSIDE),
            None => draft.header.generic.as_ref().map(|_| GENERIC),
        };
        let broken = match part {
            Some(part) => &mut draft.parts[part],
            None => &mut draft,
        };
        if mistake.phase == Phase::Graph {
            // the warnings of a graph are said when it is one
            broken.expected.clear();
        }
        (mistake.make)(broken, &mut rng)?;
        let beside = &BESIDE[rng.usize(..BESIDE.len())];
        let is_twofold = rng.u32(..3) == 0 && !hides(mistake, beside) && !broken.statements.is_empty();
        let beside = match is_twofold {
            true => (beside.make)(broken, &mut rng).map(|()| beside),
            false => None,
        };
        let module = module(&draft, seed, &mut rng);
        Some(Case { seed, name: format!("graph_{number}"), mistake, beside, place, draft, module })
    }

    /// Are rustc's answers the intended ones, no more and no less?
    fn check(&self, answers: &[Answer]) -> Result<(), String> {
        // a mistake may be written over the only code that uses a parameter
        let is_own = |answer: &&Answer| {
            answer.module == self.name && !answer.text.contains("no element uses the parameter")
        };
        let mut said: Vec<_> = answers.iter().filter(is_own).collect();
        for expected in self.draft.all_expected() {
            match said.iter().position(|answer| self.fits(answer, expected)) {
                Some(at) => drop(said.swap_remove(at)),
                None => {
                    let place = self.module.places[&expected.mark];
                    return Err(format!(
                        "nothing at {place:?} says {:?}; rustc says {said:#?}",
                        expected.says
                    ));
                }
            }
        }
        if said.is_empty() { Ok(()) } else { Err(format!("one answer too many: {said:#?}")) }
    }

    /// At the place, and no longer than what is to blame: a keyword may be underlined with what belongs to it.
    fn fits(&self, answer: &Answer, expected: &Expected) -> bool {
        let meant = &self.module.texts[&expected.mark];
        let is_underlined = answer.underlined.starts_with(meant) || meant.starts_with(&answer.underlined);
        answer.place == self.module.places[&expected.mark]
            && is_underlined
            && !answer.underlined.contains(';')
            && expected.says.iter().all(|word| answer.text.contains(word))
    }

    /// What is wrong, for people.
    fn mistakes(&self) -> String {
        let beside = self.beside.map(|beside| format!(" beside {}", beside.name)).unwrap_or_default();
        let place = self.place.map(|place| format!(" {place}")).unwrap_or_default();
        format!("{} {}{beside}{place}", self.mistake.rule, self.mistake.name)
    }
}

/// Where a mistake can be made.
const INSIDE: &str = "in a pipeline inside";
const GENERIC: &str = "in a generic function";

#[test]
fn broken_graphs_are_refused_at_what_is_broken() {
    let seeds = seed::seeds("broken");
    let rules = rules();
    let mut coverage = Coverage::of(rules.iter().copied(), LEAST);
    let mut mistakes = Coverage::of(MISTAKES.iter().map(|mistake| mistake.name), 1);
    let mut beside = Coverage::of(BESIDE.iter().map(|mistake| mistake.name), 1);
    let mut places = Coverage::of([INSIDE, GENERIC], LEAST);
    let mut cases = Vec::new();
    for number in 0..seeds.count() {
        let case = seeds.broken(number, rules.len()).find_map(|seed| Case::new(seed, number));
        let case = case.expect("there is a graph for every mistake");
        coverage.count([&case.mistake.rule]);
        mistakes.count([&case.mistake.name]);
        beside.count(case.beside.iter().map(|mistake| &mistake.name));
        places.count(&case.place);
        cases.push(case);
    }
    say(&format!("{seeds}: {coverage}; {mistakes}; {places}; in one graph with another one: {beside}"));
    let programs = ["broken_graph", "broken_types"];
    let workspace = Workspace::new("broken", &programs);
    let program_of = |case: &Case| match case.mistake.phase {
        Phase::Graph => programs[0],
        Phase::Types => programs[1],
    };
    for program in programs {
        let own = cases.iter().filter(|case| program_of(case) == program);
        let modules: Vec<_> = own.map(|case| (case.name.clone(), case.module.text.clone())).collect();
        workspace.program(program, "#![allow(unused_imports)]", &modules);
    }
    let answers = workspace.build();
    let wrong = cases.iter().filter_map(|case| Some((case, case.check(&answers).err()?)));
    let wrong: Vec<String> = wrong
        .map(|(case, error)| {
            let source = workspace.source_of(program_of(case), &case.name);
            let (mistakes, seed) = (case.mistakes(), case.seed);
            format!(
                "{}: {mistakes}: {error}\n{}\n(again: CONVEYOR_ONE=broken:{seed})\n",
                source.display(),
                case.module.text
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{} graphs\n{}", wrong.len(), wrong.join("\n"));
    seeds.demand(&coverage);
    seeds.demand(&mistakes);
    seeds.demand(&beside);
    seeds.demand(&places);
}
