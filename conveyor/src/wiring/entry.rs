//! The wiring without its type: one function pointer that the caller, threads and re-executed workers can call.

use super::{Pools, Scope, Task, Wiring};
use crate::element::rate::Rate;
use crate::graph::ports::Ends;
use crate::memory::AnyPool;
use crate::message::Decoder;
use crate::{Message, Result};
use std::sync::Arc;

/// What the scope of a call is made of. Every lane makes its own, so that parameters need not be shared by threads.
pub(crate) struct ScopeParts<'a> {
    /// The encoded parameters.
    pub(crate) params: Decoder<'a>,
    /// Gives a pool by its number.
    pub(crate) pools: &'a mut dyn FnMut(usize) -> AnyPool,
}

/// Calls the wiring for a task. Without a scope only types can be inferred.
///
/// # Errors
/// When the parameters are damaged. What has become of a stage is in the task.
pub(crate) type Entry = fn(Task<'_>, Option<ScopeParts<'_>>) -> Result<()>;

/// The entry of a wiring `W`, which has no size: so its type alone is enough to call it.
///
/// # Errors
/// See [`Entry`].
pub(crate) fn call<P, L, In, Out, R, W>(mut task: Task<'_>, parts: Option<ScopeParts<'_>>) -> Result<()>
where
    P: Message,
    L: Pools,
    In: Message,
    Out: Message,
    R: Rate,
    W: Fn(&mut Wiring<'_, Scope<P, L>>) -> Ends<In, Out, R> + Copy + 'static,
{
    const { assert!(size_of::<W>() == 0, "CV018: the pipeline captures something") };
    task.ends::<In, Out>(L::ELEMENTS);
    let scope = match parts {
        None => None,
        Some(ScopeParts { mut params, pools }) => {
            Some(Arc::new(Scope { params: P::decode(&mut params)?, pools: L::attach(pools) }))
        }
    };
    // SAFETY: `W` has no size and is `Copy`; the only callers got this instance by handing a value of it to `declare`.
    let wire = unsafe { std::ptr::NonNull::<W>::dangling().read() };
    wire(&mut Wiring::new(task, scope));
    Ok(())
}
