//! A number for any message: how tuples become numbers again.

use super::{Tagged, TaggedView};

/// A number that depends on all of a message.
pub(crate) trait Digest {
    /// It is never the same by accident alone: order and depth count.
    fn digest(&self) -> u64;
}

/// The digest of what has parts.
pub(crate) fn combined(parts: impl IntoIterator<Item = u64>) -> u64 {
    parts.into_iter().fold(7, |hash, part| hash.wrapping_mul(31).wrapping_add(part ^ (part >> 32)))
}

impl Digest for u64 {
    fn digest(&self) -> u64 {
        *self
    }
}

impl Digest for str {
    fn digest(&self) -> u64 {
        combined(self.bytes().map(u64::from))
    }
}

impl Digest for String {
    fn digest(&self) -> u64 {
        self.as_str().digest()
    }
}

impl Digest for [u64] {
    fn digest(&self) -> u64 {
        combined(self.iter().copied())
    }
}

impl Digest for Vec<u64> {
    fn digest(&self) -> u64 {
        self.as_slice().digest()
    }
}

impl<T: Digest + ?Sized> Digest for &T {
    fn digest(&self) -> u64 {
        (**self).digest()
    }
}

impl Digest for Tagged {
    fn digest(&self) -> u64 {
        combined([self.number.digest(), self.text.digest()])
    }
}

impl Digest for TaggedView<'_> {
    fn digest(&self) -> u64 {
        combined([self.number.digest(), self.text.digest()])
    }
}

macro_rules! tuples {
    ($($($name:ident)+;)+) => {$(
        impl<$($name: Digest),+> Digest for ($($name,)+) {
            #[allow(non_snake_case)] // a variable for each type
            fn digest(&self) -> u64 {
                let ($($name,)+) = self;
                combined([$($name.digest()),+])
            }
        }
    )+};
}
tuples! { A B; A B C; A B C D; }
