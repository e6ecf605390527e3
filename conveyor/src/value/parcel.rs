//! What travels through a channel.

use crate::ring::tags::{Tag, Tags};

/// A message, or what is left of one that was dropped. It has a number among everything that its lane has sent; a
/// [`Block`](super::block::Block) knows it.
pub(crate) enum Parcel<T> {
    /// A message that no ordered join waits for.
    Plain(T),
    /// A message inside ordered regions.
    Tagged(Box<Tagged<T>>),
}

pub(crate) struct Tagged<T> {
    /// `None`: a tombstone.
    value: Option<T>,
    tags: Tags,
}

impl<T> Parcel<T> {
    /// A message, or a tombstone, for which an ordered join waits.
    pub(crate) fn tagged(value: Option<T>, tags: Tags) -> Parcel<T> {
        Parcel::Tagged(Box::new(Tagged { value, tags }))
    }

    /// The innermost tag.
    pub(crate) fn innermost(&self) -> Option<Tag> {
        match self {
            Parcel::Plain(_) => None,
            Parcel::Tagged(tagged) => tagged.tags.columns().last().copied(),
        }
    }

    /// Its value and its tags. Outside ordered regions nobody looks at tags, and they are left alone.
    #[inline]
    pub(crate) fn open(self, tags: &mut Tags) -> Option<T> {
        match self {
            Parcel::Plain(value) => Some(value),
            Parcel::Tagged(tagged) => {
                *tags = tagged.tags;
                tagged.value
            }
        }
    }

    /// A tombstone in its place, and whether there was a value.
    pub(crate) fn bury(self) -> (Parcel<T>, bool) {
        match self {
            Parcel::Plain(_) => (Parcel::tagged(None, Tags::default()), true),
            Parcel::Tagged(tagged) => {
                let Tagged { value, tags } = *tagged;
                (Parcel::tagged(None, tags.tombstone()), value.is_some())
            }
        }
    }

    /// Another one for another branch.
    pub(crate) fn copy(&self, copy: fn(&T) -> T) -> Parcel<T> {
        match self {
            Parcel::Plain(value) => Parcel::Plain(copy(value)),
            Parcel::Tagged(tagged) => Parcel::tagged(tagged.value.as_ref().map(copy), tagged.tags),
        }
    }
}
