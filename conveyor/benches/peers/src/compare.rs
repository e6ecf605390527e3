//! The systems of a workload in turns, so that what disturbs the machine meets all of them.

use crate::measure::{self, Fault, Sample};
use crate::scale::Scale;
use crate::summary;
use crate::workloads::{System, WORKLOADS, Workload};
use std::time::{Duration, Instant};

/// What all workloads together may take.
const BUDGET: Duration = Duration::from_secs(600);

/// What is known of one system of a workload.
pub struct Measured {
    pub system: &'static System,
    pub samples: Vec<Sample>,
    /// Why it takes no more turns.
    pub fault: Option<Fault>,
}

/// How many turns there may be, so that enough of them have the cores placed alike.
pub fn turns_max(scale: Scale) -> usize {
    match scale {
        Scale::Full => 2 * scale.rounds(),
        Scale::Quick => scale.rounds(),
    }
}

/// All workloads. Turns are repeated only while that leaves the others the time that is theirs.
pub fn compare_all(scale: Scale) {
    let began = Instant::now();
    for (index, workload) in WORKLOADS.iter().enumerate() {
        let share = BUDGET * index as u32 / WORKLOADS.len() as u32;
        let is_late = began.elapsed() > share;
        compare(workload, scale, if is_late { scale.rounds() } else { turns_max(scale) });
        eprintln!(
            "{}: {:.0} s of {} s are over",
            workload.name,
            began.elapsed().as_secs_f64(),
            BUDGET.as_secs()
        );
    }
    println!(r#"{{"total_s":{:.0},"budget_s":{}}}"#, began.elapsed().as_secs_f64(), BUDGET.as_secs());
}

/// One workload: until each system has enough samples with the cores placed alike.
pub fn compare(workload: &Workload, scale: Scale, turns_max: usize) {
    let mut all: Vec<Measured> =
        workload.systems.iter().map(|system| Measured { system, samples: Vec::new(), fault: None }).collect();
    for turn in 1..=turns_max {
        for measured in all.iter_mut().filter(|measured| measured.fault.is_none()) {
            match measure::sample(workload, measured.system, scale) {
                Ok(sample) => measured.samples.push(sample),
                Err(fault) => measured.fault = Some(fault),
            }
        }
        if turn >= scale.rounds() && summary::placement(&all).1 >= scale.rounds() {
            break;
        }
    }
    summary::print(workload, &all);
}
