//! The wiring without its type: one function pointer that the caller, threads and re-executed workers can call.

use super::task::Survey;
use super::{Pools, Scope, Task, Wiring};
use crate::element::rate::Rate;
use crate::graph::flatten::{Flat, flat};
use crate::graph::ports::Ends;
use crate::graph::table::Table;
use crate::memory::AnyPool;
use crate::message::Decoder;
use crate::{Message, Result};
use std::sync::Arc;

/// Gives a pool by its number.
pub(crate) type GivePool<'a> = &'a mut dyn FnMut(usize) -> AnyPool;

/// What the scope of a call is made of. Every lane makes its own, so that parameters need not be shared by threads.
pub(crate) struct ScopeParts<'a> {
    /// The encoded parameters, and behind them those of the pipelines inside.
    pub(crate) params: Decoder<'a>,
    /// Of all pipelines, by their numbers in the flat table.
    pub(crate) pools: GivePool<'a>,
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
    // SAFETY: `W` has no size and is `Copy`; the only callers got this instance by handing a value of it to `declare`.
    let wire = unsafe { std::ptr::NonNull::<W>::dangling().read() };
    let flat = surveyed(|w| {
        wire(w);
    });
    if let Task::Describe(known) = task {
        *known = Some(flat);
        return Ok(());
    }
    task.ends::<In, Out>();
    task.pools(&flat.numbers, L::ELEMENTS);
    let (scope, params, pools) = match parts {
        None => (None, None, None),
        Some(ScopeParts { mut params, pools }) => {
            let scope = Scope { params: P::decode(&mut params)?, pools: L::attach(pools) };
            let params = Vec::<Vec<u8>>::view(&mut params)?;
            (Some(Arc::new(scope)), Some(params), Some(pools as GivePool<'_>))
        }
    };
    wire(&mut Wiring { task: task.again(), scope, params, pools, numbers: Some(&flat.numbers) });
    Ok(())
}

/// What a wiring is the wiring of.
pub(super) fn surveyed<C>(wire: impl FnOnce(&mut Wiring<'_, C>)) -> &'static Flat {
    let mut survey = Survey::default();
    wire(&mut Wiring {
        task: Task::Survey(&mut survey),
        scope: None,
        params: None,
        pools: None,
        numbers: None,
    });
    flat(survey.table.expect("a wiring first says which table is its own"), survey.parts)
}

/// What an entry is the entry of.
pub(super) fn flat_of(entry: Entry) -> &'static Flat {
    let mut known = None;
    let described = entry(Task::Describe(&mut known), None);
    described.ok().and(known).expect("to describe a wiring needs no parameters, so nothing can fail")
}

/// The graph that an entry runs, with all pipelines inside taken apart.
pub(crate) fn table_of(entry: Entry) -> &'static Table {
    flat_of(entry).table
}
