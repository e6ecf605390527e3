//! Conveyor: dataflow pipelines declared in Rust, run as processes over shared memory.

mod context;
mod element;
mod error;
mod graph;
#[cfg(target_os = "linux")]
mod lane;
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
mod wiring;
#[cfg(target_os = "linux")]
mod worker;

#[doc(hidden)]
pub mod private;

pub use context::{Backend, Context};
pub use conveyor_macros::Message;
pub use element::outlet::{Filled, Outlet, Slot};
pub use element::processor::{Expand, InPlace, Processor};
pub use element::sink::Sink;
pub use element::source::Source;
pub use error::{Error, ErrorKind, Failure, Result};
pub use graph::drawing::{Graph, NodeInfo};
pub use graph::table::Kind as ElementKind;
pub use memory::{Chunk, Pool};
pub use message::{Arg, Input, Message, Ref};
pub use petgraph;
pub use pipeline::{
    Drain, Inputs, Pipeline, Receiver, RecvError, RecvTimeoutError, Run, Running, SendError,
    SendTimeoutError, Sender, TryRecvError, TrySendError,
};
pub use report::{LaneReport, ProcessorReport, Report};
pub use sys::hook::init;

/// Declares a pipeline.
#[macro_export]
macro_rules! pipeline {
    ($($declaration:tt)*) => { $crate::private::__pipeline! { $crate $($declaration)* } };
}
