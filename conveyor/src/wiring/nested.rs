//! Pipelines inside pipelines: what the item of a declared pipeline shows to others, and how their wirings call its own.

use super::entry::{Entry, ScopeParts, flat_of, surveyed};
use super::{Element, Pools, Scope, Settled, Task, Wiring};
use crate::element::rate::Rate;
use crate::graph::drawing::{Graph, graph_of};
use crate::graph::flatten::Numbers;
use crate::graph::settings::Settings;
use crate::memory::AnyPool;
use crate::memory::heap::HeapPool;
use crate::message::{Decoder, Encoded, Seq};
use crate::{Error, ErrorKind, Failure, Message, Result};
use std::sync::Arc;

/// A declared pipeline with a name that does not contain itself: a path to it stands for the type that this gives.
///
/// Pipelines that contain each other would keep the compiler busy with their rates. Here it sees the cycle first, and
/// goes on without them.
#[diagnostic::on_unimplemented(
    message = "CV002: `{Self}` is not a pipeline that can be used inside another",
    label = "no pipeline is declared by this name",
    note = "write the path of a pipeline that is declared with a name: `pipeline! {{ pub Name<In -> Out>(..); .. }}`"
)]
pub trait Acyclic {
    /// The pipeline, once all of those in it have been seen.
    type Itself;
}

/// `<(A, B,) as Gives<C>>::It` is `C`, if there are `A` and `B`.
pub trait Gives<T> {
    /// The type.
    type It;
}
impl<T, All> Gives<T> for All {
    type It = T;
}

/// What others use of a declared pipeline with a name.
///
/// `K` is the function that takes its parameters one by one and gives them all, `S` are the types of its ends and pools.
/// They are parameters of the trait, and not only associated types, because the types that a declaration mentions may be
/// less visible than what it expands to.
pub trait Named<K, S> {
    /// What its open head takes; `()` if sources close it.
    type In;
    /// What its open end gives; `()` if sinks close it.
    type Out;
    /// Its parameters, as one message.
    type Params;
    /// Its pools.
    type Pools;
    /// Its rate, which the compiler computes.
    type Rate;
    /// The function that takes its parameters.
    const PARAMS: K;
    /// Evaluates its capacities, counts and options.
    fn settings(params: &Self::Params, settings: &mut Settings);
    /// Its wiring.
    fn wire(w: &mut Wiring<'_, Scope<Self::Params, Self::Pools>>);
}

/// The graph of a pipeline with a name.
pub fn graph_of_named<N: Named<K, S>, K, S>() -> Graph {
    graph_of(surveyed(N::wire).table)
}

impl<P: 'static, L: 'static> Wiring<'_, Scope<P, L>> {
    /// `pipeline spam = SpamVote(words, *limit)`: `arguments` gets our parameters and the function that takes its own.
    /// It is called once, in the caller, when the pipeline is declared; so it sees no pools.
    pub fn nested<N, K, S, F>(&mut self, element: u32, arguments: F) -> Element<F, N::In, N::Out, N::Rate>
    where
        N: Named<K, S, Params: Message, Pools: Pools, Rate: Rate>,
        F: Fn(&P, K) -> Result<N::Params> + Copy + 'static,
    {
        const { assert!(size_of::<F>() == 0, "CV018: the arguments of a pipeline capture something") };
        if let Task::Survey(survey) = &mut self.task {
            survey.parts.push((element, surveyed(N::wire)));
        }
        let numbers = self.numbers.and_then(|numbers| numbers.part(element));
        if let Some(numbers) = numbers.filter(|numbers| self.task.concerns(numbers)) {
            let params = match &mut self.task {
                Task::Settle(settled) => self.scope.as_ref().map(|scope| {
                    let params = arguments(&scope.params, N::PARAMS)?;
                    note::<N, K, S>(&params, numbers, settled)?;
                    Ok(params)
                }),
                _ => self.params.clone().map(|all| decoded(all, numbers)),
            };
            match params.transpose() {
                Ok(params) => self.wire_nested::<N, K, S>(params, numbers),
                Err(failure) => self.task.fail(numbers, failure),
            }
        }
        Element::new(arguments)
    }

