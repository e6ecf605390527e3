//! Starting: from nothing to the first message that has come through. The median of several starts.

use super::unix_pipe::unbuffered_stdout;
use super::{Outcome, System, system};
use crate::scale::Scale;
use crate::usage::{Spent, shared_mib};
use conveyor::{Context, Pipeline, pipeline};
use crossbeam_channel::bounded;
use std::hint::black_box;
use std::io::{Read, Write};
use std::process::{Child, Command};
use std::time::Instant;

const STARTS: u64 = 20;
const HOST_BYTES: usize = 500 << 20;

pub const FIVE: &[System] = &[
    system("conveyor", "processes", |scale| ours(&five().context(Context::Processes), 5, scale)),
    system("conveyor", "threads", |scale| ours(&five().context(Context::Threads), 5, scale)),
    system("ours-in-500-mib", "processes", in_large_host),
    system("unix-pipe", "processes", unix_pipe),
    system("crossbeam", "threads", crossbeam),
];

pub const SIXTY_FOUR: &[System] =
    &[system("conveyor", "processes", |scale| ours(&sixty_four().context(Context::Processes), 64, scale))];

fn five() -> Pipeline<u64, u64> {
    pipeline! {
        <u64 -> u64>;
        processor(|x| x + 1) -> pipe -> processor(|x| x + 1) -> pipe -> processor(|x| x + 1) -> pipe
            -> processor(|x| x + 1) -> pipe -> processor(|x| x + 1);
    }
}

mod cell {
    conveyor::pipeline! {
        /// Four stages and 13 pipes, of which some only hand on.
        pub Cell<u64 -> u64>;

        processor(|x| x + 1) -> pipe -> replicated fork {
            processor(|x| x + 1),
            processor(|x| x + 1),
            pipe,
            pipe,
            pipe,
            pipe,
            pipe,
        } -> pipe -> join zip -> processor(|(a, b, c, d, e, f, g)| a + b - c + (d + e - f - g) + 1);
    }
}

/// 64 stages and 223 pipes, through all of which every message goes; it adds 64.
fn sixty_four() -> Pipeline<u64, u64> {
    use cell::Cell;
    pipeline! {
        <u64 -> u64>;
        pipeline a = Cell;
        pipeline b = Cell;
        pipeline c = Cell;
        pipeline d = Cell;
        pipeline e = Cell;
        pipeline f = Cell;
        pipeline g = Cell;
        pipeline h = Cell;
        pipeline i = Cell;
        pipeline j = Cell;
        pipeline k = Cell;
        pipeline l = Cell;
        pipeline m = Cell;
        pipeline n = Cell;
        pipeline o = Cell;
        pipeline p = Cell;
        a -> pipe -> b -> pipe -> c -> pipe -> d -> pipe -> e -> pipe -> f -> pipe -> g -> pipe -> h -> pipe
            -> i -> pipe -> j -> pipe -> k -> pipe -> l -> pipe -> m -> pipe -> n -> pipe -> o -> pipe -> p;
    }
}

/// Does it again and again; what it gives is ended outside of the time. Speeds are compared, so one item is one median
/// start.
fn starts<R>(scale: Scale, mut start: impl FnMut() -> R) -> Outcome {
    let mut times: Vec<f64> = (0..scale.items(STARTS))
        .map(|_| {
            let began = Instant::now();
            let running = start();
            let seconds = began.elapsed().as_secs_f64();
            drop(running);
            seconds
        })
        .collect();
    let first = times[0];
    times.sort_by(f64::total_cmp);
    let more = vec![("first_s".to_owned(), first), ("worst_s".to_owned(), times[times.len() - 1])];
    Outcome { spent: Spent::taking(times[times.len() / 2]), items: 1, more }
}

fn ours(row: &Pipeline<u64, u64>, added: u64, scale: Scale) -> Outcome {
    let mut outcome = starts(scale, || {
        let mut running = row.start().expect("it starts");
        running.send(1).expect("there is room");
        assert_eq!(running.recv().expect("it comes out"), 1 + added);
        running
    });
    let mut running = row.start().expect("it starts");
    running.send(1).expect("there is room");
    running.recv().expect("it comes out");
    outcome.more.push(("shared_mib".to_owned(), shared_mib()));
    outcome
}

/// Started by a program that uses much memory.
fn in_large_host(scale: Scale) -> Outcome {
    let host = vec![1u8; HOST_BYTES];
    let outcome = ours(&five().context(Context::Processes), 5, scale);
    black_box(host);
    outcome
}

/// Processes in a row that end when their input does.
struct Row(Vec<Child>);

impl Drop for Row {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|child| {
            child.wait().expect("it is our child");
        });
    }
}

/// This program again, five times, from pipe to pipe.
fn unix_pipe(scale: Scale) -> Outcome {
    let program = std::env::current_exe().expect("this program has a path");
    starts(scale, || {
        let (mut last, mut first) = std::io::pipe().expect("a pipe");
        let mut row = Row(Vec::new());
        for _ in 0..5 {
            let (next, outlet) = std::io::pipe().expect("a pipe");
            let child = Command::new(&program)
                .args(["helper", "start-row"])
                .stdin(last)
                .stdout(outlet)
                .spawn()
                .expect("this program runs");
            last = next;
            row.0.push(child);
        }
        first.write_all(&1u64.to_ne_bytes()).expect("it is received");
        let mut bytes = [0; 8];
        last.read_exact(&mut bytes).expect("it comes out");
        assert_eq!(u64::from_ne_bytes(bytes), 6);
        (first, row)
    })
}

/// One of the five.
pub fn in_row() {
    let mut stdin = std::io::stdin().lock();
    let mut stdout = unbuffered_stdout();
    let mut bytes = [0; 8];
    while stdin.read_exact(&mut bytes).is_ok() {
        let next = u64::from_ne_bytes(bytes) + 1;
        stdout.write_all(&next.to_ne_bytes()).expect("it is received");
    }
}

fn crossbeam(scale: Scale) -> Outcome {
    starts(scale, || {
        let (first, mut last) = bounded::<u64>(1024);
        for _ in 0..5 {
            let (outlet, next) = bounded(1024);
            let inlet = std::mem::replace(&mut last, next);
            std::thread::spawn(move || inlet.iter().try_for_each(|x| outlet.send(x + 1)));
        }
        first.send(1).expect("there is room");
        assert_eq!(last.recv(), Ok(6));
        (first, last)
    })
}
