//! Sequences: `Vec`, boxed and copy-on-write slices, `VecDeque`, sets.

use super::{Decoder, Encoder, Message, Seq};
use crate::Result;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::hash::{BuildHasher, Hash};

/// What lies in one piece is one run.
macro_rules! slice_message {
    ($([$($bound:tt)*] $t:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: Message $($bound)*> Message for $t {
            type View<'a> = T::Run<'a>;
            type Run<'a> = Seq<'a, Self>;
            const HOLDS_CHUNKS: bool = T::HOLDS_CHUNKS;
            #[inline]
            fn as_view(&self) -> T::Run<'_> {
                T::as_run(self)
            }
            fn as_run(items: &[Self]) -> Seq<'_, Self> {
                Seq::values(items)
            }
            #[inline]
            fn encode(&self, to: &mut Encoder) {
                T::encode_run(self, to);
            }
            #[inline]
            fn decode(from: &mut Decoder<'_>) -> Result<Self> {
                Ok(T::decode_run(from)?.into())
            }
            #[inline]
            fn view<'a>(from: &mut Decoder<'a>) -> Result<T::Run<'a>> {
                T::view_run(from)
            }
            fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Self>> {
                Seq::encoded(from)
            }
        }
    )*};
}

slice_message! {
    [] Vec<T>;
    [] Box<[T]>;
    [+ Clone + Sync] Cow<'static, [T]>;
}

/// What does not lie in one piece is written item by item.
macro_rules! collection_message {
    ($([$($generics:tt)*] $t:ty, $view:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Message for $t {
            type View<'a> = Seq<'a, T>;
            type Run<'a> = Seq<'a, Self>;
            const HOLDS_CHUNKS: bool = T::HOLDS_CHUNKS;
            fn as_view(&self) -> Seq<'_, T> {
                $view(self.iter())
            }
            fn as_run(items: &[Self]) -> Seq<'_, Self> {
                Seq::values(items)
            }
            fn encode(&self, to: &mut Encoder) {
                to.items::<T, _>(self.iter(), |to, item| item.encode(to));
            }
            fn decode(from: &mut Decoder<'_>) -> Result<Self> {
                Ok(from.items(T::decode)?.into_iter().collect())
            }
            fn view<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, T>> {
                Seq::encoded(from)
            }
            fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Self>> {
                Seq::encoded(from)
            }
        }
    )*};
}

collection_message! {
    [T: Message] VecDeque<T>, Seq::deque;
    [T: Message + Ord] BTreeSet<T>, Seq::btree_set;
    [T: Message + Eq + Hash, S: BuildHasher + Default + Send + 'static] HashSet<T, S>, Seq::hash_set;
}
