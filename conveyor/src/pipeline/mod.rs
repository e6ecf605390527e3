//! What the caller holds.
//!
//! - `declare`: how the macro makes it; `unmade`: what its name is before
//! - `inputs`, `run`, `pace`: a run over an iterator, fed from within
//! - `running`, `drain`, `halves`: a run that is fed by hand
//! - `streams`: its ends for async code; `aside`: the thread that waits for them
//! - `session`: what all of them are made of; `error`: what their calls return
//! - `winding`: the end, with all that is under way; `interrupts`: the same by Ctrl-C, on request

#[cfg(all(feature = "bench", target_os = "linux"))]
mod alone;
#[cfg(feature = "async")]
mod aside;
pub(crate) mod declare;
mod drain;
mod error;
mod halves;
mod inputs;
#[cfg(target_os = "linux")]
mod interrupts;
mod pace;
mod run;
mod running;
mod session;
#[cfg(all(feature = "proof", target_os = "linux"))]
mod stand;
#[cfg(feature = "async")]
mod streams;
#[cfg(test)]
mod tests;
pub(crate) mod unmade;
mod winding;

#[cfg(all(feature = "bench", target_os = "linux"))]
pub use alone::run_alone;
pub use drain::Drain;
pub use error::{RecvError, RecvTimeoutError, SendError, SendTimeoutError, TryRecvError, TrySendError};
pub use halves::{Receiver, Sender};
pub use inputs::Inputs;
pub use run::Run;
pub use running::Running;
#[cfg(all(feature = "proof", target_os = "linux"))]
pub use stand::stand;
#[cfg(feature = "async")]
pub use streams::{RecvStream, SendSink};
pub use winding::WindDownHandle;

use crate::context::{Backend, Context, Declared, Engine, Overrides, RunOptions, Show, Start};
use crate::graph::drawing::{Graph, graph_of};
use crate::graph::options::Fuse;
use crate::graph::plan::{self, Fusing, Limits};
use crate::graph::table::Kind;
use crate::report::Report;
use crate::sys::cores::cores;
use crate::{Error, ErrorKind};
use std::any::Any;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// A declared pipeline that takes `In` and gives `Out`; `()` where an end is closed by sources or sinks.
///
/// It is made by [`pipeline!`](crate::pipeline!), and can be run any number of times, also several times at once.
///
/// ```
/// let squares = conveyor::pipeline! {
///     <u64 -> u64>;
///     processor(|x| x + 1) -> pipe -> processor(|x: u64| x * x)
/// };
/// let squares: Vec<u64> = squares.run([1, 2, 3]).collect::<Result<_, _>>()?;
/// assert_eq!(squares, [4, 9, 16]);
/// # Ok::<(), conveyor::Error>(())
/// ```
pub struct Pipeline<In, Out> {
    /// Or why it can never run.
    declared: Result<Arc<Declared>, Error>,
    context: Context,
    backend: Backend,
    fuse: Fuse,
    options: RunOptions,
    /// Known since it was declared, so that nothing is asked of the types here: where one is no message, that was said
    /// there.
    start: Start<In, Out>,
}

impl<In, Out> Clone for Pipeline<In, Out> {
    fn clone(&self) -> Self {
        let Pipeline { declared, context, backend, fuse, options, start } = self;
        Pipeline {
            declared: declared.clone(),
            context: *context,
            backend: *backend,
            fuse: *fuse,
            options: options.clone(),
            start: *start,
        }
    }
}

impl<In: 'static, Out: 'static> Pipeline<In, Out> {
    fn new(declared: Result<Arc<Declared>, Error>, start: Start<In, Out>) -> Self {
        let (context, backend, fuse) = (Context::default(), Backend::default(), Fuse::default());
        Pipeline { declared, context, backend, fuse, options: RunOptions::default(), start }
    }

    /// With the types of the header, which the macro has compared with its own. So where they differ, that is the only
    /// error.
    fn typed<Takes: 'static, Gives: 'static>(self) -> Pipeline<Takes, Gives> {
        let start = (&self.start as &dyn Any).downcast_ref::<Start<Takes, Gives>>();
        Pipeline::new(self.declared, start.copied().unwrap_or(declare::refused))
    }
}

impl<In, Out> Pipeline<In, Out> {
    /// The declared graph, to look at or to draw. [The environment](crate#environment-variables) makes every program print
    /// that of its first pipeline instead of running it.
    ///
    /// ```
    /// let double = conveyor::pipeline! { <u64 -> u64>; processor double = |x| x * 2; double };
    /// assert!(double.graph()?.dot().contains("double"));
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the parameters, or those of a pipeline inside, cannot be made or encoded: then the pipeline can never run.
    pub fn graph(&self) -> Result<Graph, Error> {
        self.declared().map(|declared| graph_of(declared.table))
    }

