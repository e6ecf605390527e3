//! One wiring per pipeline, called in several ways. It calls one method per element; the wiring's [`Task`] says what
//! that method does: note types, or build and run exactly one stage.

#![allow(clippy::type_complexity)] // the macro calls these, nobody writes their types

pub(crate) mod element;
mod entry;
mod nested;
mod reported;
pub(crate) mod row;
mod scope;
pub(crate) mod source;
mod task;
pub(crate) mod uncalled;
pub(crate) mod value;

pub use element::Element;
pub(crate) use entry::{Entry, GivePool, ScopeParts, call, table_of};
pub(crate) use nested::settle;
pub use nested::{Acyclic, Gives, Named, graph_of_named};
pub use scope::{Pools, Scope};
use source::SourceValue;
pub(crate) use task::{Settled, Task};
use value::Value;

use crate::element::accept::Iterates;
use crate::element::literal::Outbox;
use crate::element::rate::{Many, One, Rate};
use crate::element::recipe::{
    Block, By, Closure, ClosureRef, Filtered, Flat, Flattened, FlattenedRef, Keep, Recipe, Relay,
    SourceRecipe,
};
use crate::element::role::Role;
use crate::graph::flatten::Numbers;
use crate::graph::ports::{Copier, Ends, Port, Zip, port};
use crate::graph::written::Written;
use crate::message::Seq;
use crate::{Message, Result};
use std::marker::PhantomData;
use std::sync::Arc;

/// What the macro's wiring talks to.
pub struct Wiring<'t, C> {
    task: Task<'t>,
    /// Missing only while types are inferred.
    scope: Option<Arc<C>>,
    /// The parameters of all pipelines inside, encoded; they are missing while they are made.
    params: Option<Seq<'t, Vec<u8>>>,
    /// Where the pools of pipelines inside come from; missing with the scope.
    pools: Option<GivePool<'t>>,
    /// Missing only while the declaration is surveyed; nothing is made then.
    numbers: Option<&'t Numbers>,
}

