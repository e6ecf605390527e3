//! The wiring without its type: one function pointer that the caller, threads and re-executed workers can call.

use super::{Pools, Scope, Task, Wiring};
use crate::element::rate::Rate;
use crate::graph::ports::Ends;
use crate::message::Decoder;
use crate::{Message, Result};

/// Calls the wiring for a task. Without parameters only types can be inferred.
pub(crate) type Entry = fn(Task<'_>, Option<Decoder<'_>>) -> Result<()>;

/// The entry of a wiring `W`, which has no size: so its type alone is enough to call it.
pub(crate) fn entry_of<P, L, In, Out, R, W>(_: W) -> Entry
where
    P: Message,
    L: Pools,
    In: Message,
    Out: Message,
    R: Rate,
    W: Fn(&mut Wiring<'_, Scope<P, L>>) -> Ends<In, Out, R> + Copy + 'static,
{
    const { assert!(size_of::<W>() == 0, "CV018: the pipeline captures something") };
    |task, params| {
        let scope = None;
        let _ = params.map(|mut from| P::decode(&mut from)).transpose()?;
        let mut wiring = Wiring::new(task, scope);
        // SAFETY: `W` has no size and is `Copy`, and a value of it existed when `entry_of` was called.
        let wire = unsafe { std::ptr::NonNull::<W>::dangling().read() };
        wire(&mut wiring);
        Ok(())
    }
}
