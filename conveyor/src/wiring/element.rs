//! An element that has been wired.

use crate::element::rate::Rate;
use crate::graph::ports::{Node, Port, RateOf, port, rate};
use crate::message::DerivedView;
use std::marker::PhantomData;

/// Its recipe and its types.
pub struct Element<X, In, Out, R> {
    /// How to make it.
    pub recipe: X,
    kind: PhantomData<(fn(In) -> Out, R)>,
}

impl<X, In, Out, R> Element<X, In, Out, R> {
    pub(crate) fn new(recipe: X) -> Self {
        Element { recipe, kind: PhantomData }
    }
}

impl<X: Copy, In, Out, R: Rate> Element<X, In, Out, R> {
    /// Its two ports.
    pub fn node(&self) -> Node<In, Out> {
        Node { input: port(), output: port() }
    }
    /// The port of the header's type in front of it.
    pub fn under<T>(&self, header: Port<T>) -> Port<T> {
        header
    }
    /// Its rate.
    pub fn rate(&self) -> RateOf<R> {
        rate()
    }
}

/// An element whose closure says that it owns a view. It takes whatever comes: the error is reported at that type.
pub trait OwnsView<X, In, Out, R> {
    /// The element, with `Owned::owned` for its error.
    fn owned<T>(self, _owned: fn(Port<In>)) -> Element<X, T, Out, R>;
}

impl<X, In: DerivedView, Out, R> OwnsView<X, In, Out, R> for Element<X, In, Out, R> {
    fn owned<T>(self, _owned: fn(Port<In>)) -> Element<X, T, Out, R> {
        Element::new(self.recipe)
    }
}

/// Any other.
pub trait OwnsNoView<X, In, Out, R> {
    /// The element itself.
    fn owned(self, _owned: fn(Port<()>)) -> Element<X, In, Out, R>;
}

impl<X: Copy, In, Out, R> OwnsNoView<X, In, Out, R> for &Element<X, In, Out, R> {
    fn owned(self, _owned: fn(Port<()>)) -> Element<X, In, Out, R> {
        Element::new(self.recipe)
    }
}
