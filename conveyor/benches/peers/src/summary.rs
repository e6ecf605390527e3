//! Medians over samples whose cores were placed alike, and ratios of speeds.

use crate::compare::Measured;
use crate::measure::Sample;
use crate::placement::Placement;
use crate::workloads::{System, Workload};

/// The placement of which every system has the most samples, and how many.
pub fn placement(all: &[Measured]) -> (Placement, usize) {
    let least = |placement: Placement| {
        let able = all.iter().filter(|measured| measured.fault.is_none());
        able.map(|measured| alike(measured, placement).count()).min().unwrap_or(0)
    };
    let [near, far] = [Placement::Near, Placement::Far].map(|placement| (placement, least(placement)));
    if near.1 >= far.1 { near } else { far }
}

fn alike(measured: &Measured, placement: Placement) -> impl Iterator<Item = &Sample> {
    measured.samples.iter().filter(move |sample| sample.placement == placement)
}

pub fn print(workload: &Workload, all: &[Measured]) {
    let (placement, least) = placement(all);
    let speeds: Vec<Result<f64, &str>> = all
        .iter()
        .map(|measured| {
            if let Some(fault) = measured.fault {
                println!(r#"{{{},"fault":"{}"}}"#, names(workload, measured.system), fault.name());
                return Err(fault.name());
            }
            // None that are alike for all of them: every sample, and it says so.
            let (samples, name): (Vec<&Sample>, _) = match least {
                0 => (measured.samples.iter().collect(), "mixed"),
                _ => (alike(measured, placement).collect(), placement.name()),
            };
            let per_s = line(workload, measured.system, &samples, name);
            if least == 0 { Err("not compared: unequal placement") } else { Ok(per_s) }
        })
        .collect();
    let with_speeds = || workload.systems.iter().zip(&speeds);
    for (own, ours) in with_speeds().filter(|(system, _)| system.is_ours()) {
        for (rival, theirs) in with_speeds().filter(|(system, _)| !system.is_ours()) {
            let value = match (ours, theirs) {
                (Ok(ours), Ok(theirs)) => format!("{:.3}", ours / theirs),
                (Err(why), _) | (_, Err(why)) => (*why).to_owned(),
            };
            println!("ratio {} {}/{} {value}", workload.name, own.ratio_name(), rival.name);
        }
    }
}

fn names(workload: &Workload, system: &System) -> String {
    format!(r#""workload":"{}","system":"{}","context":"{}""#, workload.name, system.name, system.context)
}

/// Prints a system's line, and gives its items a second.
fn line(workload: &Workload, system: &System, samples: &[&Sample], placement: &str) -> f64 {
    let seconds = sorted(samples.iter().map(|sample| sample.outcome.spent.seconds));
    let median_s = median(&seconds);
    let items = samples[0].outcome.items;
    let per_s = items as f64 / median_s;
    let median_of = |value: fn(&Sample) -> f64| median(&sorted(samples.iter().map(|sample| value(sample))));
    let more: String = (samples[0].outcome.more.iter().enumerate())
        .map(|(index, (name, _))| {
            let values = sorted(samples.iter().map(|sample| sample.outcome.more[index].1));
            format!(r#","{name}":{}"#, median(&values))
        })
        .collect();
    println!(
        r#"{{{},"median_s":{median_s:.9},"min_s":{:.9},"max_s":{:.9},"per_s":{per_s:.0},"cpu_s":{:.3},"peak_rss_mib":{:.1},"placement":"{placement}","samples":{}{more}}}"#,
        names(workload, system),
        seconds[0],
        seconds[seconds.len() - 1],
        median_of(|sample| sample.outcome.spent.cpu_s),
        median_of(|sample| sample.outcome.spent.peak_rss_mib),
        samples.len(),
    );
    per_s
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> f64 {
    sorted[sorted.len() / 2]
}
