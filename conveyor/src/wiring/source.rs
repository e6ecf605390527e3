//! A source, before it is known whether it gives messages.
//!
//! As with a [`Value`](super::value::Value), a method call takes what stands nearest.

use super::Element;
use super::reported::Reported;
use crate::Message;
use crate::element::accept::{AcceptSource, BySource, Iterates};
use crate::element::rate::Many;
use crate::element::recipe::{By, Made, Open};
use std::marker::PhantomData;

/// What a constructor `K` makes: an `X`, a source as `M` says.
pub struct SourceValue<K, X, M> {
    make: K,
    kind: PhantomData<fn(X) -> M>,
}

impl<K, X, M> SourceValue<K, X, M> {
    pub(super) fn new(make: K) -> Self {
        SourceValue { make, kind: PhantomData }
    }
}

/// The element of a source that gives `Out`.
type Gives<K, T, Out> = Element<By<K, Open, T>, (), Out, Many>;

impl<K, X: AcceptSource<M> + Iterates<M, Out: Message>, M> SourceValue<K, X, M> {
    /// The element.
    pub fn started(self) -> Gives<K, Made<X, M>, X::Out> {
        Element::new(By::new(self.make, Open))
    }
}

/// A source with errors in its own implementation.
pub trait RefusedSource<K, Out> {
    /// An element of which nothing more is said.
    fn started(self) -> Reported<By<K, Open, ()>, (), Out, Many>;
}

impl<K, X: Iterates<BySource>> RefusedSource<K, X::Out> for SourceValue<K, X, BySource> {
    fn started(self) -> Reported<By<K, Open, ()>, (), X::Out, Many> {
        Reported::new(By::new(self.make, Open))
    }
}

/// Anything else, and what it gives is said to be no message at its code.
pub trait UnfitSource<K, X: Iterates<M>, M> {
    /// The element.
    fn started(self) -> Gives<K, Made<X, M>, X::Out>;
}

impl<K: Copy, X: Iterates<M>, M> UnfitSource<K, X, M> for &SourceValue<K, X, M> {
    fn started(self) -> Gives<K, Made<X, M>, X::Out> {
        Element::new(By::new(self.make, Open))
    }
}

/// What is no source: `AcceptedSource::accepted` says so.
pub trait NoSource<K> {
    /// An element that gives whatever is taken.
    fn started<Out>(self) -> Gives<K, (), Out>;
}

impl<K: Copy, X, M> NoSource<K> for &mut SourceValue<K, X, M> {
    fn started<Out>(self) -> Gives<K, (), Out> {
        Element::new(By::new(self.make, Open))
    }
}