impl<'t, C: 'static> Wiring<'t, C> {
    /// What the task calls one of our elements; nothing if there is nothing to do with it.
    fn number(&self, element: u32) -> Option<u32> {
        self.numbers?.element(element)
    }

    /// Which graph this is the wiring of.
    pub fn table(&mut self, written: &'static Written) {
        self.task.table(written.table());
    }

    /// Everything but a closure literal: a value of a processor type, a function path, a call that returns a closure.
    /// The edge is not asked: the value knows its types, and a mismatch is reported at the arrow.
    pub fn element<R, X, M, K>(&mut self, role: R, make: K) -> Value<K, R, X, M>
    where
        K: Fn(&C) -> Result<X> + Copy + 'static,
    {
        Value::new(make, role)
    }

    /// `|x| ...`: its argument comes from the edge; the macro has put the scope in front.
    pub fn closure<R, E, B, F>(
        &mut self,
        role: R,
        _from: Port<E>,
        f: F,
    ) -> Element<By<F, R, Closure<E, B>>, E, R::Out, R::Rate>
    where
        R: Role<B>,
        B: 'static,
        F: Fn(&C, E) -> B + Copy + 'static,
    {
        Element::new(By::new(f, role))
    }

    /// `|s: &str| ...`: the macro sees the `&` (or a `'_`) in the annotation.
    pub fn closure_ref<R, E, B, F>(
        &mut self,
        role: R,
        _from: Port<E>,
        f: F,
    ) -> Element<By<F, R, ClosureRef<E, B>>, E, R::Out, R::Rate>
    where
        R: Role<B>,
        E: Message,
        B: 'static,
        F: for<'a> Fn(&C, E::View<'a>) -> B + Copy + 'static,
    {
        Element::new(By::new(f, role))
    }

    /// `filter(|x| ...)`
    pub fn filter<E, F>(&mut self, _from: Port<E>, f: F) -> Element<By<F, Keep, Filtered<E>>, E, E, Many>
    where
        E: Message,
        F: for<'a> Fn(&C, E::View<'a>) -> bool + Copy + 'static,
    {
        Element::new(By::new(f, Keep))
    }

    /// `flat_map(|line| line.split(' ').map(str::to_owned))`: the macro writes `|scope, line, out| out.extend(body)`.
    /// So the iterator is used up inside the closure, and may borrow from its argument.
    pub fn flat_map<E, T, F>(
        &mut self,
        _from: Port<E>,
        f: F,
    ) -> Element<By<F, Flat, Flattened<E, T>>, E, T, Many>
    where
        F: Fn(&C, E, Outbox<'_, T>) -> Result<()> + Copy + 'static,
    {
        Element::new(By::new(f, Flat))
    }

    /// `flat_map(|line: &str| ...)`
    pub fn flat_map_ref<E, T, F>(
        &mut self,
        _from: Port<E>,
        f: F,
    ) -> Element<By<F, Flat, FlattenedRef<E, T>>, E, T, Many>
    where
        E: Message,
        F: for<'a> Fn(&C, E::View<'a>, Outbox<'_, T>) -> Result<()> + Copy + 'static,
    {
        Element::new(By::new(f, Flat))
    }

    /// `{ let mut n = 0; move |x| ... }`: a block that ends in a closure literal, which may own its state. The port
    /// goes *through* the constructor to `takes`, because an expected type does not pass through `Ok(...)`.
    pub fn block<R, E, B, F, K>(
        &mut self,
        role: R,
        _from: Port<E>,
        make: K,
    ) -> Element<By<K, R, Block<E, B, F>>, E, R::Out, R::Rate>
    where
        R: Role<B>,
        B: 'static,
        F: FnMut(E) -> B + 'static,
        K: Fn(&C, Port<E>) -> Result<F> + Copy + 'static,
    {
        Element::new(By::new(make, role))
    }

    /// `source(...)`, with `AcceptedSource::accepted` for its error.
    pub fn source<X, M, K>(&mut self, make: K, _accepted: fn(PhantomData<(X, M)>)) -> SourceValue<K, X, M>
    where
        X: Iterates<M>,
        K: Fn(&C) -> Result<X> + Copy + 'static,
    {
        SourceValue::new(make)
    }

    /// A relay: hands messages on.
    pub fn relay<T>(&mut self, _from: Port<T>) -> Element<Relay<T>, T, T, One> {
        Element::new(Relay::new())
    }

    /// What enters a replicated fork, which is `Copies`.
    pub fn replicate<T>(&mut self, fork: u32, from: Port<T>, copies: fn(Port<T>) -> Copier) -> Port<T> {
        if let Some(fork) = self.number(fork) {
            self.task.replicate(fork, copies(from));
        }
        from
    }

    /// The outputs that belong to one input of the fork, as a tuple.
    pub fn zip<Z: Zip>(&mut self, join: u32, _parts: Z) -> Port<Z::Tuple> {
        if let Some(join) = self.number(join) {
            self.task.zip::<Z>(join);
        }
        port()
    }

    /// A stage, for whatever runs it alone.
    fn stage<X: Recipe<C>>(&mut self, stage: u32, recipe: X) {
        if let Some(stage) = self.number(stage) {
            self.task.stage(stage, self.scope.as_ref(), recipe);
        }
    }

    /// The same for a source.
    fn stage_of_source<X: SourceRecipe<C>>(&mut self, stage: u32, recipe: X) {
        if let Some(stage) = self.number(stage) {
            self.task.source(stage, self.scope.as_ref(), recipe);
        }
    }

    /// A row of stages, as one: the serial context runs it, and whoever fuses stages.
    fn group<X: Recipe<C>>(&mut self, group: u32, recipe: X) {
        self.check_captures::<X>();
        if let Some(group) = self.numbers.and_then(|numbers| numbers.group(group)) {
            self.task.row(group, self.scope.as_ref(), recipe);
        }
    }

    /// The same for a row that starts with a source.
    fn group_from_source<X: SourceRecipe<C>>(&mut self, group: u32, recipe: X) {
        self.check_captures::<X>();
        if let Some(group) = self.numbers.and_then(|numbers| numbers.group(group)) {
            self.task.row_from_source(group, self.scope.as_ref(), recipe);
        }
    }

    /// The second line of defence; the first is the macro's coercion to a `fn` pointer.
    fn check_captures<X>(&self) {
        const { assert!(size_of::<X>() == 0, "CV018: a constructor or closure captures something") };
    }
}

/// Gives the closure at the end of a block its argument type.
///
/// # Errors
/// Never: the `Result` is what a constructor returns.
pub fn takes<E, B, F: FnMut(E) -> B>(_: Port<E>, f: F) -> Result<F> {
    Ok(f)
}

/// Whether a pipeline is one-to-one, as a value. It works for `-> Ends<In, Out, impl Rate>` too: constants see through
/// `impl`.
pub const fn rate_of<C, In, Out, R: Rate, W>(_: &W) -> bool
where
    W: Fn(&mut Wiring<'_, C>) -> Ends<In, Out, R>,
{
    R::ONE
}

/// The same for whether it may stand in a region.
pub const fn shape_of<C, In, Out, R: Rate, W>(_: &W) -> bool
where
    W: Fn(&mut Wiring<'_, C>) -> Ends<In, Out, R>,
{
    R::STRAIGHT
}
