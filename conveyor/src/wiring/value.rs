//! A value behind a keyword, before it is known whether it fits there.
//!
//! As with rows, a method call takes what stands nearest: `accepted` of the value itself where it is accepted; that of
//! [`Refused`] for a processor whose own implementation has errors; those of [`Borrows`], [`BorrowsOther`],
//! [`GivesBorrowed`] and [`TakesView`] for functions that look at a message; that of [`Unfit`], which stands behind a
//! dereference, for all others.

use super::Element;
use super::reported::Reported;
use crate::element::accept::{Accept, Borrowed, ByFnRef};
use crate::element::accepted::Fit;
use crate::element::rate::One;
use crate::element::recipe::{By, Made};
use crate::element::role::Role;
use crate::element::step::Step;
use crate::message::DerivedView;
use crate::{Input, Message};
use std::marker::PhantomData;
use std::ops::Deref;

/// What a constructor `K` makes for the keyword `R`: an `X`, accepted as `M` says.
pub struct Value<K, R, X, M>(Unsuited<K, R, X, M>);

/// A value that is not accepted.
pub struct Unsuited<K, R, X, M> {
    pub(super) make: K,
    pub(super) role: R,
    kind: PhantomData<fn(X) -> M>,
}

impl<K, R, X, M> Value<K, R, X, M> {
    pub(super) fn new(make: K, role: R) -> Self {
        Value(Unsuited { make, role, kind: PhantomData })
    }

    pub(super) fn role(self) -> R {
        self.0.role
    }

    fn recipe<T>(self) -> By<K, R, T> {
        By::new(self.0.make, self.0.role)
    }
}

impl<K, R, X, M> Deref for Value<K, R, X, M> {
    type Target = Unsuited<K, R, X, M>;
    fn deref(&self) -> &Unsuited<K, R, X, M> {
        &self.0
    }
}

/// `Element` with the types that a step has.
type OfStep<X, S> = Element<X, <<S as Step>::In as Input>::Message, <S as Step>::Out, <S as Step>::Rate>;

/// What is passed where nothing is to be said.
pub(super) type Fits = fn(PhantomData<(Fit, (), ())>);
type BorrowsNothing = fn(PhantomData<fn(&()) -> ()>);

impl<K, R, X: Accept<R, M, Step: Step<In: Input, Out: Message>>, M> Value<K, R, X, M> {
    /// The element. `Accepted::accepted` and `Borrowing::borrowing` are there for values that are none.
    pub fn accepted(
        self,
        _accepted: Fits,
        _borrowing: BorrowsNothing,
    ) -> OfStep<By<K, R, Made<X, M>>, X::Step> {
        Element::new(self.recipe())
    }
}

/// The element of a function to `B` that is never run.
type NotRun<K, R, In, B> = Element<By<K, R, ()>, In, <R as Role<B>>::Out, <R as Role<B>>::Rate>;

/// `Reported` with the types that a step has.
type ReportedAs<X, In, S> = Reported<X, In, <S as Step>::Out, <S as Step>::Rate>;

/// A processor with errors in its own implementation: its types are no messages.
pub trait Refused<K, R, X: Accept<R, M>, M> {
    /// An element that takes whatever comes, and of which nothing more is said.
    fn accepted<In>(
        self,
        _accepted: Fits,
        _borrowing: BorrowsNothing,
    ) -> ReportedAs<By<K, R, ()>, In, X::Step>;
}

impl<K, R, X: Accept<R, M>, M> Refused<K, R, X, M> for Value<K, R, X, M> {
    fn accepted<In>(
        self,
        _accepted: Fits,
        _borrowing: BorrowsNothing,
    ) -> ReportedAs<By<K, R, ()>, In, X::Step> {
        Reported::new(self.recipe())
    }
}

/// A function that borrows a message, but gives none.
pub trait Borrows<K, R, X, V: ?Sized, B> {
    /// An element that takes the message.
    fn accepted(self, _accepted: Fits, _borrowing: BorrowsNothing) -> NotRun<K, R, V::Message, B>
    where
        V: Borrowed,
        R: Role<B>;
}

