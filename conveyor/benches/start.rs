//! What a pipeline costs before and beside its work: the time from `start` to the first message through five processes,
//! its shared memory, and the processor time of an idle one. `cargo bench --bench start`

use conveyor::{Context, pipeline};
use std::fs;
use std::time::{Duration, Instant};

const ROUNDS: usize = 21;
const IDLE: Duration = Duration::from_secs(2);

/// Bytes of shared memory that are in use in this process's mappings of running pipelines.
fn shared_bytes() -> u64 {
    let maps = fs::read_to_string("/proc/self/smaps").expect("Linux");
    let mut of_conveyor = false;
    let mut kib = 0;
    for line in maps.lines() {
        let mut words = line.split_ascii_whitespace();
        match words.next() {
            Some("Rss:") if of_conveyor => {
                kib += words.next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0)
            }
            Some(range) if range.contains('-') => of_conveyor = line.contains("memfd:conveyor"),
            _ => {}
        }
    }
    kib * 1024
}

/// Bytes of the files behind them that have memory, whoever has touched it.
fn allocated_bytes() -> u64 {
    use std::os::unix::fs::MetadataExt;
    let files = fs::read_dir("/proc/self/fd").expect("Linux").filter_map(Result::ok);
    let ours = files.filter(|file| {
        fs::read_link(file.path()).is_ok_and(|path| path.to_string_lossy().contains("conveyor"))
    });
    ours.filter_map(|file| fs::metadata(file.path()).ok()).map(|about| about.blocks() * 512).sum()
}

/// Clock ticks that the children of this process have used so far.
fn ticks_of_children() -> u64 {
    let me = std::process::id().to_string();
    let processes = fs::read_dir("/proc").expect("Linux").filter_map(Result::ok);
    let stats = processes.filter_map(|process| fs::read_to_string(process.path().join("stat")).ok());
    stats
        .filter_map(|stat| {
            let fields: Vec<&str> = stat.rsplit(')').next()?.split_ascii_whitespace().collect();
            let ticks = |field: usize| fields.get(field)?.parse::<u64>().ok();
            (fields.get(1) == Some(&me.as_str())).then(|| Some(ticks(11)? + ticks(12)?))?
        })
        .sum()
}

fn main() {
    let row = pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) -> pipe -> processor(|x| x + 1) -> pipe -> processor(|x| x + 1) -> pipe
            -> processor(|x| x + 1) -> pipe -> processor(|x| x + 1);
    }
    .context(Context::Processes);
    let mut times: Vec<Duration> = (0..ROUNDS)
        .map(|_| {
            let began = Instant::now();
            let mut running = row.start().expect("it starts");
            running.send(1).expect("there is room");
            assert_eq!(running.recv().expect("it comes out"), 6);
            began.elapsed()
        })
        .collect();
    times.sort();
    println!(
        "start to first message through 5 processes: median {:?}, worst {:?}",
        times[ROUNDS / 2],
        times[ROUNDS - 1]
    );

    let mut running = row.start().expect("it starts");
    running.send(1).expect("there is room");
    running.recv().expect("it comes out");
    println!(
        "shared memory: {} KiB reserved, {} KiB touched by the caller",
        allocated_bytes() / 1024,
        shared_bytes() / 1024
    );
    let before = ticks_of_children();
    std::thread::sleep(IDLE); // what is measured is doing nothing
    println!("an idle pipeline: {} clock ticks in {IDLE:?}", ticks_of_children() - before);
}
