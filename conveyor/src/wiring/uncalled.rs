//! A constructor that is not called: what it makes could stand there, but it cannot itself.
//!
//! Asked only of paths that look like one. As with values, a method call takes what stands nearest: `called` of
//! [`Makes`] for a function that makes an element, and that of the value itself, behind a reference, for all others.

use super::reported::Reported;
use super::value::{Fits, Value};
use crate::element::accept::Accept;
use crate::element::rate::One;
use crate::element::recipe::By;
use std::marker::PhantomData;

/// For the error at the path.
#[diagnostic::on_unimplemented(
    message = "CV002: this makes a `{Self}`, but is none",
    label = "call it, with its arguments behind it: `(..)`",
    note = "behind a keyword stands the processor, source or sink itself: `processor(Scale(2.0))`, `processor(Name::new(2.0))`"
)]
#[doc(hidden)]
pub trait Called {
    /// Stands at the path.
    fn called(_: PhantomData<fn(&Self)>) {}
}
/// Of a value that is no constructor nothing is asked.
#[diagnostic::do_not_recommend]
impl Called for () {}

/// A function that makes an element `T`.
pub trait Makes<K, R, X, A, T, M> {
    /// Stands for the element, of which nothing more is said.
    fn called(self, _called: fn(PhantomData<fn(&T)>)) -> Uncalled<R>;
}

impl<K, R, X, A, T, M> Makes<K, R, X, A, T, M> for Value<K, R, X, fn(A) -> T>
where
    X: FnMut(A) -> T,
    T: Accept<R, M>,
{
    fn called(self, _called: fn(PhantomData<fn(&T)>)) -> Uncalled<R> {
        Uncalled(self.role())
    }
}

impl<K: Copy, R: Copy, X, M> Value<K, R, X, M> {
    /// The value itself. `Called::called` is there for constructors.
    pub fn called(&self, _called: fn(PhantomData<fn(&())>)) -> Value<K, R, X, M> {
        Value::new(self.make, self.role)
    }
}

/// What a constructor would make.
pub struct Uncalled<R>(R);

impl<R> Uncalled<R> {
    /// An element that takes and gives whatever is there.
    pub fn accepted<In, Out>(
        self,
        _accepted: Fits,
        _borrowing: fn(PhantomData<fn(&()) -> ()>),
    ) -> Reported<By<fn(&()), R, ()>, In, Out, One> {
        Reported::new(By::new(|&()| (), self.0))
    }
}
