//! Shapes of pipelines by name, and what is done to each.

use crate::course::{Case, Order};
use crate::every::{Odds, Tally, every};
use crate::really::at_each;
use crate::runner::{Tests, rounds};
use crate::scribbled::{Outcomes, scribbled};
use conveyor::{Message, Pipeline};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::rc::Rc;

/// With every other seed the neighbours of a victim get on more often while it stands still.
fn odds(seed: u64) -> Odds {
    Odds { others: if seed.is_multiple_of(2) { 8 } else { 2 }, again: 16, really: 12 }
}

/// Positions are kept modulo these in claim words, tags, and everywhere else.
const ORIGINS: [(&str, u64); 4] =
    [("", 0), ("_at_2_to_32", (1 << 32) - 3), ("_at_2_to_39", (1 << 39) - 3), ("_at_2_to_64", u64::MAX - 2)];

/// Goes through a shape, with the chances that come of the seed.
type Every = Rc<dyn Fn(u64) -> Result<Tally, String>>;

/// Runs a shape once, with the chances that come of the seed, while its memory is scribbled over.
type Scribbled = Rc<dyn Fn(u64, &mut Outcomes) -> Result<(), String>>;

/// So often in a round.
const SCRIBBLED: u64 = 60;

/// Runs a shape again and again, and its workers die once each time: at the first of their writes given, and at every so
/// many behind it.
type Each = Rc<dyn Fn(usize, usize) -> Result<Tally, String>>;

/// What can be done to a shape.
#[derive(Clone)]
struct Shape {
    every: Every,
    scribbled: Scribbled,
    each: Each,
}

/// These are gone through once more for every write of theirs, in so many rounds.
const AT_EACH: [&str; 2] = ["one_to_one_in_batches", "balanced_in_ranges"];
const EACH: u32 = 8;

/// Shapes by name.
#[derive(Default)]
pub(crate) struct Shapes(BTreeMap<String, Shape>);

impl Shapes {
    /// Goes through a shape, with the chances that come of the seed.
    pub(crate) fn every(&self, name: &str, seed: u64) -> Result<Tally, String> {
        let shape = self.0.get(name).ok_or_else(|| format!("there is no shape `{name}`"))?;
        (shape.every)(seed)
    }

    pub(crate) fn tests(&self, tests: &mut Tests) {
        for (name, Shape { every, scribbled, each }) in &self.0 {
            let (every, scribbled, each) = (every.clone(), scribbled.clone(), each.clone());
            tests.add(format!("every::{name}"), move || {
                let mut tally = Tally::default();
                for seed in 0..u64::from(rounds()) {
                    tally += every(seed)?;
                }
                Ok(format!("{tally:?}"))
            });
            tests.add(format!("scribbled::{name}"), move || {
                let mut outcomes = Outcomes::default();
                for seed in 0..SCRIBBLED * u64::from(rounds()) {
                    scribbled(seed, &mut outcomes)?;
                }
                Ok(format!("{outcomes:?}"))
            });
            if AT_EACH.contains(&name.as_str()) {
                tests.add(format!("each::{name}"), move || {
                    let mut tally = Tally::default();
                    for round in 0..rounds().min(EACH) {
                        tally += each(round as usize, EACH as usize)?;
                    }
                    Ok(format!("{tally:?}"))
                });
            }
        }
    }

    /// Adds a shape, at all origins.
    pub(crate) fn shape<In, Out>(
        &mut self,
        name: &str,
        order: Order,
        pipeline: Pipeline<In, Out>,
        inputs: Vec<In>,
    ) where
        In: Message + Clone + 'static,
        Out: Message + Clone + Ord + Debug + 'static,
    {
        self.everywhere(name, Case::new(pipeline, order, inputs));
    }

    /// The same case, at all origins.
    pub(crate) fn everywhere<In, Out>(&mut self, name: &str, case: Case<In, Out>)
    where
        In: Message + Clone + 'static,
        Out: Message + Clone + Ord + Debug + 'static,
    {
        for (at, origin) in ORIGINS {
            self.add(&format!("{name}{at}"), Case { origin, ..case.clone() });
        }
    }

    fn add<In, Out>(&mut self, name: &str, case: Case<In, Out>)
    where
        In: Message + Clone + 'static,
        Out: Message + Clone + Ord + Debug + 'static,
    {
        let case: &'static _ = Box::leak(Box::new(case));
        let shape = Shape {
            every: Rc::new(move |seed| every(case, odds(seed), seed)),
            scribbled: Rc::new(move |seed, outcomes| scribbled(case, seed, outcomes)),
            each: Rc::new(move |first, step| at_each(case, first, step)),
        };
        self.0.insert(name.to_owned(), shape);
    }
}
