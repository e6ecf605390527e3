//! Runs models: every interleaving of a few threads, and every value that an ordering lets them read.

use super::mutant::Mutant;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

/// Threads are interrupted at most so many times: mistakes show with few.
const PREEMPTIONS_MAX: usize = 3;

/// The mutant is that of the process.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

fn check(
    mutant: Mutant,
    preemptions_max: usize,
    model: impl Fn() + Sync + Send + 'static,
) -> Result<(), String> {
    let _guard = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions_max);
    mutant.switch_on();
    let outcome = catch_unwind(AssertUnwindSafe(|| builder.check(model)));
    Mutant::None.switch_on();
    outcome.map_err(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        text.or(panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
    })
}

#[test]
fn every_mutant_of_the_models_is_tried() {
    let models = [
        include_str!("../ring/model_tests.rs"),
        include_str!("../memory/shared/model_tests.rs"),
        include_str!("../value/intake/model_tests.rs"),
        include_str!("../value/model_tests.rs"),
    ];
    let is_tried = |mutant: &&Mutant| models.concat().contains(&format!("Mutant::{mutant:?}"));
    let forgotten: Vec<_> = Mutant::MODELS.iter().filter(|mutant| !is_tried(mutant)).collect();
    assert_eq!(forgotten, [&Mutant::None; 0]);
}

/// The model holds; with each of these mistakes it does not.
pub(crate) fn holds_but_for(mutants: &[Mutant], model: impl Fn() + Copy + Sync + Send + 'static) {
    holds_within(PREEMPTIONS_MAX, mutants, model);
}

/// The same with so many interruptions: for models that would take too long with more.
pub(crate) fn holds_within(
    preemptions_max: usize,
    mutants: &[Mutant],
    model: impl Fn() + Copy + Sync + Send + 'static,
) {
    if let Err(text) = check(Mutant::None, preemptions_max, model) {
        panic!("{text}");
    }
    for mutant in mutants {
        match check(*mutant, preemptions_max, model) {
            Ok(()) => panic!("{mutant:?} survives"),
            Err(text) => println!("{mutant:?}: {}", text.lines().next().unwrap_or_default()),
        }
    }
}
