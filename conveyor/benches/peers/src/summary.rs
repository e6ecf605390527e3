//! Medians over samples whose cores were placed alike, and ratios of speeds.

use crate::measure::Sample;
use crate::placement::Placement;
use crate::workloads::{System, Workload};

/// The placement of which every system has the most samples, and how many.
pub fn placement(samples: &[Vec<Sample>]) -> (Placement, usize) {
    let least = |placement: Placement| {
        let counts = samples.iter().map(|samples| alike(samples, placement).count());
        counts.min().unwrap_or(0)
    };
    let [near, far] = [Placement::Near, Placement::Far].map(|placement| (placement, least(placement)));
    if near.1 >= far.1 { near } else { far }
}

fn alike(samples: &[Sample], placement: Placement) -> impl Iterator<Item = &Sample> {
    samples.iter().filter(move |sample| sample.placement == placement)
}

pub fn print(workload: &Workload, samples: &[Vec<Sample>]) {
    let (placement, least) = placement(samples);
    // Too few that are alike: all of them, and it says so.
    let (chosen, name): (Vec<Vec<&Sample>>, _) = match least {
        0 => (samples.iter().map(|samples| samples.iter().collect()).collect(), "mixed"),
        _ => (samples.iter().map(|samples| alike(samples, placement).collect()).collect(), placement.name()),
    };
    let speeds: Vec<f64> = workload
        .systems
        .iter()
        .zip(&chosen)
        .map(|(system, samples)| line(workload, system, samples, name))
        .collect();
    for (own, ours) in workload.systems.iter().zip(&speeds).filter(|(system, _)| system.is_ours()) {
        for (rival, theirs) in workload.systems.iter().zip(&speeds).filter(|(system, _)| !system.is_ours()) {
            println!("ratio {} {}/{} {:.3}", workload.name, own.ratio_name(), rival.name, ours / theirs);
        }
    }
}

/// Prints a system's line, and gives its items a second.
fn line(workload: &Workload, system: &System, samples: &[&Sample], placement: &str) -> f64 {
    let seconds = sorted(samples.iter().map(|sample| sample.outcome.seconds));
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
        r#"{{"workload":"{}","system":"{}","context":"{}","median_s":{median_s:.6},"min_s":{:.6},"max_s":{:.6},"per_s":{per_s:.0},"cpu_s":{:.3},"peak_rss_mib":{:.1},"placement":"{placement}","samples":{}{more}}}"#,
        workload.name,
        system.name,
        system.context,
        seconds[0],
        seconds[seconds.len() - 1],
        median_of(|sample| sample.cpu_s),
        median_of(|sample| sample.peak_rss_mib),
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
