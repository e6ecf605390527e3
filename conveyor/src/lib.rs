//! Dataflow pipelines declared in Rust, checked while the program is compiled, and run as processes over shared memory.
//!
//! # Declare
//!
//! [`pipeline!`] takes processors and the pipes, forks and joins between them. Its documentation is the reference of the
//! language.
//!
//! ```
//! use conveyor::pipeline;
//!
//! let roots = pipeline! {
//!     <f64 -> (f64, f64)>;
//!     processor(f64::abs) -> pipe -> replicated fork {
//!         processor(f64::sqrt),
//!         processor(f64::cbrt),
//!     } -> pipe -> join zip
//! };
//!
//! let roots: Vec<(f64, f64)> = roots.run([64.0, -64.0]).collect::<Result<_, _>>()?;
//! assert_eq!(roots, [(8.0, 4.0), (8.0, 4.0)]);
//! # Ok::<(), conveyor::Error>(())
//! ```
//!
//! This is an expression of type [`Pipeline<f64, (f64, f64)>`](Pipeline). With a name in front of the types it is an item:
//! `pub Roots<f64 -> (f64, f64)>;` gives `Roots::pipeline()` and `Roots::graph()`.
//!
//! # Run
//!
//! - [`run`](Pipeline::run) takes an iterator of inputs and is an iterator of outputs;
//!   [`run_to_end`](Pipeline::run_to_end) is for pipelines that end in sinks.
//! - [`start`](Pipeline::start) gives a [`Running`] pipeline: [`send`](Running::send), [`recv`](Running::recv), and what
//!   belongs to them; [`drain`](Running::drain) between batches; [`split`](Running::split) for two threads.
//! - Both tell what has been done in a [`Report`], which names the bottleneck.
//!
//! A pipeline can be run any number of times, also several times at once. Dropping a run ends it and leaves nothing behind.
//!
//! # Implement a processor
//!
//! A closure or a function is enough for one output per input. Whatever has a state, fails, or gives any number of outputs
//! is a type that implements one of these traits:
//!
//! | trait | behind | gives |
//! |---|---|---|
//! | [`Processor`] | `processor` | one output for every input |
//! | [`InPlace`] | `processor` | the same, written where it will travel from |
//! | [`Expand`] | `processor` | any number of outputs, also when the stream pauses or ends |
//! | [`Source`], or any iterator | `source` | messages from elsewhere |
//! | [`Sink`] | `sink` | nothing: the messages stay there |
//!
//! ```
//! use conveyor::{ErrorKind, Failure, Message, Processor, Ref, Result, pipeline};
//!
//! #[derive(Debug, PartialEq, Message)]
//! struct Reading {
//!     station: String,
//!     celsius: f32,
//! }
//!
//! /// Reads `station celsius`; a line without a temperature has that of the line before.
//! #[derive(Default)]
//! struct Parse {
//!     last: f32,
//! }
//!
//! impl Processor for Parse {
//!     type In = Ref<String>; // borrowed: `process` gets `&str`, in place
//!     type Out = Reading;
//!     fn process(&mut self, line: &str) -> Result<Reading> {
//!         let mut words = line.split(' ');
//!         let station = words.next().filter(|station| !station.is_empty());
//!         let station = station.ok_or_else(|| Failure::new("no station"))?.to_owned();
//!         if let Some(celsius) = words.next() {
//!             self.last = celsius.parse()?;
//!         }
//!         Ok(Reading { station, celsius: self.last })
//!     }
//! }
//!
//! let parse = pipeline! { <String -> Reading>; processor(Parse::default()) };
//!
//! let readings: Vec<_> = parse.run(["Oslo -3.5", "Bergen"].map(String::from)).collect::<Result<_, _>>()?;
//! assert_eq!(readings[1], Reading { station: "Bergen".into(), celsius: -3.5 });
//!
//! let error = parse.run(["Oslo -3.5", "Rome warm"].map(String::from)).find_map(Result::err).unwrap();
//! assert_eq!((error.kind(), error.processor(), error.position()), (ErrorKind::Failed, Some("Parse"), Some(1)));
//! # Ok::<(), conveyor::Error>(())
//! ```
//!
//! A worker that dies is replaced, if nothing is lost with it. What a processor, source or sink keeps from message to message
//! survives in a [`Checkpoint`]; what it does outside of the pipeline it does under the name of the message,
//! [`message_id`], so that it can be told when it is done again. [`source::lines`] and [`sink::lines`] are files that go on
//! where they were.
//!
//! What travels is a [`Message`]: the types of the standard library are, and `#[derive(Message)]` is for yours. Large
//! buffers cross the graph by handle: see [`Pool`] and [`Chunk`].
//!
//! Each processor is made where it runs, in its own process. So it need not be [`Send`], and it sees nothing of the
//! program but the pipeline's parameters: `<In -> Out>(limit: usize, model: PathBuf);`.
//!
//! What is large, and the same for all messages, is a [`SharedArray`] among the parameters: workers read it where it
//! lies. An array of atomics may be written by all of them: counts, flags, common state. See the module
//! [`array`](mod@array) for what belongs to arrays.
//!
//! # Forks and joins
//!
//! - `replicated fork { a, b }`: every branch gets every message. `join zip` makes tuples of what belongs to one message.
//! - `balanced fork(n) { a }` or `balanced fork(auto) { a }`: `n` workers, or as many as it needs, up to one per core, share
//!   the messages; whoever is free takes the next. `join ordered` restores the order. `balanced fork { a, b }` shares them between unlike branches.
//! - `join merge` closes either: messages as they come.
//!
//! # Maps
//!
//! [`map`](fn@map) calls a kernel for every item on all cores, and [`Map`] does so with all options: outputs in a
//! [`SharedArray`], parameters, accumulators, a state for each worker, a pool of [`Workers`] that serves several maps.
//!
//! ```
//! use conveyor::{Map, SharedArray};
//!
//! let numbers = SharedArray::from_fn(1000, |x| x as f64)?;
//! let mut tripled = SharedArray::<f64>::zeros(1000)?;
//! Map::over(&numbers).output(&mut tripled).run(|job| *job.out = 3.0 * job.item)?;
//! assert_eq!(tripled[[999]], 2997.0);
//!
//! let sum = Map::over(&tripled).fold(0.0, |sum, job| *sum += job.item).reduce(|a, b| a + b)?;
//! assert_eq!(sum.value, 1_498_500.0);
//! # Ok::<(), conveyor::Error>(())
//! ```
//!
//! [`Map::start`] does not wait: the [`map::RunningMap`] gives one answer after the other, as an iterator, or by
//! `into_stream`, and several of them run together on one pool.
//!
//! # Contexts
//!
//! [`Context::Processes`] is the default on Linux, [`Context::Threads`] elsewhere; [`Context::Serial`] runs everything in
//! the calling thread, in the same order every time. The same messages come out of all three.
//!
//! Worker processes are the program itself, started again, and become workers before `main`; see [`init`] for the few
//! programs that have to help.
//!
// Of two meanings of one name Markdown takes the first: what leads from page to page in the repository leads to items here.
//! [fusion]: Pipeline::fuse
//! [poison]: Pipeline::dead_letters
#![doc = include_str!("../docs/ENVIRONMENT.md")]
//!
//! # Errors
//!
//! User code returns [`Result`], whose error, [`Failure`], takes any error by `?`. The caller of a run gets an [`Error`] that
//! names the processor, its lane, the position of the message, and the cause. The first one ends the run: all workers are
//! gone when the caller sees it.
//!
//! A worker process that panics, is killed or exits is replaced if its processor keeps nothing from message to message, or
//! says how to go on (`[stateless]`, `[deterministic]`, `[restart = ..]`), and nobody notices. Otherwise, and if the same
//! message ends its workers again and again, that is an error, too. A message can be [left out](Pipeline::dead_letters)
//! instead (`[on_poison = skip]`), and may have a time limit (`[deadline = ..]`).
//!
//! # Features
//!
//! - `async`: the ends of a run as `Sink` and `Stream` of the `futures` crates, for every runtime: `Sender::into_sink`,
//!   `Receiver::into_stream`, and `map::RunningMap::into_stream`
//! - `bytes`: [`Message`] for `bytes::Bytes`
//! - `ndarray`: views of a [`SharedArray`] as arrays of the crate `ndarray`
//! - `serde`: the wrapper `message::Serde`, which carries any type that serde can serialise
//! - `svg` (on unless default features are off): [`Graph::svg`], and the graphs of pipelines in their documentation