impl<K, R, X, V: ?Sized, B> Borrows<K, R, X, V, B> for Value<K, R, X, ByFnRef<V, B>>
where
    X: for<'a> FnMut(&'a V) -> B,
    V: Borrowed,
{
    fn accepted(self, _accepted: Fits, _borrowing: BorrowsNothing) -> NotRun<K, R, V::Message, B>
    where
        R: Role<B>,
    {
        Element::new(self.recipe())
    }
}

/// A function that borrows what is not looked at like this: `Borrowing::borrowing` says so.
pub trait BorrowsOther<K, R, X, V: ?Sized, B> {
    /// An element that takes whatever comes.
    fn accepted<In>(self, _accepted: Fits, _borrowing: fn(PhantomData<fn(&V) -> B>)) -> NotRun<K, R, In, B>
    where
        R: Role<B>;
}

impl<K: Copy, R: Copy, X, V: ?Sized, B> BorrowsOther<K, R, X, V, B> for &Value<K, R, X, ByFnRef<V, B>>
where
    X: for<'a> FnMut(&'a V) -> B,
{
    fn accepted<In>(self, _accepted: Fits, _borrowing: fn(PhantomData<fn(&V) -> B>)) -> NotRun<K, R, In, B>
    where
        R: Role<B>,
    {
        Element::new(By::new(self.make, self.role))
    }
}

/// A function that gives what it borrows: `Borrowing::borrowing` says so.
pub trait GivesBorrowed<K, R, X, V: ?Sized, B> {
    /// An element that takes and gives whatever is there.
    fn accepted<In, Out>(
        self,
        _accepted: Fits,
        _borrowing: fn(PhantomData<fn(&V) -> B>),
    ) -> Element<By<K, R, ()>, In, Out, One>
    where
        R: Role<B>;
}

impl<'x, K: Copy, R: Copy, X, V: ?Sized + 'x, B> GivesBorrowed<K, R, X, V, B>
    for &mut Value<K, R, X, fn(&'x V) -> B>
where
    X: FnMut(&'x V) -> B,
{
    fn accepted<In, Out>(
        self,
        _accepted: Fits,
        _borrowing: fn(PhantomData<fn(&V) -> B>),
    ) -> Element<By<K, R, ()>, In, Out, One>
    where
        R: Role<B>,
    {
        Element::new(By::new(self.make, self.role))
    }
}

/// What a function takes that looks at a message by its view: no such argument is accepted.
pub struct ByView<V>(PhantomData<V>);

/// A function of a view: `Accepted::accepted` says so.
pub trait TakesView<K, R, X, V, B> {
    /// An element that takes whatever comes.
    fn accepted<In>(
        self,
        _accepted: fn(PhantomData<(X, R, ByView<V>)>),
        _borrowing: BorrowsNothing,
    ) -> NotRun<K, R, In, B>
    where
        R: Role<B>;
}

impl<K: Copy, R: Copy, X, V: DerivedView, B> TakesView<K, R, X, V, B> for &mut Value<K, R, X, fn(V) -> B>
where
    X: FnMut(V) -> B,
{
    fn accepted<In>(
        self,
        _accepted: fn(PhantomData<(X, R, ByView<V>)>),
        _borrowing: BorrowsNothing,
    ) -> NotRun<K, R, In, B>
    where
        R: Role<B>,
    {
        Element::new(By::new(self.make, self.role))
    }
}

/// The recipe of what is no element. Whether it captures something is not asked of it, because it has been refused.
type NeverMade<R> = By<fn(&()), R, ()>;

/// Everything else. What is wrong with it is said by `Accepted::accepted`, or of the messages that it would take, at
/// whatever gives them.
pub trait Unfit<R, X, A, B> {
    /// The element, as far as its types are those of a function.
    fn accepted(
        self,
        _accepted: fn(PhantomData<(X, R, fn(A) -> B)>),
        _borrowing: BorrowsNothing,
    ) -> Element<NeverMade<R>, A, R::Out, R::Rate>
    where
        R: Role<B>;
}

impl<K, R: Copy, X, A, B> Unfit<R, X, A, B> for &Unsuited<K, R, X, fn(A) -> B> {
    fn accepted(
        self,
        _accepted: fn(PhantomData<(X, R, fn(A) -> B)>),
        _borrowing: BorrowsNothing,
    ) -> Element<NeverMade<R>, A, R::Out, R::Rate>
    where
        R: Role<B>,
    {
        Element::new(By::new(|&()| (), self.role))
    }
}
