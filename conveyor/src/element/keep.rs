//! What steps and pumps hand over to a replacement. An element without a [`Checkpoint`] keeps nothing; [`Kept`] is one
//! with; a row keeps what its members keep, one behind the other, and how many messages each of them has seen.

use crate::element::accept::{Accept, AcceptSource};
use crate::element::adapt::{OfExpand, OfInPlace, OfIterator, OfProcessor, OfSink, OfSource};
use crate::element::checkpoint::Checkpoint;
use crate::element::compose::{Feed, Then};
use crate::element::recipe::{By, Made, Open, Recipe, SourceRecipe};
use crate::element::step::{Pump, Step};
use crate::element::tally::Tally;
use crate::message::Encoded;
use crate::{Arg, Failure, Outlet, Result};
use std::sync::Arc;

/// State as bytes.
pub trait Keep {
    /// There is some.
    const KEEPS: bool = false;
    /// Bytes that `save` adds at most.
    const BYTES_MAX: usize = 0;
    /// Adds the state.
    ///
    /// # Errors
    /// The user's, or that the state is too large.
    #[allow(unused_variables)]
    fn save(&mut self, into: &mut Vec<u8>) -> Result<()> {
        Ok(())
    }
    /// Takes the state from the front of what was saved.
    ///
    /// # Errors
    /// The user's, or that the bytes are damaged.
    #[allow(unused_variables)]
    fn restore(&mut self, from: &mut &[u8]) -> Result<()> {
        Ok(())
    }
}

macro_rules! rows {
    ($($row:ident)*) => {$(
        impl<A: Keep, B: Keep> Keep for $row<A, B> {
            const KEEPS: bool = A::KEEPS || B::KEEPS;
            const BYTES_MAX: usize = A::BYTES_MAX + B::BYTES_MAX;
            fn save(&mut self, into: &mut Vec<u8>) -> Result<()> {
                self.0.save(into)?;
                self.1.save(into)
            }
            fn restore(&mut self, from: &mut &[u8]) -> Result<()> {
                self.0.restore(from)?;
                self.1.restore(from)
            }
        }
    )*};
}
rows!(Then Feed);

/// A step or a pump around a value with a checkpoint.
pub trait Holds {
    /// The type of the value.
    type User: Checkpoint;
    /// The value.
    fn user(&mut self) -> &mut Self::User;
}

macro_rules! adapters {
    ($($adapter:ident)*) => {$(
        impl<X> Keep for $adapter<X> {}
        impl<X: Checkpoint> Holds for $adapter<X> {
            type User = X;
            fn user(&mut self) -> &mut X {
                &mut self.0
            }
        }
    )*};
}
adapters!(OfProcessor OfInPlace OfExpand OfSink OfSource OfIterator);

/// A recipe of a step or a pump that [`Holds`] a value with a checkpoint.
#[derive(Clone, Copy)]
pub struct Keeping<X>(X);

/// What [`Keeping`] makes.
pub struct Kept<S> {
    inner: S,
    encoded: Encoded,
}

/// An element that stands alone.
impl<S> Tally for Kept<S> {}

/// Bytes of the length in front of each state.
pub(crate) const LENGTH: usize = size_of::<u64>();

impl<S: Holds> Keep for Kept<S> {
    const KEEPS: bool = true;
    const BYTES_MAX: usize = LENGTH + <S::User as Checkpoint>::STATE_BYTES_MAX;
    fn save(&mut self, into: &mut Vec<u8>) -> Result<()> {
        let Kept { inner, encoded } = self;
        encoded.write(&inner.user().save()?)?;
        let (len, limit) = (encoded.bytes().len(), <S::User as Checkpoint>::STATE_BYTES_MAX);
        if len > limit {
            let name = std::any::type_name::<S::User>();
            return Err(Failure::new(format_args!(
                "the checkpoint of `{name}` takes {len} bytes, and {limit} are reserved for it: raise \
                 `Checkpoint::STATE_BYTES_MAX` there",
            )));
        }
        into.extend_from_slice(&(len as u64).to_le_bytes());
        into.extend_from_slice(encoded.bytes());
        Ok(())
    }
    fn restore(&mut self, from: &mut &[u8]) -> Result<()> {
        let len = number(from)?;
        let state = take(from, usize::try_from(len).unwrap_or(usize::MAX))?;
        self.inner.user().restore(Encoded::from_bytes(state).decode()?)
    }
}

/// Takes a number from the front.
///
/// # Errors
/// When the bytes end.
pub(crate) fn number(from: &mut &[u8]) -> Result<u64> {
    let bytes = from.split_off(..LENGTH).and_then(|bytes| bytes.try_into().ok());
    bytes.map(u64::from_le_bytes).ok_or_else(cut_off)
}

fn take<'b>(from: &mut &'b [u8], len: usize) -> Result<&'b [u8]> {
    from.split_off(..len).ok_or_else(cut_off)
}

#[cold]
fn cut_off() -> Failure {
    Failure::damaged("a checkpoint that ends too early")
}

