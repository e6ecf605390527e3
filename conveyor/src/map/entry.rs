//! Functions that a worker is told to call. It runs the same program, so a number is enough (see `sys::entry`); and the
//! function is one of an instance for certain types, which so need not be told.

use crate::message::{Decoder, Encoder, Seq};
use crate::sys::entry::{address_of, number_of};
use crate::{Error, Failure, Message, Result};
use std::marker::PhantomData;

/// A function of the type `F`, which is a `fn` pointer.
pub(super) struct Entry<F: 'static> {
    place: Place,
    function: PhantomData<F>,
}

/// Where it lies.
#[derive(Clone, Copy)]
enum Place {
    /// In any process that runs the program: a number of the program's image.
    Anywhere(u64),
    /// In this process: an address, which may be one in a library.
    Here(u64),
}

impl<F: Copy + 'static> Entry<F> {
    /// For workers that are processes, or threads of this one.
    ///
    /// # Errors
    /// When processes cannot find it.
    pub(super) fn of(function: F, to_processes: bool) -> Result<Entry<F>, Error> {
        const { assert!(size_of::<F>() == size_of::<usize>(), "`F` is a `fn` pointer") };
        // SAFETY: a `fn` pointer is as large as an address (just checked), and is one.
        let address = unsafe { std::mem::transmute_copy::<F, usize>(&function) };
        let place =
            if to_processes { Place::Anywhere(number_of(address)?) } else { Place::Here(address as u64) };
        Ok(Entry { place, function: PhantomData })
    }

    /// # Errors
    /// When no code lies there.
    pub(super) fn function(self) -> Result<F> {
        const { assert!(size_of::<F>() == size_of::<usize>(), "`F` is a `fn` pointer") };
        let address = match self.place {
            Place::Anywhere(number) => address_of(number),
            Place::Here(address) => usize::try_from(address).ok().filter(|address| *address != 0),
        };
        let address = address.ok_or_else(|| Failure::damaged("a function that is none"))?;
        // SAFETY: addresses and numbers are made by `of` alone, for this same `F`. Addresses go to threads of this process,
        // numbers come from a program of the same build: workers obey no other (see `sys::order`). The ring in which they
        // come is written by the caller alone.
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
        let (is_here, number) = match self.place {
            Place::Anywhere(number) => (0_u64, number),
            Place::Here(address) => (1, address),
        };
        to.value(is_here);
        to.value(number);
    }
    fn decode(from: &mut Decoder<'_>) -> Result<Entry<F>> {
        let place = match from.value::<u64>()? {
            0 => Place::Anywhere(from.value()?),
            1 => Place::Here(from.value()?),
            _ => return Err(Failure::damaged("a function that is nowhere")),
        };
        Ok(Entry { place, function: PhantomData })
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
    use crate::message::Encoded;

    #[test]
    fn a_function_is_found_again_by_its_number() {
        let double: fn(u64) -> u64 = |x| 2 * x;
        for to_processes in [true, false] {
            let entry = Encoded::of(&Entry::of(double, to_processes).unwrap()).unwrap();
            assert_eq!((entry.decode::<Entry<fn(u64) -> u64>>().unwrap().function().unwrap())(21), 42);
        }
        for place in [Place::Anywhere(0), Place::Here(0)] {
            assert!(Entry::<fn()> { place, function: PhantomData }.function().is_err());
        }
    }

    #[test]
    fn a_closure_without_captures_is_made_again() {
        fn again<K: Fn(u64) -> u64 + Copy + Send + 'static>(_: K) -> u64 {
            kernel::<K>()(20)
        }
        assert_eq!(again(|x| x + 1), 21);
    }
}
