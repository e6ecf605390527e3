//! The contexts a pipeline runs in, and the seam between them and the caller's handle.
//!
//! - `declared`: what there is to run; `choice`: where; `options`: how
//! - `engine`: the two ends of a run, and the run as a whole

pub(crate) mod choice;
mod declared;
mod engine;
mod local;
mod options;
#[cfg(target_os = "linux")]
mod processes;
mod serial;
mod threads;
#[cfg(all(test, target_os = "linux"))]
mod width_tests;

pub use choice::{Backend, Context};
pub(crate) use choice::{Overrides, Show};
pub(crate) use declared::Declared;
pub(crate) use engine::{Control, Either, Ends, Engine, Received, RecvEnd, SendEnd, Sent, Wait};
pub(crate) use local::caught;
pub(crate) use options::RunOptions;
#[cfg(all(feature = "bench", target_os = "linux"))]
pub(crate) use processes::run_alone;
#[cfg(all(feature = "proof", target_os = "linux"))]
pub use processes::{Figures, Root, Stand};

use crate::graph::plan::Limits;
use crate::{Error, Message};

/// [`start`], for messages of these types.
pub(crate) type Start<In, Out> =
    fn(Context, Backend, &Declared, Limits, &RunOptions) -> Result<Engine<In, Out>, Error>;

/// Starts a run.
///
/// # Errors
/// When it cannot start, or the system does not have this context.
pub(crate) fn start<In: Message, Out: Message>(
    context: Context,
    backend: Backend,
    declared: &Declared,
    limits: Limits,
    options: &RunOptions,
) -> Result<Engine<In, Out>, Error> {
    match context {
        #[cfg(target_os = "linux")]
        Context::Processes => processes::start(declared, limits, backend.into(), options),
        #[cfg(not(target_os = "linux"))]
        Context::Processes => {
            let _ = (backend, options); // of processes alone
            Err(crate::sys::unsupported())
        }
        Context::Threads => threads::start(declared, limits),
        Context::Serial => serial::start(declared, limits),
    }
}
