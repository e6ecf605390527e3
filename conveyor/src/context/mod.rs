//! The contexts a pipeline runs in, and the seam between them and the caller's handle.
//!
//! - `declared`: what there is to run; `choice`: where
//! - `engine`: the two ends of a run, and the run as a whole

mod choice;
mod declared;
mod engine;

pub use choice::{Backend, Context};
pub(crate) use choice::{Overrides, Show};
pub(crate) use declared::{Declared, Job};
pub(crate) use engine::{Control, Either, Ends, Engine, Received, RecvEnd, SendEnd, Sent, Wait};

use crate::{Error, ErrorKind, Message};

/// Starts a run.
///
/// # Errors
/// When it cannot start, or the system does not have this context.
pub(crate) fn launch<In: Message, Out: Message>(
    context: Context,
    job: Job,
) -> Result<Engine<In, Out>, Error> {
    let Job { declared, plan, backend } = job;
    let _ = (declared.entry, &declared.params, plan, backend);
    Err(Error::new(ErrorKind::Start, format_args!("there is no {context:?} context here")))
}
