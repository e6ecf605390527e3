//! Shared arrays as outputs of a map: each item writes an element, or a part along the slowest axis.

use super::arrays::{Elements, Parts, Several, elements};
use super::outputs::{Borrowed, Outputs, sealed::Sealed};
use super::scope::Scope;
use crate::array::Element;
use crate::array::writable::Writable;
use crate::{Error, ErrorKind, Message, SharedArray};
use std::ops::Range;

pub(super) fn agree(parts: usize, items: usize) -> Result<(), Error> {
    if parts == items {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::Array,
        format_args!(
            "an output of the map has {parts} parts for {items} items: each item has one part of every output, an element of \
             `&mut array`, or a part of `rows(&mut array)` or `chunks(&mut array, n)`"
        ),
    ))
}

impl<T: Element> Sealed for &mut SharedArray<T> {}
impl<T: Element> Sealed for SharedArray<T> {}
impl<T: Element> Sealed for Parts<&mut SharedArray<T>> {}
impl<T: Element> Sealed for Parts<SharedArray<T>> {}

impl<T: Element> Borrowed for &mut SharedArray<T> {}
impl<T: Element> Borrowed for Parts<&mut SharedArray<T>> {}

/// Every element is the output of an item.
impl<T: Element> Outputs for &mut SharedArray<T> {
    type Part<'a> = &'a mut T;
    type Lent = Writable<T>;
    type Share = Elements<Writable<T>>;
    fn lend(&mut self, items: usize, _: usize) -> Result<Writable<T>, Error> {
        agree(self.len(), items)?;
        self.writable()
    }
    fn share(lent: &Writable<T>, range: Range<usize>) -> Elements<Writable<T>> {
        (lent.clone(), range.start as u64, range.end as u64)
    }
    #[inline(always)]
    unsafe fn parts<'a>(
        (array, start, end): <Elements<Writable<T>> as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = &'a mut T> {
        // SAFETY: the elements are those of one share (the caller), which nobody else has.
        unsafe { scope.keep(array).elements_mut(*start as usize..*end as usize) }.iter_mut()
    }
}

/// The same for a map that has the array.
impl<T: Element> Outputs for SharedArray<T> {
    type Part<'a> = &'a mut T;
    type Lent = Writable<T>;
    type Share = Elements<Writable<T>>;
    fn lend(&mut self, items: usize, workers: usize) -> Result<Writable<T>, Error> {
        <&mut SharedArray<T> as Outputs>::lend(&mut &mut *self, items, workers)
    }
    fn share(lent: &Writable<T>, range: Range<usize>) -> Elements<Writable<T>> {
        <&mut SharedArray<T>>::share(lent, range)
    }
    #[inline(always)]
    unsafe fn parts<'a>(
        share: <Elements<Writable<T>> as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = &'a mut T> {
        // SAFETY: as the caller says.
        unsafe { <&mut SharedArray<T>>::parts(share, scope) }
    }
}

/// An array that is lent by its parts: how many elements it has, and each of the parts.
pub struct LentParts<T: Element> {
    array: Writable<T>,
    len: usize,
    each: usize,
}

/// Every part is the output of an item.
impl<T: Element> Outputs for Parts<&mut SharedArray<T>> {
    type Part<'a> = &'a mut [T];
    type Lent = LentParts<T>;
    type Share = Several<Writable<T>>;
    fn lend(&mut self, items: usize, _: usize) -> Result<LentParts<T>, Error> {
        let (parts, each) = self.sizes(self.array);
        agree(parts, items)?;
        Ok(LentParts { len: self.array.len(), array: self.array.writable()?, each })
    }
    fn share(lent: &LentParts<T>, range: Range<usize>) -> Several<Writable<T>> {
        let Range { start, end } = elements(range.start as u64, range.end as u64, lent.each as u64, lent.len);
        (lent.array.clone(), start as u64, end as u64, lent.each as u64)
    }
    #[inline(always)]
    unsafe fn parts<'a>(
        (array, start, end, each): <Several<Writable<T>> as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = &'a mut [T]> {
        let each = *each as usize;
        // SAFETY: the elements are those of one share (the caller), which nobody else has.
        let mut rest = unsafe { scope.keep(array).elements_mut(*start as usize..*end as usize) };
        std::iter::repeat_with(move || rest.split_off_mut(..each.min(rest.len())).unwrap_or_default())
    }
}

/// The same for a map that has the array.
impl<T: Element> Outputs for Parts<SharedArray<T>> {
    type Part<'a> = &'a mut [T];
    type Lent = LentParts<T>;
    type Share = Several<Writable<T>>;
    fn lend(&mut self, items: usize, workers: usize) -> Result<LentParts<T>, Error> {
        Parts { array: &mut self.array, each: self.each }.lend(items, workers)
    }
    fn share(lent: &LentParts<T>, range: Range<usize>) -> Several<Writable<T>> {
        Parts::<&mut SharedArray<T>>::share(lent, range)
    }
    #[inline(always)]
    unsafe fn parts<'a>(
        share: <Several<Writable<T>> as Message>::View<'a>,
        scope: &'a Scope,
    ) -> impl Iterator<Item = &'a mut [T]> {
        // SAFETY: as the caller says.
        unsafe { Parts::<&mut SharedArray<T>>::parts(share, scope) }
    }
}