    /// Runs in this context, unless [the environment](crate#environment-variables) names another one.
    ///
    /// ```
    /// use conveyor::Context;
    ///
    /// let double = conveyor::pipeline! { <u64 -> u64>; processor(|x| x * 2) };
    /// assert_eq!(double.context(Context::Threads).run([1, 2]).collect::<Result<Vec<_>, _>>()?, [2, 4]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn context(mut self, context: Context) -> Self {
        self.context = context;
        self
    }

    /// Takes its shared memory from there; only [`Context::Processes`] needs any.
    ///
    /// ```
    /// use conveyor::Backend;
    ///
    /// let double = conveyor::pipeline! { <u64 -> u64>; processor(|x| x * 2) };
    /// let mut running = double.backend(Backend::Named).start()?; // other programs see `/dev/shm/conveyor-*`
    /// running.send(4)?;
    /// assert_eq!(running.recv()?, 8);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn backend(mut self, backend: Backend) -> Self {
        self.backend = backend;
        self
    }

    /// Lets neighbours share a process, or a thread, unless [the environment](crate#environment-variables) says otherwise. In
    /// the serial context there is nothing left to share.
    ///
    /// Stages that are fused become one loop, and what passes between them is not written anywhere. Outputs, errors and
    /// reports are the same.
    ///
    /// ```
    /// use conveyor::Fuse;
    ///
    /// let squares = conveyor::pipeline! {
    ///     <u64 -> u64>;
    ///     processor(|x| x + 1) -> pipe -> processor(|x: u64| x * x)
    /// };
    /// let squares: Vec<u64> = squares.fuse(Fuse::All).run([1, 2, 3]).collect::<Result<_, _>>()?;
    /// assert_eq!(squares, [4, 9, 16]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn fuse(mut self, fuse: Fuse) -> Self {
        self.fuse = fuse;
        self
    }

    /// Messages that are left out (`[on_poison = skip]`) are kept in this file: a line of JSON for each, with the
    /// processor, the position, the cause, and the message's bytes. It is made when there is the first one, and added to
    /// if it is there.
    ///
    /// Otherwise the file is `PROGRAM-PID.dead-letters.jsonl` in the current directory;
    /// [the environment](crate#environment-variables) overrides both.
    ///
    /// ```
    /// use conveyor::Context;
    ///
    /// let fragile = conveyor::pipeline! {
    ///     <u64 -> u64>;
    ///     processor fragile [on_poison = skip] = |x: u64| {
    ///         assert!(x != 3, "three is too much");
    ///         x
    ///     };
    ///     fragile
    /// };
    /// let file = std::env::temp_dir().join(format!("dead-letters-{}", std::process::id()));
    /// let mut run = fragile.context(Context::Processes).dead_letters(&file).run(0..6);
    /// let outputs: Vec<u64> = run.by_ref().collect::<Result<_, _>>()?;
    /// assert_eq!(outputs, [0, 1, 2, 4, 5]);
    /// assert_eq!(run.report().left_out(), 1);
    /// let letter = std::fs::read_to_string(&file)?;
    /// assert!(letter.contains(r#""processor":"fragile","lane":0,"position":3"#), "{letter}");
    /// assert!(letter.contains("three is too much"));
    /// # std::fs::remove_file(file)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn dead_letters(mut self, file: impl Into<PathBuf>) -> Self {
        self.options.dead_letters = Some(file.into());
        self
    }

    /// Lets Ctrl-C end the run in good order, in whatever context.
    ///
    /// With the first Ctrl-C or SIGTERM the run winds down: sources give nothing more, no more inputs are taken, and
    /// everything that is under way comes out, so that sinks finish as at any other end. The second one ends the program
    /// as if this had not been called, and with it all workers. The program's own handlers of the two signals come back
    /// when the run is over. [`Report::interrupted`] says which signal has come: a program that has been interrupted
    /// should end with `std::process::exit(128 + signal)`, so that a shell script around it ends, too. Without a signal a
    /// run winds down by [`Running::wind_down`].
    ///
    /// A source or an iterator that waits for something has to return before the run can wind down. Whoever feeds a run by
    /// hand closes its head, or calls `finish`, once `send` says that nothing more is taken.
    ///
    /// ```no_run
    /// let endless = conveyor::pipeline! {
    ///     <() -> ()>;
    ///     source(0..u64::MAX) -> pipe -> sink(|x: u64| println!("{x}"))
    /// };
    /// let report = endless.handle_ctrl_c().run_to_end(())?;
    /// if let Some(signal) = report.interrupted() {
    ///     std::process::exit(128 + signal);
    /// }
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn handle_ctrl_c(mut self) -> Self {
        self.options.handles_ctrl_c = true;
        self
    }

    /// Runs over the inputs: gives an iterator over the outputs, which takes the inputs as it needs them.
    ///
    /// A pipeline that starts with a source takes `()`. Everything happens in the calling thread and in the
    /// pipeline's own workers; whatever the capacities are, the iterator does not block for ever.
    /// If the run cannot start, the iterator's only item is the error; so it is with inputs for a source.
    ///
    /// ```
    /// let evens = conveyor::pipeline! {
    ///     <() -> u64>;
    ///     source(0..10_u64) -> pipe -> filter(|x| x % 2 == 0)
    /// };
    /// let evens: Vec<u64> = evens.run(()).collect::<Result<_, _>>()?;
    /// assert_eq!(evens, [0, 2, 4, 6, 8]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn run<M, I: Inputs<In, M>>(&self, inputs: I) -> Run<In, Out, I::Iter> {
        let mut inputs = inputs.into_inputs();
        Run::new(self.takes(&mut inputs).and_then(|()| self.engine()), inputs)
    }

    /// Inputs for a pipeline that starts with a source would be lost.
    fn takes(&self, inputs: &mut impl Iterator<Item = In>) -> Result<(), Error> {
        let is_open = self.declared()?.table.elements.iter().any(|element| element.kind == Kind::Input);
        if is_open || inputs.next().is_none() {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Start,
            "there are inputs, but the pipeline starts with a source and takes none: write `.run(())`",
        ))
    }

    /// Starts a run that is fed by hand.
    ///
    /// ```
    /// let double = conveyor::pipeline! { <u64 -> u64>; processor(|x| x * 2) };
    /// let mut running = double.start()?;
    /// running.send(1)?;
    /// assert_eq!(running.recv()?, 2);
    /// running.send(2)?;
    /// let (rest, report) = running.finish()?;
    /// assert_eq!(rest, [4]);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the run cannot start; the text says what is in the way.
    pub fn start(&self) -> Result<Running<In, Out>, Error> {
        self.engine().map(Running::new)
    }

    fn engine(&self) -> Result<Engine<In, Out>, Error> {
        let overrides = Overrides::from_environment()?;
        let declared = self.declared()?;
        let cores = cores();
        let workers = overrides.workers.unwrap_or(cores);
        let fusing = Fusing::Asked(overrides.fuse.unwrap_or(self.fuse));
        let limits = Limits { workers, cores, fusing };
        if let Some(show) = overrides.show {
            let plan = plan::build(declared.table, &declared.settings, limits)?;
            print_and_exit(show, &graph_of(declared.table), &plan);
        }
        let mut options = self.options.clone();
        options.dead_letters = overrides.dead_letters.or(options.dead_letters);
        let context = overrides.context.unwrap_or(self.context);
        let start = || (self.start)(context, self.backend, declared, limits, &options);
        if options.handles_ctrl_c { attended(start) } else { start() }
    }

    pub(crate) fn declared(&self) -> Result<&Declared, Error> {
        self.declared.as_deref().map_err(Error::clone)
    }
}

