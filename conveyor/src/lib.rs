//! Conveyor: dataflow pipelines declared in Rust, run as processes over shared memory.

mod element;
mod error;
mod graph;
mod memory;
pub mod message;
mod pipeline;
mod ring;
mod sync;
mod wiring;

#[doc(hidden)]
pub mod private;

pub use conveyor_macros::Message;
pub use element::outlet::{Filled, Outlet, Slot};
pub use element::processor::{Expand, InPlace, Processor};
pub use element::sink::Sink;
pub use element::source::Source;
pub use error::{Error, ErrorKind, Failure, Result};
pub use memory::Pool;
pub use message::{Arg, Input, Message, Ref};
pub use pipeline::Pipeline;

/// Declares a pipeline.
#[macro_export]
macro_rules! pipeline {
    ($($declaration:tt)*) => { $crate::private::__pipeline! { $crate $($declaration)* } };
}
