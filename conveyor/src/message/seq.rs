//! The view of a run of values that are not plain.

use super::{Decoder, Message};
use crate::Result;
use std::collections::{btree_set, hash_set, vec_deque};
use std::fmt;

/// A run of messages, as an iterator over their views: what a `Vec<String>`, a `VecDeque` or a set is looked at
/// through.
///
/// ```
/// use conveyor::Message;
///
/// let words = vec!["half".to_owned(), "empty".to_owned()];
/// let lengths: Vec<usize> = words.as_view().map(|word: &str| word.len()).collect();
/// assert_eq!(lengths, [4, 5]);
/// ```
pub struct Seq<'a, T: Message>(Items<'a, T>);

enum Items<'a, T> {
    /// Values in this process, or plain ones where they lie.
    Values(&'a [T]),
    Deque(vec_deque::Iter<'a, T>),
    HashSet(hash_set::Iter<'a, T>),
    BTreeSet(btree_set::Iter<'a, T>),
    /// Encoded one after the other, and checked when the run was met.
    Encoded {
        left: usize,
        from: Decoder<'a>,
    },
}

impl<'a, T: Message> Seq<'a, T> {
    /// Over values in this process.
    pub fn values(items: &'a [T]) -> Self {
        Seq(Items::Values(items))
    }

    pub(super) fn deque(items: vec_deque::Iter<'a, T>) -> Self {
        Seq(Items::Deque(items))
    }

    pub(super) fn hash_set(items: hash_set::Iter<'a, T>) -> Self {
        Seq(Items::HashSet(items))
    }

    pub(super) fn btree_set(items: btree_set::Iter<'a, T>) -> Self {
        Seq(Items::BTreeSet(items))
    }

    /// Walks over the items once (and so checks them), to find where the run ends.
    ///
    /// # Errors
    /// When an item is damaged.
    pub fn encoded(from: &mut Decoder<'a>) -> Result<Self> {
        let left = from.length()?;
        from.nested::<T, _>(|from| {
            let run = Seq(Items::Encoded { left, from: *from });
            (0..left).try_for_each(|_| from.item(T::view).map(drop))?;
            Ok(run)
        })
    }

    /// The items that are left as a slice, where they lie so: always for plain `T` in a `Vec` or an array.
    pub fn as_slice(&self) -> Option<&'a [T]> {
        match self.0 {
            Items::Values(items) => Some(items),
            _ => None,
        }
    }
}

impl<T: Message> Clone for Seq<'_, T> {
    fn clone(&self) -> Self {
        Seq(match &self.0 {
            Items::Values(items) => Items::Values(items),
            Items::Deque(items) => Items::Deque(items.clone()),
            Items::HashSet(items) => Items::HashSet(items.clone()),
            Items::BTreeSet(items) => Items::BTreeSet(items.clone()),
            Items::Encoded { left, from } => Items::Encoded { left: *left, from: *from },
        })
    }
}

impl<'a, T: Message> Iterator for Seq<'a, T> {
    type Item = T::View<'a>;

    fn next(&mut self) -> Option<T::View<'a>> {
        match &mut self.0 {
            Items::Values(items) => items.split_off_first().map(T::as_view),
            Items::Deque(items) => items.next().map(T::as_view),
            Items::HashSet(items) => items.next().map(T::as_view),
            Items::BTreeSet(items) => items.next().map(T::as_view),
            Items::Encoded { left, from } => {
                *left = left.checked_sub(1)?;
                from.item(T::view).ok()
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = match &self.0 {
            Items::Values(items) => items.len(),
            Items::Deque(items) => items.len(),
            Items::HashSet(items) => items.len(),
            Items::BTreeSet(items) => items.len(),
            Items::Encoded { left, .. } => *left,
        };
        (left, Some(left))
    }
}

impl<T: Message> ExactSizeIterator for Seq<'_, T> {}

impl<'a, T: Message<View<'a>: fmt::Debug>> fmt::Debug for Seq<'a, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

/// Compares the items that are left, in the order in which they come.
impl<'a, T: Message<View<'a>: PartialEq>> PartialEq for Seq<'a, T> {
    fn eq(&self, other: &Self) -> bool {
        self.clone().eq(other.clone())
    }
}
