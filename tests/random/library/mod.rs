//! What stands behind the keywords in random pipelines. The generated programs and the reference interpreter both
//! contain this module: there is one definition of what each function does.

mod digest;

pub(crate) use digest::{Digest, combined};

use conveyor::Message;
use std::num::TryFromIntError;

/// A struct that travels.
#[derive(Clone, Debug, PartialEq, Eq, Message)]
pub(crate) struct Tagged {
    pub(crate) number: u64,
    pub(crate) text: String,
}

/// The value of the parameter `key`.
pub(crate) const KEY: u64 = 0x5a;

/// The value of the parameter `count`.
pub(crate) const COUNT: u64 = 23;

pub(crate) fn double(x: u64) -> u64 {
    x.wrapping_mul(2)
}

pub(crate) fn square(x: u64) -> u64 {
    x.wrapping_mul(x)
}

pub(crate) fn keyed(x: u64, key: u64) -> u64 {
    x.rotate_left(3) ^ key
}

/// Takes longer for some numbers, so that workers overtake each other.
pub(crate) fn uneven(x: u64) -> u64 {
    let rounds = if x.is_multiple_of(5) { 2000 } else { 2 };
    (0..rounds).fold(x, |hash, _| std::hint::black_box(hash.wrapping_mul(6_364_136_223_846_793_005) >> 1))
}

pub(crate) fn digits(x: u64) -> String {
    x.to_string()
}

pub(crate) fn spread(x: u64) -> Vec<u64> {
    (0..x % 4).map(|n| x ^ n).collect()
}

pub(crate) fn tagged(x: u64) -> Tagged {
    Tagged { number: x / 2, text: "t".repeat((x % 7) as usize) }
}

pub(crate) fn checked(x: u64) -> Result<u64, TryFromIntError> {
    u32::try_from(x % 1_000_000).map(u64::from)
}

pub(crate) fn half(x: u64) -> Option<u64> {
    x.is_multiple_of(2).then_some(x / 2)
}

pub(crate) fn both(x: u64) -> [u64; 2] {
    [x, x.wrapping_add(1)]
}

pub(crate) fn is_kept(x: &u64) -> bool {
    !x.is_multiple_of(3)
}

pub(crate) fn shouted(text: String) -> String {
    text + "!"
}

pub(crate) fn length(text: &str) -> u64 {
    text.len() as u64
}

pub(crate) fn is_long(text: &str) -> bool {
    text.len() > 1
}

pub(crate) fn pieces(text: &str) -> Vec<String> {
    text.split(['1', '5', '9']).filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
}

pub(crate) fn reversed(mut list: Vec<u64>) -> Vec<u64> {
    list.reverse();
    list
}

pub(crate) fn total(list: &[u64]) -> u64 {
    list.iter().fold(0, |sum, x| sum.wrapping_add(*x))
}

pub(crate) fn retold(tagged: Tagged) -> String {
    format!("{}{}", tagged.text, tagged.number)
}

/// One step of a running sum.
pub(crate) fn summed(sum: &mut u64, x: u64) -> u64 {
    *sum = sum.wrapping_add(x);
    *sum
}

/// A message that the caller sends.
pub(crate) trait Sample {
    /// The one with this number.
    fn sample(number: u64) -> Self;
}

impl Sample for u64 {
    fn sample(number: u64) -> u64 {
        number * 7 % 61
    }
}

impl Sample for String {
    fn sample(number: u64) -> String {
        (number * 37).to_string()
    }
}

impl Sample for Vec<u64> {
    fn sample(number: u64) -> Vec<u64> {
        (0..number % 5).map(|x| x * number).collect()
    }
}

impl Sample for Tagged {
    fn sample(number: u64) -> Tagged {
        tagged(number * 3)
    }
}

impl<T: Sample> Sample for Option<T> {
    fn sample(number: u64) -> Option<T> {
        Some(T::sample(number))
    }
}

/// What the caller sends.
pub(crate) fn samples<T: Sample>() -> impl Iterator<Item = T> {
    (0..40).map(T::sample)
}
