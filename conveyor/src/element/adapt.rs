//! User traits, iterators and functions as steps.

use crate::element::keep::Keep;
use crate::element::rate::{Many, One};
use crate::element::role::Give;
use crate::element::step::{Pump, Step};
use crate::element::tally::Tally;
use crate::{Arg, Expand, InPlace, Message, Outlet, Processor, Ref, Result, Sink, Source};
use std::marker::PhantomData;

/// A [`Processor`].
pub struct OfProcessor<P>(pub(crate) P);
impl<P> Tally for OfProcessor<P> {}
impl<P: Processor> Step for OfProcessor<P> {
    type In = P::In;
    type Out = P::Out;
    type Rate = One;
    #[inline(always)]
    fn step(&mut self, input: Arg<'_, P::In>, out: &mut impl Outlet<P::Out>) -> Result<()> {
        out.push(self.0.process(input)?)
    }
    fn flush(&mut self, _: &mut impl Outlet<P::Out>) -> Result<()> {
        self.0.flush()
    }
    fn finish(&mut self, _: &mut impl Outlet<P::Out>) -> Result<()> {
        self.0.finish()
    }
}

/// An [`InPlace`].
pub struct OfInPlace<P>(pub(crate) P);
impl<P> Tally for OfInPlace<P> {}
impl<P: InPlace> Step for OfInPlace<P> {
    type In = P::In;
    type Out = P::Out;
    type Rate = One;
    #[inline(always)]
    fn step(&mut self, input: Arg<'_, P::In>, out: &mut impl Outlet<P::Out>) -> Result<()> {
        out.fill(|slot| self.0.process(input, slot))
    }
    fn flush(&mut self, _: &mut impl Outlet<P::Out>) -> Result<()> {
        self.0.flush()
    }
    fn finish(&mut self, _: &mut impl Outlet<P::Out>) -> Result<()> {
        self.0.finish()
    }
}

/// An [`Expand`].
pub struct OfExpand<X>(pub(crate) X);
impl<X> Tally for OfExpand<X> {}
impl<X: Expand> Step for OfExpand<X> {
    type In = X::In;
    type Out = X::Out;
    type Rate = Many;
    #[inline(always)]
    fn step(&mut self, input: Arg<'_, X::In>, out: &mut impl Outlet<X::Out>) -> Result<()> {
        self.0.expand(input, out)
    }
    fn flush(&mut self, out: &mut impl Outlet<X::Out>) -> Result<()> {
        self.0.flush(out)
    }
    fn finish(&mut self, out: &mut impl Outlet<X::Out>) -> Result<()> {
        self.0.finish(out)
    }
}

/// A [`Sink`] is a step that pushes nothing.
pub struct OfSink<S>(pub(crate) S);
impl<S> Tally for OfSink<S> {}
impl<S: Sink> Step for OfSink<S> {
    type In = S::In;
    type Out = ();
    type Rate = Many;
    #[inline(always)]
    fn step(&mut self, input: Arg<'_, S::In>, _: &mut impl Outlet<()>) -> Result<()> {
        self.0.consume(input)
    }
    fn flush(&mut self, _: &mut impl Outlet<()>) -> Result<()> {
        self.0.flush()
    }
    fn finish(&mut self, _: &mut impl Outlet<()>) -> Result<()> {
        self.0.finish()
    }
}

/// A [`Source`].
pub struct OfSource<S>(pub(crate) S);
impl<S> Tally for OfSource<S> {}
impl<S: Source> Pump for OfSource<S> {
    type Out = S::Out;
    #[inline(always)]
    fn pump(&mut self, limit: usize, out: &mut impl Outlet<S::Out>) -> Result<bool> {
        give_some(|| self.0.next(), limit, out)
    }
}

/// An iterator over messages.
pub struct OfIterator<I>(pub(crate) I);
impl<I> Tally for OfIterator<I> {}
impl<I: Iterator<Item: Message>> Pump for OfIterator<I> {
    type Out = I::Item;
    #[inline(always)]
    fn pump(&mut self, limit: usize, out: &mut impl Outlet<I::Item>) -> Result<bool> {
        give_some(|| Ok(self.0.next()), limit, out)
    }
}

/// At most `limit` messages; `false` when there are no more of them.
#[inline(always)]
fn give_some<T: Message>(
    mut next: impl FnMut() -> Result<Option<T>>,
    limit: usize,
    out: &mut impl Outlet<T>,
) -> Result<bool> {
    let mut given = 0;
    while given < limit {
        let Some(message) = next()? else {
            break;
        };
        out.push(message)?;
        given += 1;
    }
    Ok(given == limit)
}

/// A function path, or a closure that a block or a call has made (it may hold state).
pub struct OfFn<R, F, A, B>(pub(crate) F, pub(crate) PhantomData<fn(R, A) -> B>);
impl<R, F, A, B> Keep for OfFn<R, F, A, B> {}
impl<R, F, A, B> Tally for OfFn<R, F, A, B> {}
impl<R: Give<B>, A: Message, B, F: FnMut(A) -> B> Step for OfFn<R, F, A, B> {
    type In = A;
    type Out = R::Out;
    type Rate = R::Rate;
    #[inline(always)]
    fn step(&mut self, input: A, out: &mut impl Outlet<R::Out>) -> Result<()> {
        R::give((self.0)(input), out)
    }
}

/// The same for `fn(&str) -> B` and its like.
pub struct OfFnRef<R, F, E, B>(pub(crate) F, pub(crate) PhantomData<fn(R, E) -> B>);
impl<R, F, E, B> Keep for OfFnRef<R, F, E, B> {}
impl<R, F, E, B> Tally for OfFnRef<R, F, E, B> {}
impl<R: Give<B>, E: Message, B, F: for<'a> FnMut(E::View<'a>) -> B> Step for OfFnRef<R, F, E, B> {
    type In = Ref<E>;
    type Out = R::Out;
    type Rate = R::Rate;
    #[inline(always)]
    fn step(&mut self, input: E::View<'_>, out: &mut impl Outlet<R::Out>) -> Result<()> {
        R::give((self.0)(input), out)
    }
}

/// A built-in stage that only hands messages on, where one inlet has to become a pipe again.
pub struct Forward<T>(pub(crate) PhantomData<fn(T) -> T>);
impl<T> Keep for Forward<T> {}
impl<T> Tally for Forward<T> {}
impl<T: Message> Step for Forward<T> {
    type In = T;
    type Out = T;
    type Rate = One;
    #[inline(always)]
    fn step(&mut self, input: T, out: &mut impl Outlet<T>) -> Result<()> {
        out.push(input)
    }
}