    fn wire_nested<N, K, S>(&mut self, params: Option<N::Params>, numbers: &Numbers)
    where
        N: Named<K, S, Params: Message, Pools: Pools>,
    {
        self.task.pools(numbers, N::Pools::ELEMENTS);
        let mut pools = self.pools.as_mut();
        let scope = params.map(|params| {
            let pools = N::Pools::attach(&mut |own| match (&mut pools, numbers.pool(own as u32)) {
                (Some(pools), Some(pool)) => pools(pool as usize),
                _ => no_pool(),
            });
            Arc::new(Scope { params, pools })
        });
        let (task, params) = (self.task.again(), self.params.clone());
        if let (true, Some(init)) = (task.is_work(), surveyed(N::wire).table.init) {
            init();
        }
        let pools = pools.map(|pools| &mut **pools as _);
        N::wire(&mut Wiring { task, scope, params, pools, numbers: Some(numbers) });
    }
}

/// Keeps a pipeline's parameters for its workers, and what its settings are with them.
fn note<N: Named<K, S, Params: Message>, K, S>(
    params: &N::Params,
    numbers: &Numbers,
    settled: &mut Settled,
) -> Result<()> {
    let encoded = Encoded::of(params)?;
    settled.kept.add(encoded.kept());
    let all = &mut settled.params;
    all.resize(all.len().max(numbers.ordinal() + 1), Vec::new());
    all[numbers.ordinal()] = encoded.bytes().to_vec();
    let mut own = Settings::default();
    N::settings(params, &mut own);
    settled.settings.add(own, |element| numbers.element(element), |pool| numbers.pool(pool));
    Ok(())
}

/// A pipeline's parameters, of those of all.
fn decoded<T: Message>(mut all: Seq<'_, Vec<u8>>, numbers: &Numbers) -> Result<T> {
    let bytes = all.nth(numbers.ordinal());
    let bytes = bytes.ok_or_else(|| Failure::damaged("parameters that lack those of a pipeline inside"))?;
    Encoded::from_bytes(bytes).decode_parameters()
}

/// For a pool that nobody takes chunks from.
fn no_pool() -> AnyPool {
    AnyPool::Heap(HeapPool::new(0, 0, None))
}

/// Makes the parameters and the settings of all pipelines inside, and encodes the parameters with those of the whole.
///
/// # Errors
/// When parameters cannot be made or encoded.
pub(crate) fn settle<P: Message>(
    entry: Entry,
    params: P,
    settings: Settings,
) -> Result<(Encoded, Settings), Error> {
    let refused = |failure| Error::new(ErrorKind::Start, failure);
    let encoded = |all: &(P, Vec<Vec<u8>>)| {
        Encoded::of(all).map_err(|why| {
            Error::new(ErrorKind::Start, format_args!("the pipeline's parameters cannot be encoded: {why}"))
        })
    };
    let mut all = (params, Vec::new());
    let own = encoded(&all)?;
    let numbers = &flat_of(entry).numbers;
    if numbers.count() == 0 {
        return Ok((own, settings));
    }
    let mut settled = Settled::default();
    settled.settings.add(settings, |element| numbers.element(element), |pool| numbers.pool(pool));
    let parts = ScopeParts { params: Decoder::new(own.bytes()).with_references(), pools: &mut |_| no_pool() };
    entry(Task::Settle(&mut settled), Some(parts)).map_err(refused)?;
    if let Some((name, failure)) = settled.failure {
        return Err(refused(failure).in_processor(name));
    }
    all.1 = settled.params;
    let mut encoded = encoded(&all)?;
    encoded.keep(&settled.kept);
    Ok((encoded, settled.settings))
}
