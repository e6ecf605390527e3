//! The relay: source, three trivial processors, sink; 10 million `u64`; from the first send to the last output.
//!
//! As five processes, and by hand on bounded crossbeam channels and five threads, in turns; medians of five and their
//! ratio. `cargo bench --bench relay`

use conveyor::{Context, Result, Sink, Source, pipeline};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const COUNT: u64 = 10_000_000;
const KEY: u64 = 0x5555;
const ROUNDS: usize = 5;

fn now_ns() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as u64)
}

/// Counts; writes down when it has begun.
struct Numbers {
    next: u64,
    began: PathBuf,
}

impl Source for Numbers {
    type Out = u64;
    #[inline]
    fn next(&mut self) -> Result<Option<u64>> {
        if self.next == 0 {
            std::fs::write(&self.began, now_ns().to_string())?;
        }
        self.next += 1;
        Ok((self.next <= COUNT).then_some(self.next))
    }
}

/// Adds up; writes down the sum and when it has ended.
struct Total {
    sum: u64,
    ended: PathBuf,
}

impl Sink for Total {
    type In = u64;
    #[inline]
    fn consume(&mut self, x: u64) -> Result<()> {
        self.sum = self.sum.wrapping_add(x);
        Ok(())
    }
    fn finish(&mut self) -> Result<()> {
        Ok(std::fs::write(&self.ended, format!("{} {}", now_ns(), self.sum))?)
    }
}

fn expected() -> u64 {
    (1..=COUNT).fold(0, |sum, x| sum.wrapping_add(((x + 1) * 3) ^ KEY))
}

fn processes(directory: &Path) -> Duration {
    let (began, ended) = (directory.join("began"), directory.join("ended"));
    let relay = pipeline! {
        (began: PathBuf = began.clone(), ended: PathBuf = ended.clone(), key: u64 = KEY);
        source(Numbers { next: 0, began: began.clone() })
            -> pipe -> processor(|x| x + 1) -> pipe -> processor(|x| x * 3) -> pipe -> processor(|x| x ^ key)
            -> pipe -> sink(Total { sum: 0, ended: ended.clone() });
    };
    relay.context(Context::Processes).run_to_end(()).expect("the relay runs");
    let read = |path: &Path| std::fs::read_to_string(path).expect("written by the relay");
    let numbers: Vec<u64> = read(&ended).split(' ').map(|number| number.parse().expect("a number")).collect();
    assert_eq!(numbers[1], expected());
    Duration::from_nanos(numbers[0] - read(&began).parse::<u64>().expect("a number"))
}

fn crossbeam() -> Duration {
    let (numbers, first) = crossbeam_channel::bounded::<u64>(1024);
    let (second_in, second) = crossbeam_channel::bounded::<u64>(1024);
    let (third_in, third) = crossbeam_channel::bounded::<u64>(1024);
    let (last_in, last) = crossbeam_channel::bounded::<u64>(1024);
    let key = std::hint::black_box(KEY);
    std::thread::scope(|scope| {
        let began = now_ns();
        scope.spawn(move || (1..=COUNT).for_each(|x| numbers.send(x).expect("received")));
        scope.spawn(move || first.iter().for_each(|x| second_in.send(x + 1).expect("received")));
        scope.spawn(move || second.iter().for_each(|x| third_in.send(x * 3).expect("received")));
        scope.spawn(move || third.iter().for_each(|x| last_in.send(x ^ key).expect("received")));
        let sum = last.iter().fold(0u64, u64::wrapping_add);
        assert_eq!(sum, expected());
        Duration::from_nanos(now_ns() - began)
    })
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn main() {
    let directory = std::env::temp_dir().join(format!("conveyor-relay-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a temporary directory");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(processes(&directory));
        theirs.push(crossbeam());
    }
    let (ours, theirs) = (median(ours), median(theirs));
    println!("relay of {COUNT} u64: 5 processes {ours:?}, crossbeam on 5 threads {theirs:?}");
    println!("ratio relay ours/crossbeam {:.2}", theirs.as_secs_f64() / ours.as_secs_f64());
    let _ = std::fs::remove_dir_all(&directory);
}
