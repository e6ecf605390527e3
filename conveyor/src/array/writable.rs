//! An array that several workers write at once, each its own elements.

use super::element::Element;
use super::handle::SharedArray;
use super::memory::Access;
use super::shape::Shape;
use crate::message::{Decoder, Encoder, Message, Seq};
use crate::{Error, Result};
use std::ops::Range;
use std::ptr::NonNull;

/// An array that is lent to workers for writing.
pub struct Writable<T: Element>(SharedArray<T>);

impl<T: Element> SharedArray<T> {
    /// Lends it for writing. As long as there is a copy of what is lent, in this process, nobody gets it mutably
    /// borrowed.
    ///
    /// # Errors
    /// As [`as_mut_slice`](SharedArray::as_mut_slice).
    pub(crate) fn writable(&mut self) -> Result<Writable<T>, Error> {
        self.as_mut_slice()?;
        Ok(Writable(self.clone()))
    }
}

impl<T: Element> Writable<T> {
    pub(crate) fn shape(&self) -> &Shape {
        self.0.shape()
    }

    pub(crate) fn strides(&self) -> Vec<usize> {
        self.0.strides()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Where its elements lie. They may be written there by whoever answers for it.
    pub(crate) fn base(&self) -> NonNull<T> {
        self.0.memory().base().cast()
    }

    /// Some of its elements.
    ///
    /// # Safety
    /// As long as they are borrowed, nobody in whatever process looks at them or writes them otherwise, and the array
    /// exists.
    ///
    /// # Panics
    /// When there are not so many.
    #[allow(clippy::mut_from_ref, reason = "the caller answers for it")]
    pub(crate) unsafe fn elements_mut<'a>(&self, range: Range<usize>) -> &'a mut [T] {
        assert!(range.start <= range.end && range.end <= self.0.len(), "the elements are in the array");
        self.0.memory().will_be_written(range.start * size_of::<T>()..range.end * size_of::<T>());
        // SAFETY: in bounds (just checked), and nobody else's (the caller says so). It is mapped for writing: memory of this
        // process always is, and `arrived` takes no other from another one.
        unsafe { std::slice::from_raw_parts_mut(self.base().add(range.start).as_ptr(), range.len()) }
    }
}

impl<T: Element> Clone for Writable<T> {
    fn clone(&self) -> Self {
        Writable(self.0.clone())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Element> Message for Writable<T> {
    type View<'a> = Writable<T>;
    type Run<'a> = Seq<'a, Self>;

    fn as_view(&self) -> Writable<T> {
        self.clone()
    }

    fn as_run(items: &[Self]) -> Seq<'_, Self> {
        Seq::values(items)
    }

    fn encode(&self, to: &mut Encoder) {
        self.0.lend(to, Access::Write);
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        SharedArray::arrived(from, Access::Write).map(Writable)
    }

    fn view(from: &mut Decoder<'_>) -> Result<Writable<T>> {
        Self::decode(from)
    }

    fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Self>> {
        Seq::encoded(from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::Encoded;

    #[test]
    fn what_arrives_writes_the_same_memory() {
        let mut array = SharedArray::<u64>::zeros(6).unwrap();
        let lent = Encoded::of(&array.writable().unwrap()).unwrap();
        assert!(array.writable().is_err() && array.as_mut_slice().is_err());
        let arrived: Writable<u64> = lent.decode_parameters().unwrap();
        // SAFETY: nobody looks meanwhile.
        unsafe { arrived.elements_mut(2..4) }.copy_from_slice(&[5, 7]);
        drop((lent, arrived));
        assert_eq!(array.as_mut_slice().unwrap(), [0, 0, 5, 7, 0, 0]);
    }

    #[test]
    #[should_panic(expected = "the elements are in the array")]
    fn what_is_outside_is_nobodys() {
        let mut array = SharedArray::<u64>::zeros(6).unwrap();
        let lent = array.writable().unwrap();
        // SAFETY: there are no such elements.
        unsafe { lent.elements_mut(4..7) };
    }
}