/// A run that is told of Ctrl-C.
#[cfg(target_os = "linux")]
fn attended<In, Out>(
    start: impl FnOnce() -> Result<Engine<In, Out>, Error>,
) -> Result<Engine<In, Out>, Error> {
    let attention = interrupts::Attention::now();
    let Engine { ends, control } = start()?;
    match attention.to(control.clone()) {
        Ok(control) => Ok(Engine { ends, control }),
        Err(error) => {
            drop(ends);
            control.stop();
            // the first error counts
            let _ = control.join();
            Err(error)
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn attended<In, Out>(_: impl FnOnce() -> Result<Engine<In, Out>, Error>) -> Result<Engine<In, Out>, Error> {
    Err(Error::new(ErrorKind::Start, "Ctrl-C is handled on Linux only: leave out `handle_ctrl_c()`"))
}

impl<In> Pipeline<In, ()> {
    /// Runs a pipeline that ends in sinks until all inputs have arrived there, and tells what it has done.
    ///
    /// ```
    /// let print = conveyor::pipeline! {
    ///     <u64 -> ()>;
    ///     sink show = |x: u64| println!("{x}");
    ///     filter(|x| x % 2 == 0) -> pipe -> show
    /// };
    /// let report = print.run_to_end(0..10)?;
    /// assert_eq!(report.processor("show").unwrap().messages_in(), 5);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    ///
    /// # Errors
    /// When the run cannot start or fails.
    pub fn run_to_end<M, I: Inputs<In, M>>(&self, inputs: I) -> Result<Report, Error> {
        let mut run = self.run(inputs);
        run.by_ref().try_for_each(|output| output)?;
        Ok(run.report())
    }
}

/// `CONVEYOR_GRAPH` is set: any program prints its first pipeline instead of running it.
fn print_and_exit(show: Show, graph: &Graph, plan: &plan::Plan) -> ! {
    static FIRST: Mutex<()> = Mutex::new(());
    let _held = FIRST.lock(); // until the process is gone: other threads may be about to start a pipeline, too
    match show {
        Show::Plan => print!("{plan}"),
        Show::Dot => print!("{}", graph.dot()),
        Show::Mermaid => print!("{}", graph.mermaid()),
        #[cfg(feature = "svg")]
        Show::Svg => print!("{}", graph.svg()),
    }
    std::process::exit(0)
}
