//! The view of a run of values that are not plain.

use super::{Decoder, Message};
use crate::Result;

/// A run of messages that are not plain, as an iterator over their views.
pub struct Seq<'a, T: Message>(Items<'a, T>);

enum Items<'a, T> {
    /// Values in this process.
    Values(&'a [T]),
    /// Encoded one after the other, and validated when the run was met.
    Encoded { left: usize, from: Decoder<'a> },
}

impl<'a, T: Message> Seq<'a, T> {
    /// Over values in this process.
    pub fn values(items: &'a [T]) -> Self {
        Seq(Items::Values(items))
    }

    /// Walks over the items once (and so validates them), to find where the run ends.
    ///
    /// # Errors
    /// When an item is damaged.
    pub fn encoded(from: &mut Decoder<'a>) -> Result<Self> {
        let left = from.length()?;
        let run = Seq(Items::Encoded { left, from: *from });
        (0..left).try_for_each(|_| T::view(from).map(drop))?;
        Ok(run)
    }
}

impl<T: Message> Clone for Seq<'_, T> {
    fn clone(&self) -> Self {
        Seq(match self.0 {
            Items::Values(items) => Items::Values(items),
            Items::Encoded { left, from } => Items::Encoded { left, from },
        })
    }
}

impl<'a, T: Message> Iterator for Seq<'a, T> {
    type Item = T::View<'a>;
    fn next(&mut self) -> Option<T::View<'a>> {
        match &mut self.0 {
            Items::Values(items) => {
                let (first, rest) = items.split_first()?;
                *items = rest;
                Some(first.as_view())
            }
            Items::Encoded { left, from } => {
                *left = left.checked_sub(1)?;
                T::view(from).ok()
            }
        }
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = match &self.0 {
            Items::Values(items) => items.len(),
            Items::Encoded { left, .. } => *left,
        };
        (left, Some(left))
    }
}

impl<T: Message> ExactSizeIterator for Seq<'_, T> {}
