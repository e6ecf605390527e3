//! Maps, and what they are looked at through.

use super::{Decoder, Encoder, Message, Seq};
use crate::Result;
use std::collections::{BTreeMap, HashMap, btree_map, hash_map};
use std::fmt;
use std::hash::{BuildHasher, Hash};

/// The entries of a map, as an iterator over the views of key and value.
///
/// ```
/// use conveyor::Message;
/// use std::collections::BTreeMap;
///
/// let counts = BTreeMap::from([("a".to_owned(), 2_u64), ("b".to_owned(), 3)]);
/// assert_eq!(counts.as_view().map(|(_word, count): (&str, &u64)| count).sum::<u64>(), 5);
/// ```
pub struct Entries<'a, K: Message, V: Message>(Items<'a, K, V>);

enum Items<'a, K: Message, V: Message> {
    Hash(hash_map::Iter<'a, K, V>),
    BTree(btree_map::Iter<'a, K, V>),
    /// A run of pairs.
    Encoded(Seq<'a, (K, V)>),
}

impl<'a, K: Message, V: Message> Entries<'a, K, V> {
    fn hash(items: hash_map::Iter<'a, K, V>) -> Self {
        Entries(Items::Hash(items))
    }

    fn btree(items: btree_map::Iter<'a, K, V>) -> Self {
        Entries(Items::BTree(items))
    }
}

impl<K: Message, V: Message> Clone for Entries<'_, K, V> {
    fn clone(&self) -> Self {
        Entries(match &self.0 {
            Items::Hash(items) => Items::Hash(items.clone()),
            Items::BTree(items) => Items::BTree(items.clone()),
            Items::Encoded(items) => Items::Encoded(items.clone()),
        })
    }
}

impl<'a, K: Message, V: Message> Iterator for Entries<'a, K, V> {
    type Item = (K::View<'a>, V::View<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let (key, value) = match &mut self.0 {
            Items::Hash(items) => items.next()?,
            Items::BTree(items) => items.next()?,
            Items::Encoded(items) => return items.next(),
        };
        Some((key.as_view(), value.as_view()))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Items::Hash(items) => items.size_hint(),
            Items::BTree(items) => items.size_hint(),
            Items::Encoded(items) => items.size_hint(),
        }
    }
}

impl<K: Message, V: Message> ExactSizeIterator for Entries<'_, K, V> {}

impl<'a, K, V> fmt::Debug for Entries<'a, K, V>
where
    K: Message<View<'a>: fmt::Debug>,
    V: Message<View<'a>: fmt::Debug>,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.clone()).finish()
    }
}

/// Compares the entries that are left, in the order in which they come.
impl<'a, K, V> PartialEq for Entries<'a, K, V>
where
    K: Message<View<'a>: PartialEq>,
    V: Message<View<'a>: PartialEq>,
{
    fn eq(&self, other: &Self) -> bool {
        self.clone().eq(other.clone())
    }
}

macro_rules! map_message {
    ($([$($generics:tt)*] $t:ty, $view:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Message for $t {
            type View<'a> = Entries<'a, K, V>;
            type Run<'a> = Seq<'a, Self>;
            const HOLDS_CHUNKS: bool = K::HOLDS_CHUNKS || V::HOLDS_CHUNKS;
            fn as_view(&self) -> Entries<'_, K, V> {
                $view(self.iter())
            }
            fn as_run(items: &[Self]) -> Seq<'_, Self> {
                Seq::values(items)
            }
            fn encode(&self, to: &mut Encoder) {
                to.items::<(K, V), _>(self.iter(), |to, (key, value)| {
                    key.encode(to);
                    value.encode(to);
                });
            }
            fn decode(from: &mut Decoder<'_>) -> Result<Self> {
                let entries = from.items(|from| Ok((K::decode(from)?, V::decode(from)?)))?;
                Ok(entries.into_iter().collect())
            }
            fn view<'a>(from: &mut Decoder<'a>) -> Result<Entries<'a, K, V>> {
                Ok(Entries(Items::Encoded(Seq::encoded(from)?)))
            }
            fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Self>> {
                Seq::encoded(from)
            }
        }
    )*};
}

map_message! {
    [K: Message + Ord, V: Message] BTreeMap<K, V>, Entries::btree;
    [K: Message + Eq + Hash, V: Message, S: BuildHasher + Default + Send + 'static] HashMap<K, V, S>, Entries::hash;
}
