//! Random values of every type that is a message: small ones, and extremes more often than chance would give them.

use conveyor::array::FixedStr;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::ffi::{CString, OsString};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash};
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{NonZero, Saturating, Wrapping};
use std::ops::Range;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A hasher that is not the default.
pub(crate) type OtherHasher = BuildHasherDefault<DefaultHasher>;

/// A small generator (splitmix64), so that every run sees the same values.
pub(crate) struct Random {
    state: u64,
    /// How deep a value may still nest.
    depth: u32,
}

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random { state: seed, depth: 6 }
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.bits() % end as u64) as usize
    }

    pub(crate) fn value<T: Sample>(&mut self) -> T {
        T::sample(self)
    }

    /// `None` when the value is already nested deep.
    pub(crate) fn deeper<T>(&mut self, sample: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.depth = self.depth.checked_sub(1)?;
        let value = sample(self);
        self.depth += 1;
        Some(value)
    }

    /// A few values, or none.
    pub(crate) fn several<T: Sample>(&mut self) -> Vec<T> {
        self.deeper(|random| (0..random.below(4)).map(|_| random.value()).collect()).unwrap_or_default()
    }
}

pub(crate) trait Sample: Sized {
    fn sample(random: &mut Random) -> Self;
}

macro_rules! integer_samples {
    ($($t:ty)*) => {$(
        impl Sample for $t {
            fn sample(random: &mut Random) -> $t {
                match random.below(5) {
                    0 => 0,
                    1 => <$t>::MIN,
                    2 => <$t>::MAX,
                    _ => random.bits() as $t,
                }
            }
        }
        impl Sample for NonZero<$t> {
            fn sample(random: &mut Random) -> Self {
                NonZero::new(random.value()).unwrap_or(NonZero::<$t>::MIN)
            }
        }
        impl Sample for Wrapping<$t> {
            fn sample(random: &mut Random) -> Self {
                Wrapping(random.value())
            }
        }
        impl Sample for Saturating<$t> {
            fn sample(random: &mut Random) -> Self {
                Saturating(random.value())
            }
        }
    )*};
}
integer_samples!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

macro_rules! tuple_samples {
    ($($t:ident)*) => {
        impl<$($t: Sample),*> Sample for ($($t,)*) {
            fn sample(random: &mut Random) -> Self {
                ($(random.value::<$t>(),)*)
            }
        }
    };
}
tuple_samples!(A);
tuple_samples!(A B);
tuple_samples!(A B C);
tuple_samples!(A B C D);
tuple_samples!(A B C D E F G H I J K L);

macro_rules! samples {
    ($([$($generics:tt)*] $t:ty: $sample:expr;)*) => {$(
        impl<$($generics)*> Sample for $t {
            fn sample(random: &mut Random) -> Self {
                let sample: fn(&mut Random) -> $t = $sample;
                sample(random)
            }
        }
    )*};
}
pub(crate) use samples;

samples! {
    [] (): |_| ();
    [] f32: |random| [0.0, -0.0, f32::MAX, f32::NEG_INFINITY, random.bits() as f32][random.below(5)];
    [] f64: |random| [0.0, -0.0, f64::MIN, f64::INFINITY, random.bits() as f64][random.below(5)];
    [] bool: |random| random.below(2) == 1;
    [] char: |random| ['a', '\0', 'ß', '語', '🦀', char::MAX][random.below(6)];
    [] std::cmp::Ordering: |random| random.value::<u8>().cmp(&random.value());
    [const N: usize] FixedStr<N>: |random| FixedStr::cut(&random.value::<String>());
    [] String: |random| random.several::<char>().into_iter().collect();
    [] Box<str>: |random| random.value::<String>().into();
    [] Cow<'static, str>: |random| match random.below(2) {
        0 => Cow::Borrowed("lent"),
        _ => Cow::Owned(random.value()),
    };
    [] OsString: |random| OsString::from_vec(random.value());
    [] PathBuf: |random| PathBuf::from(random.value::<OsString>());
    [] CString: |random| CString::new(random.several::<NonZero<u8>>().into_iter().map(u8::from).collect::<Vec<_>>())
        .expect("no zero in it");
    [] Duration: |random| Duration::new(random.value(), random.below(1_000_000_000) as u32);
    [] SystemTime: |random| {
        let distance = Duration::from_nanos(random.bits() >> 8);
        if random.value() { UNIX_EPOCH + distance } else { UNIX_EPOCH - distance }
    };
    [] Ipv4Addr: |random| random.value::<u32>().into();
    [] Ipv6Addr: |random| random.value::<u128>().into();
    [] IpAddr: |random| match random.below(2) {
        0 => IpAddr::V4(random.value()),
        _ => IpAddr::V6(random.value()),
    };
    [] SocketAddrV4: |random| SocketAddrV4::new(random.value(), random.value());
    [] SocketAddrV6: |random| SocketAddrV6::new(random.value(), random.value(), random.value(), random.value());
    [] SocketAddr: |random| match random.below(2) {
        0 => SocketAddr::V4(random.value()),
        _ => SocketAddr::V6(random.value()),
    };
    [T: Sample] Range<T>: |random| random.value()..random.value();
    [T] PhantomData<T>: |_| PhantomData;
    [T: Sample, const N: usize] [T; N]: |random| std::array::from_fn(|_| random.value());
    [T: Sample] Option<T>: |random| random.deeper(|random| random.below(3) > 0 && random.depth > 0)
        .filter(|some| *some)
        .and_then(|_| random.deeper(Random::value));
    [T: Sample, E: Sample] Result<T, E>: |random| match random.below(2) {
        0 => Ok(random.value()),
        _ => Err(random.value()),
    };
    [T: Sample] Box<T>: |random| Box::new(random.value());
    [T: Sample] Vec<T>: Random::several;
    [T: Sample] Box<[T]>: |random| random.several().into();
    [T: Sample + Clone] Cow<'static, [T]>: |random| Cow::Owned(random.several());
    [T: Sample] VecDeque<T>: |random| {
        let mut deque: VecDeque<T> = random.several().into();
        deque.extend(random.several());
        // So that it does not lie in one piece.
        deque.rotate_left(deque.len() / 2);
        deque
    };
    [T: Sample + Eq + Hash, S: BuildHasher + Default] HashSet<T, S>: |random| random.several().into_iter().collect();
    [T: Sample + Ord] BTreeSet<T>: |random| random.several().into_iter().collect();
    [K: Sample + Eq + Hash, V: Sample, S: BuildHasher + Default] HashMap<K, V, S>: |random| random.several().into_iter().collect();
    [K: Sample + Ord, V: Sample] BTreeMap<K, V>: |random| random.several().into_iter().collect();
}