#![cfg_attr(
    not(target_os = "linux"),
    allow(
        dead_code,
        unused_imports,
        reason = "without processes nobody needs the rings, nor what plans and meters tell of workers"
    )
)]

pub mod array;
mod context;
mod element;
mod error;
mod files;
mod graph;
#[cfg(target_os = "linux")]
mod lane;
pub mod map;
mod memory;
pub mod message;
mod meter;
mod pipeline;
mod report;
mod ring;
#[cfg(target_os = "linux")]
mod supervise;
mod sync;
mod sys;
mod value;
mod width;
mod wiring;
#[cfg(target_os = "linux")]
mod worker;

#[doc(hidden)]
pub mod private;

/// What [`pipeline!`] checks. Some rules are traits, which the compiler's errors name: nothing here is to be called or
/// implemented. Those of arrows, of the header and of a closure's argument hold for every type: they are not listed.
///
/// [limits]: #14-what-the-compiler-says-in-its-own-words
#[doc = include_str!("../docs/RULES.md")]
#[doc = include_str!("../docs/decisions/0014-limits-of-errors.md")]
pub mod rules {
    pub use crate::element::accept::{AcceptedSource, Borrowing};
    pub use crate::element::accepted::{
        Accepted, AcceptedFilterMap, AcceptedFlatMap, AcceptedSink, AcceptedTryMap,
    };
    pub use crate::element::given::{Given, Lent};
    pub use crate::element::rate::{OneToOne, Straight};
    pub use crate::element::role::{Fails, FilterMap, FlatMap, Map, Role, TryMap};
    pub use crate::element::travels::{Owned, Pooled, Travels};
    pub use crate::graph::ports::{
        Agrees, Begins, ClosedBySinks, ClosedBySources, Copies, Enters, FlowsInto, IsDeclared, Leaves,
    };
    pub use crate::graph::settings::{Amount, Condition, Time};
    pub use crate::pipeline::unmade::Made;
    pub use crate::wiring::uncalled::Called;
    pub use crate::wiring::value::ByView;
}