impl<C: 'static, X: Recipe<C, Step: Holds>> Recipe<C> for Keeping<X> {
    type In = X::In;
    type Out = X::Out;
    type Rate = X::Rate;
    type Step = Kept<X::Step>;
    const STATELESS: bool = X::STATELESS;
    fn build(self, scope: &Arc<C>) -> Result<Self::Step> {
        Ok(Kept { inner: self.0.build(scope)?, encoded: Encoded::default() })
    }
}

impl<C: 'static, X: SourceRecipe<C, Pump: Holds>> SourceRecipe<C> for Keeping<X> {
    type Out = X::Out;
    type Pump = Kept<X::Pump>;
    fn build(self, scope: &Arc<C>) -> Result<Self::Pump> {
        Ok(Kept { inner: self.0.build(scope)?, encoded: Encoded::default() })
    }
}

impl<S: Step + Holds> Step for Kept<S> {
    type In = S::In;
    type Out = S::Out;
    type Rate = S::Rate;
    #[inline(always)]
    fn step(&mut self, input: Arg<'_, S::In>, out: &mut impl Outlet<S::Out>) -> Result<()> {
        self.inner.step(input, out)
    }
    fn flush(&mut self, out: &mut impl Outlet<S::Out>) -> Result<()> {
        self.inner.flush(out)
    }
    fn finish(&mut self, out: &mut impl Outlet<S::Out>) -> Result<()> {
        self.inner.finish(out)
    }
}

impl<P: Pump + Holds> Pump for Kept<P> {
    type Out = P::Out;
    #[inline(always)]
    fn pump(&mut self, limit: usize, out: &mut impl Outlet<P::Out>) -> Result<bool> {
        self.inner.pump(limit, out)
    }
}

impl<K, R, X, M> By<K, R, Made<X, M>>
where
    X: Accept<R, M, Step: Holds>,
{
    /// The macro asks every value behind a keyword for its checkpoint; see [`Forgets`] for those without.
    pub fn kept(self) -> Keeping<Self> {
        Keeping(self)
    }
}

impl<K, X, M> By<K, Open, Made<X, M>>
where
    X: AcceptSource<M, Pump: Holds>,
{
    /// The same for a source.
    pub fn source_kept(self) -> Keeping<Self> {
        Keeping(self)
    }
}

/// A recipe of anything else. A method call takes what stands nearest, and that is the recipe's own where it has one.
pub trait Forgets: Sized {
    /// The recipe itself.
    fn kept(self) -> Self {
        self
    }
    /// The same for a source.
    fn source_kept(self) -> Self {
        self
    }
}
impl<X> Forgets for X {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Processor;

    /// Keeps a text, of which there is too much at some time.
    #[derive(Default)]
    struct Grows(String);

    impl Processor for Grows {
        type In = u64;
        type Out = u64;
        fn process(&mut self, x: u64) -> Result<u64> {
            self.0.push('x');
            Ok(x)
        }
    }

    impl Checkpoint for Grows {
        type State = String;
        const STATE_BYTES_MAX: usize = 32;
        fn save(&mut self) -> Result<String> {
            Ok(self.0.clone())
        }
        fn restore(&mut self, text: String) -> Result<()> {
            self.0 = text;
            Ok(())
        }
    }

    fn kept(text: &str) -> Kept<OfProcessor<Grows>> {
        Kept { inner: OfProcessor(Grows(text.to_owned())), encoded: Encoded::default() }
    }

    #[test]
    fn a_row_gets_back_what_its_members_have_saved() {
        type Row = Then<Kept<OfProcessor<Grows>>, Then<OfProcessor<Grows>, Kept<OfProcessor<Grows>>>>;
        let row = |texts: [&str; 3]| -> Row {
            Then(kept(texts[0]), Then(OfProcessor(Grows(texts[1].into())), kept(texts[2])))
        };
        let mut saved = Vec::new();
        row(["one", "forgotten", "three"]).save(&mut saved).expect("it fits");
        assert!(Row::KEEPS && saved.len() <= Row::BYTES_MAX);
        let (mut other, mut left) = (row(["", "", ""]), &saved[..]);
        other.restore(&mut left).expect("it is whole");
        assert!(left.is_empty());
        assert_eq!((&*other.0.inner.0.0, &*other.1.0.0.0, &*other.1.1.inner.0.0), ("one", "", "three"));
        for len in 0..saved.len() {
            assert!(row(["", "", ""]).restore(&mut &saved[..len]).is_err(), "{len} bytes are not enough");
        }
    }

    #[test]
    fn a_state_that_is_too_large_is_refused_with_what_to_do() {
        let error = kept(&"x".repeat(100)).save(&mut Vec::new()).expect_err("32 bytes are reserved");
        let text = error.to_string();
        assert!(text.contains("Grows") && text.contains("and 32 are reserved"), "{text}");
        assert!(text.contains("raise `Checkpoint::STATE_BYTES_MAX`"), "{text}");
    }
}
