//! Imports lines into a database; bad ones go into a file, with their place and what is wrong with them.
//!
//! Lines are parsed by as many workers as there are cores, and still stored in their order.
//!
//! ```text
//! cargo run --release --example import                              # a small sample
//! cargo run --release --example import -- examples/import/*.csv     # any files
//! zcat readings.csv.gz | cargo run --release --example import       # the standard input, also named `-`
//! ```
//!
//! It writes `good.db` and `bad.txt` into the current directory.
//!
//! Kill its workers as often as you like (`pkill -9 -P $(pgrep -x import)`): both files come out the same. The source goes
//! on at its position (unless it is the standard input), the rows have the names of their messages as keys, and the file
//! of bad lines is exactly-once by itself.

mod lines;
mod row;
mod stages;
mod store;

use std::env;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use conveyor::{pipeline, sink};
use lines::{Lines, is_stdin};
use row::Row;
use store::Store;

const GOOD: &str = "good.db";
const BAD: &str = "bad.txt";

fn main() -> conveyor::Result<()> {
    let files = files_to_read();

    let import = pipeline! {
        (files: Vec<PathBuf>);
        source lines [stdin = files.iter().any(|file| is_stdin(file))] = Lines::of(files);
        processor parse = Row::parse;
        replicated fork parsed;
        filter_map good = |row| row.ok();
        filter_map bad = |row| row.err().map(|bad| bad.to_string());
        sink store = Store::open(Path::new(GOOD))?;
        sink list = sink::lines(BAD)?;

        lines -> pipe -> balanced fork(auto) { parse } -> pipe -> join ordered -> pipe -> parsed;
        parsed -> good -> pipe -> store;
        parsed -> bad -> pipe -> list;
    };
    let report = import.run_to_end(())?;

    print()?;
    eprintln!("\n{report}");
    Ok(())
}

fn print() -> conveyor::Result<()> {
    for station in store::stations(Path::new(GOOD))? {
        println!(
            "{:<12} {:>6} rows, {:.1} degrees on average",
            station.name, station.rows, station.mean_celsius
        );
    }
    let bad = fs::read_to_string(BAD)?;
    println!("\n{} bad lines in {BAD}; the first ones:", bad.lines().count());
    bad.lines().take(5).for_each(|line| println!("{line}"));
    Ok(())
}

/// The files on the command line, or the standard input; if that is a terminal, the sample beside this program.
fn files_to_read() -> Vec<PathBuf> {
    let files: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    if !files.is_empty() {
        files
    } else if io::stdin().is_terminal() {
        vec![concat!(env!("CARGO_MANIFEST_DIR"), "/examples/import/readings.csv").into()]
    } else {
        vec!["-".into()]
    }
}