/// Sources that are there already.
pub mod source {
    pub use crate::files::{Lines, lines};
}

/// Sinks that are there already.
pub mod sink {
    pub use crate::files::{Written, bytes, written_lines as lines};
}

pub use array::handle::SharedArray;
pub use context::{Backend, Context};
pub use conveyor_macros::Message;
pub use element::checkpoint::Checkpoint;
pub use element::message_id::{MessageId, message_id};
pub use element::outlet::{Filled, Outlet, Slot};
pub use element::processor::{Expand, InPlace, Processor};
pub use element::sink::Sink;
pub use element::source::Source;
pub use error::{Error, ErrorKind, Failure, Result};
pub use graph::drawing::{Graph, NodeInfo};
pub use graph::options::Fuse;
pub use graph::table::Kind as ElementKind;
pub use map::{Map, Workers, map};
pub use memory::{Chunk, Pool};
pub use message::{Arg, Input, Message, Ref};
pub use meter::{LaneId, lane};
pub use petgraph;
pub use pipeline::{
    Drain, Inputs, Pipeline, Receiver, RecvError, RecvTimeoutError, Run, Running, SendError,
    SendTimeoutError, Sender, TryRecvError, TrySendError, WindDownHandle,
};
#[cfg(feature = "async")]
pub use pipeline::{RecvStream, SendSink};
pub use report::{LaneReport, PipeReport, ProcessorReport, Report, WidthReport};
pub use sys::free_memory::free_memory;
pub use sys::hook::init;

/// Declares a pipeline.
///
// Of two meanings of one name Markdown takes the first: here pictures and items, in the page files.
/// [arrays]: SharedArray
/// [chunks]: Chunk
/// [environment]: crate#environment-variables
/// [poison]: Pipeline::dead_letters
/// [replaced]: crate#errors
/// [rules]: crate::rules
#[doc = include_str!("../docs/pictures/rustdoc.md")]
///
#[doc = include_str!("../docs/LANGUAGE.md")]
#[macro_export]
macro_rules! pipeline {
    ($($declaration:tt)*) => { $crate::private::__pipeline! { $crate $($declaration)* } };
}

/// The examples of the README are tested like those of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
