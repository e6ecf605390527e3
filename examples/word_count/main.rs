//! Counts the words in all text files below a directory.
//!
//! Every worker of a balanced fork counts into a table of its own; the tables are merged at the end.
//!
//! ```text
//! cargo run --release --example word_count            # the crate sources that cargo has downloaded
//! cargo run --release --example word_count -- DIR
//! ```

mod stages;
mod tally;
mod walk;

use std::env;
use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

use conveyor::pipeline;
use stages::CountWords;
use tally::Tally;
use walk::Walk;

pipeline! {
    /// Counts the words below a directory, in parts.
    WordCount<() -> Tally>(root: PathBuf);

    source files = Walk::below(root)?;
    files -> pipe -> balanced fork(auto) { processor(CountWords::default()) } -> pipe -> join merge;
}

fn main() -> conveyor::Result<()> {
    let root = env::args_os().nth(1).map_or_else(crate_sources, PathBuf::from);

    let mut total = Tally::default();
    let mut run = WordCount::pipeline(root.clone()).run(());
    for part in &mut run {
        total.merge(part?);
    }

    print(format_args!("The most frequent words below {}:\n\n{total}", root.display()))?;
    eprintln!("{}", run.report());
    Ok(())
}

/// Who reads may have seen enough: `word_count | head -1`.
fn print(text: fmt::Arguments<'_>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Where cargo has unpacked the sources of the crates that it downloaded to build this program; the sources of this
/// project if there are none.
fn crate_sources() -> PathBuf {
    let cargo_home = env::var_os("CARGO_HOME").map(PathBuf::from);
    cargo_home
        .or_else(|| env::home_dir().map(|home| home.join(".cargo")))
        .map(|cargo| cargo.join("registry/src"))
        .filter(|sources| sources.is_dir())
        .unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into())
}
