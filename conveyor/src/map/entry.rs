//! Functions that a worker is told to call. It runs the same program, so a number is enough (see `sys::entry`); and the
//! function is one of an instance for certain types, which so need not be told.

use crate::message::{Decoder, Encoder, Seq};
use crate::sys::entry::{address_of, number_of};
use crate::{Error, Failure, Message, Result};
use std::marker::PhantomData;

/// A function of the type `F`, which is a `fn` pointer.
pub(super) struct Entry<F: 'static> {
    number: u64,
    function: PhantomData<F>,
}

impl<F: Copy + 'static> Entry<F> {
    /// # Errors
    /// When workers cannot find it.
    pub(super) fn of(function: F) -> Result<Entry<F>, Error> {
        const { assert!(size_of::<F>() == size_of::<usize>(), "`F` is a `fn` pointer") };
        // SAFETY: a `fn` pointer is as large as an address (just checked), and is one.
        let address = unsafe { std::mem::transmute_copy::<F, usize>(&function) };
        Ok(Entry { number: number_of(address)?, function: PhantomData })
    }

    /// # Errors
    /// When no code lies there.
    pub(super) fn function(self) -> Result<F> {
        const { assert!(size_of::<F>() == size_of::<usize>(), "`F` is a `fn` pointer") };
        let address = address_of(self.number).ok_or_else(|| Failure::damaged("a function that is none"))?;
        // SAFETY: numbers are made by `of` alone, for this same `F`, and by a program of the same build: workers obey
        // no other (see `sys::order`). The ring in which they come is written by the caller alone.
        Ok(unsafe { std::mem::transmute_copy::<usize, F>(&address) })
    }
}

impl<F> Clone for Entry<F> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<F> Copy for Entry<F> {}

#[diagnostic::do_not_recommend]
impl<F: Copy + Send + 'static> Message for Entry<F> {
    type View<'a> = Entry<F>;
    type Run<'a> = Seq<'a, Entry<F>>;
    fn as_view(&self) -> Entry<F> {
        *self
    }
    fn as_run(items: &[Entry<F>]) -> Seq<'_, Entry<F>> {
        Seq::values(items)
    }
    fn encode(&self, to: &mut Encoder) {
        to.value(self.number);
    }
    fn decode(from: &mut Decoder<'_>) -> Result<Entry<F>> {
        Ok(Entry { number: from.value()?, function: PhantomData })
    }
    fn view(from: &mut Decoder<'_>) -> Result<Entry<F>> {
        Entry::decode(from)
    }
    fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Entry<F>>> {
        Seq::encoded(from)
    }
}

/// The kernel of a map, made again out of nothing in a worker: it captures nothing, so its type is all there is to it.
pub(super) fn kernel<K: Copy + Send + 'static>() -> K {
    const {
        assert!(
            size_of::<K>() == 0,
            "a kernel captures nothing, because it may run in another process: hand in what it needs by `.with(value)`, \
             and read it as `job.with`"
        );
    }
    // SAFETY: `K` has no size and is `Copy`, and `run` and its relatives have been given a value of it.
    unsafe { std::ptr::NonNull::<K>::dangling().read() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_found_again_by_its_number() {
        let double: fn(u64) -> u64 = |x| 2 * x;
        assert_eq!((Entry::of(double).unwrap().function().unwrap())(21), 42);
        assert!(Entry::<fn()> { number: 0, function: PhantomData }.function().is_err());
    }

    #[test]
    fn a_closure_without_captures_is_made_again() {
        fn again<K: Fn(u64) -> u64 + Copy + Send + 'static>(_: K) -> u64 {
            kernel::<K>()(20)
        }
        assert_eq!(again(|x| x + 1), 21);
    }
}
