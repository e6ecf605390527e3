//! The main program around generated pipelines: `program GRAPH CONTEXT DIRECTORY` runs one of them and prints its
//! outputs, one a line. This file is a part of generated programs only.

mod stages;

pub(crate) use stages::{Countdown, Squares, Sum, Summary, Twice};

use conveyor::{Context, Fuse, Inputs, Message, Pipeline, Result, Sink};
use crate::library::Sample;
use std::fmt::Debug;
use std::fs::OpenOptions;
use std::io::Write;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

/// No processor.
pub(crate) struct Wrench;

/// A message that cannot be cloned.
#[derive(Message)]
pub(crate) struct Sealed(pub(crate) u64);

/// What `#![init]` names: it runs first in every worker.
pub(crate) fn prepare() {}

/// Of any type: mistakes are compiled, never run.
pub(crate) fn nothing<T>() -> T {
    unreachable!("a mistake has become a program")
}

/// What a pipeline in a function with a type parameter takes.
pub(crate) trait Wraps: Message + Sample {
    /// What is in it.
    type Inner: Message;
    fn opened(self) -> Self::Inner;
}

impl<T: Message + Sample> Wraps for Option<T> {
    type Inner = T;
    fn opened(self) -> T {
        self.expect("samples have something in them")
    }
}

/// How a pipeline is to be run.
pub(crate) struct Call {
    context: Context,
    fuse: Fuse,
    directory: PathBuf,
}

impl Call {
    /// Where sinks record what they get.
    pub(crate) fn sinks(&self) -> PathBuf {
        self.directory.clone()
    }

    /// Runs a pipeline and prints what comes out.
    pub(crate) fn run<In: Message, Out: Message + Debug, M>(
        &self,
        pipeline: Pipeline<In, Out>,
        inputs: impl Inputs<In, M>,
    ) {
        let mut printed = std::io::BufWriter::new(std::io::stdout().lock());
        let mut run = pipeline.context(self.context).fuse(self.fuse).run(inputs);
        for output in run.by_ref() {
            match output {
                Ok(output) => writeln!(printed, "{output:?}").expect("the test reads"),
                Err(error) => {
                    eprintln!("{error}");
                    std::process::exit(1);
                }
            }
        }
        // a pipe that may drop messages is as large as all of them
        assert_eq!(run.report().dropped(), 0, "nothing is dropped");
    }
}

/// The whole program.
pub(crate) fn run(graphs: &[(&str, fn(&Call))]) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [graph, context, directory] = &arguments[..] else {
        panic!("give a graph, a context, and a directory for sinks")
    };
    let (context, fuse) = match context.as_str() {
        "serial" => (Context::Serial, Fuse::None),
        "threads" => (Context::Threads, Fuse::None),
        "threads, fused" => (Context::Threads, Fuse::All),
        "processes" => (Context::Processes, Fuse::None),
        _ => (Context::Processes, Fuse::All),
    };
    let (_, run) = graphs.iter().find(|(name, _)| name == graph).expect("there is such a graph");
    run(&Call { context, fuse, directory: directory.into() });
}

/// Adds a line to the file of a sink, by a single write: several workers may share the file.
pub(crate) fn record(sinks: &Path, number: usize, message: &impl Debug) {
    let file = OpenOptions::new().create(true).append(true).open(sinks.join(number.to_string()));
    let line = format!("{message:?}\n");
    file.and_then(|mut file| file.write_all(line.as_bytes())).expect("the directory can be written");
}

/// The same as a type.
pub(crate) struct Record<T> {
    sinks: PathBuf,
    number: usize,
    takes: PhantomData<T>,
}

impl<T> Record<T> {
    pub(crate) fn new(sinks: &Path, number: usize) -> Record<T> {
        Record { sinks: sinks.to_owned(), number, takes: PhantomData }
    }
}

impl<T: Message + Debug> Sink for Record<T> {
    type In = T;
    fn consume(&mut self, message: T) -> Result<()> {
        record(&self.sinks, self.number, &message);
        Ok(())
    }
}
