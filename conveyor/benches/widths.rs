//! A bottleneck that moves: two forks in a row; half way through, what the first one does becomes cheap, and what the
//! second one does becomes expensive.
//!
//! Once with `balanced fork(auto)` twice, and with fixed widths up to the number of cores, in turns; medians of five.
//! `cargo bench --bench widths`

use conveyor::{Context, Error, Pipeline, Report, Result, Sink, Source, pipeline};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const COUNT: u64 = 30_000;
/// Steps of [`burn`]: about 40 us and 4 us.
const EXPENSIVE: u32 = 28_000;
const CHEAP: u32 = 2_800;
const ROUNDS: usize = 5;

#[inline(never)]
fn burn(x: u64, steps: u32) -> u64 {
    (0..steps).fold(x, |x, _| {
        let x = x.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x2545_f491);
        x ^ (x >> 29)
    })
}

fn first(x: u64) -> (u64, u64) {
    (x, burn(x, if x < COUNT / 2 { EXPENSIVE } else { CHEAP }))
}

fn second((x, y): (u64, u64)) -> u64 {
    burn(y, if x < COUNT / 2 { CHEAP } else { EXPENSIVE })
}

struct Numbers(u64);

impl Source for Numbers {
    type Out = u64;
    fn next(&mut self) -> Result<Option<u64>> {
        self.0 += 1;
        Ok((self.0 <= COUNT).then_some(self.0 - 1))
    }
}

/// Adds up, and writes down the sum.
struct Total {
    sum: u64,
    file: PathBuf,
}

impl Sink for Total {
    type In = u64;
    fn consume(&mut self, x: u64) -> Result<()> {
        self.sum = self.sum.wrapping_add(x);
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        Ok(std::fs::write(&self.file, self.sum.to_string())?)
    }
}

fn fixed(file: PathBuf, widths: (usize, usize)) -> Pipeline<(), ()> {
    pipeline! {
        (file: PathBuf = file, first_width: usize = widths.0, second_width: usize = widths.1);
        source(Numbers(0)) -> pipe(256) -> balanced fork(first_width) { processor(first) } -> pipe(256) -> join merge
            -> pipe(256) -> balanced fork(second_width) { processor(second) } -> pipe(256) -> join merge
            -> sink(Total { sum: 0, file: file.clone() });
    }
}

fn automatic(file: PathBuf) -> Pipeline<(), ()> {
    pipeline! {
        (file: PathBuf = file);
        source(Numbers(0)) -> pipe(256) -> balanced fork(auto) { processor(first) } -> pipe(256) -> join merge
            -> pipe(256) -> balanced fork(auto) { processor(second) } -> pipe(256) -> join merge
            -> sink(Total { sum: 0, file: file.clone() });
    }
}

fn measured(pipeline: &Pipeline<(), ()>, file: &Path, expected: u64) -> Result<(Duration, Report), Error> {
    let began = Instant::now();
    let report = pipeline.clone().context(Context::Processes).run_to_end(())?;
    let time = began.elapsed();
    let sum = std::fs::read_to_string(file).expect("the sink has written it");
    assert_eq!(sum, expected.to_string(), "messages were lost, doubled or damaged");
    Ok((time, report))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn main() -> Result<(), Error> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let file = std::env::temp_dir().join(format!("conveyor-widths-{}", std::process::id()));
    let expected = (0..COUNT).fold(0, |sum: u64, x| sum.wrapping_add(second(first(black_box(x)))));
    let up_to_all =
        || std::iter::successors(Some(1), |width| Some(2 * width)).take_while(|width| *width <= cores);
    let widths: Vec<_> = up_to_all().flat_map(|one| up_to_all().map(move |other| (one, other))).collect();
    let pipelines: Vec<_> = widths.iter().map(|widths| fixed(file.clone(), *widths)).collect();
    let ours = automatic(file.clone());
    let (mut ours_times, mut times) = (Vec::new(), vec![Vec::new(); widths.len()]);
    let mut last = None;
    for _ in 0..ROUNDS {
        let (time, report) = measured(&ours, &file, expected)?;
        ours_times.push(time);
        last = Some(report);
        for (pipeline, times) in pipelines.iter().zip(&mut times) {
            times.push(measured(pipeline, &file, expected)?.0);
        }
    }
    let _ = std::fs::remove_file(&file);
    let ours = median(ours_times);
    println!("auto {ours:?}");
    let fixed: Vec<_> = times.into_iter().map(median).collect();
    for (widths, time) in widths.iter().zip(&fixed) {
        println!("fixed {widths:?} {time:?}");
    }
    last.iter().for_each(|report| println!("{report}"));
    let best = fixed.into_iter().min().unwrap_or_default();
    println!("ratio widths auto/best {:.3}", best.as_secs_f64() / ours.as_secs_f64());
    Ok(())
}
