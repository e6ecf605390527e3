//! What travels through a channel.

use crate::ring::tags::{Tag, Tags};

/// A message, or what is left of one that was dropped.
pub(crate) enum Parcel<T> {
    /// A message that no ordered join waits for.
    Plain {
        /// Among everything that its lane has sent.
        number: u64,
        value: T,
    },
    /// A message inside ordered regions.
    Tagged(Box<Tagged<T>>),
}

pub(crate) struct Tagged<T> {
    number: u64,
    /// `None`: a tombstone.
    value: Option<T>,
    tags: Tags,
}

impl<T> Parcel<T> {
    /// A message, or a tombstone, for which an ordered join waits.
    pub(crate) fn tagged(number: u64, value: Option<T>, tags: Tags) -> Parcel<T> {
        Parcel::Tagged(Box::new(Tagged { number, value, tags }))
    }

    /// Among everything that its lane has sent.
    #[inline]
    pub(crate) fn number(&self) -> u64 {
        match self {
            Parcel::Plain { number, .. } => *number,
            Parcel::Tagged(tagged) => tagged.number,
        }
    }

    /// The innermost tag.
    pub(crate) fn innermost(&self) -> Option<Tag> {
        match self {
            Parcel::Plain { .. } => None,
            Parcel::Tagged(tagged) => tagged.tags.columns().last().copied(),
        }
    }

    /// Its number, its value and its tags. Outside ordered regions nobody looks at tags, and they are left alone.
    #[inline]
    pub(crate) fn open(self, tags: &mut Tags) -> (u64, Option<T>) {
        match self {
            Parcel::Plain { number, value } => (number, Some(value)),
            Parcel::Tagged(tagged) => {
                *tags = tagged.tags;
                (tagged.number, tagged.value)
            }
        }
    }

    /// A tombstone in its place, and whether there was a value.
    pub(crate) fn bury(self) -> (Parcel<T>, bool) {
        match self {
            Parcel::Plain { number, .. } => (Parcel::tagged(number, None, Tags::default()), true),
            Parcel::Tagged(tagged) => {
                let Tagged { number, value, tags } = *tagged;
                (Parcel::tagged(number, None, tags.tombstone()), value.is_some())
            }
        }
    }

    /// Another one for another branch.
    pub(crate) fn copy(&self, copy: fn(&T) -> T) -> Parcel<T> {
        match self {
            Parcel::Plain { number, value } => Parcel::Plain { number: *number, value: copy(value) },
            Parcel::Tagged(tagged) => {
                Parcel::tagged(tagged.number, tagged.value.as_ref().map(copy), tagged.tags)
            }
        }
    }
}
