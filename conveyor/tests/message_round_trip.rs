//! Every type of message comes back as it was, owned, looked at, and in runs.

mod message;

use conveyor::Message;
use conveyor::array::FixedStr;
use conveyor::private::Encoded;
use message::derived::*;
use message::random::{OtherHasher, Random, Sample};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::ffi::{CString, OsString};
use std::fmt::Debug;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{NonZero, Saturating, Wrapping};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

fn comes_back<T>()
where
    T: Message + Sample + PartialEq + Debug,
    for<'a> T::View<'a>: PartialEq + Debug,
    for<'a> T::Run<'a>: PartialEq + Debug,
{
    let mut random = Random::new(size_of::<T>() as u64);
    // One room for all, so that what an earlier message left behind would show.
    let mut encoded = Encoded::default();
    for _ in 0..200 {
        let value: T = random.value();
        encoded.write(&value).expect("it can be encoded");
        assert_eq!(encoded.decode::<T>().expect("it is not damaged"), value);
        assert_eq!(encoded.view::<T>().expect("it is not damaged"), value.as_view());

        // Behind a byte, so that everything has to be aligned.
        let values = (7_u8, (0..random.below(5)).map(|_| random.value()).collect::<Vec<T>>());
        encoded.write(&values).expect("it can be encoded");
        assert_eq!(encoded.decode::<(u8, Vec<T>)>().expect("it is not damaged"), values);
        let (_, run) = encoded.view::<(u8, Vec<T>)>().expect("it is not damaged");
        assert_eq!(run, T::as_run(&values.1));
    }
}

#[test]
fn every_type_comes_back() {
    for_every_type!(comes_back);
}

#[cfg(feature = "bytes")]
#[test]
fn bytes_come_back() {
    let value = bytes::Bytes::from_static(b"some bytes");
    let encoded = Encoded::of(&value).expect("it can be encoded");
    assert_eq!(encoded.decode::<bytes::Bytes>().expect("it is not damaged"), value);
    assert_eq!(encoded.view::<bytes::Bytes>().expect("it is not damaged"), &b"some bytes"[..]);
}

#[cfg(feature = "serde")]
mod foreign {
    use super::{Encoded, Message};
    use conveyor::message::{Serde, SerdeView};
    use serde::{Deserialize, Serialize, Serializer};

    #[derive(Serialize, Deserialize, Clone, PartialEq, Debug)]
    enum Foreign {
        Nothing,
        Many { names: Vec<String>, next: Option<Box<Foreign>> },
    }

    fn sample() -> Serde<Foreign> {
        let next = Some(Box::new(Foreign::Nothing));
        Serde(Foreign::Many { names: vec!["one".into(), "two".into()], next })
    }

    #[test]
    fn foreign_types_come_back() {
        // In front of another field, because the format does not say where it ends.
        let value = vec![(sample(), 7_u64), (Serde(Foreign::Nothing), 8)];
        let encoded = Encoded::of(&value).expect("it can be encoded");
        assert_eq!(encoded.decode::<Vec<(Serde<Foreign>, u64)>>().expect("it is not damaged"), value);
        assert_eq!(encoded.view::<Vec<(Serde<Foreign>, u64)>>().expect("it is not damaged"), value.as_view());
        let SerdeView::Borrowed(_) = value[0].0.as_view() else { panic!("nothing had to be decoded") };
    }

    #[test]
    fn damaged_foreign_types_are_refused() {
        let encoded = Encoded::of(&sample()).expect("it can be encoded");
        for len in 0..encoded.bytes().len() {
            let cut = Encoded::from_bytes(&encoded.bytes()[..len]);
            let error = cut.decode::<Serde<Foreign>>().expect_err("it is damaged").to_string();
            assert!(error.starts_with("damaged message: the value inside `Serde`: "), "{error}");
        }
    }

    struct Stubborn;

    impl Serialize for Stubborn {
        fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("not today"))
        }
    }

    impl<'de> Deserialize<'de> for Stubborn {
        fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            Ok(Stubborn)
        }
    }

    #[test]
    fn what_cannot_be_serialised_is_refused() {
        let error = Encoded::of(&vec![Serde(Stubborn)]).err().expect("it cannot be encoded").to_string();
        assert!(error.starts_with("the value inside `Serde` cannot be serialised"), "{error}");
    }
}

#[test]
fn views_borrow_what_a_reader_expects() {
    let (counts, text, path) = (vec![1_u32, 2], "text".to_owned(), PathBuf::from("/tmp"));
    let optional = Some(text.clone());
    let _: &[u32] = counts.as_view();
    let _: &str = text.as_view();
    let _: &Path = path.as_view();
    let _: Option<&str> = optional.as_view();
    let points = vec![[1.0_f32, 2.0], [3.0, 4.0]];
    assert_eq!(points.as_view().as_slice(), Some(&points[..]));
    let map = HashMap::from([("key".to_owned(), 5_u8)]);
    assert_eq!(map.as_view().next(), Some(("key", &5)));
}

#[test]
fn a_view_shows_its_fields() {
    let shape: Shape<u8> = Shape::Polygon { corners: vec![[1, 2]], name: "point".into() };
    let Outline::Polygon { name, .. } = shape.as_view() else { panic!("it is a polygon") };
    assert_eq!(name, "point");
    assert_eq!(format!("{:?}", shape.as_view()), r#"Polygon { corners: [[1, 2]], name: "point" }"#);
    let pair = Pair(Tree::Node(Box::new(Tree::Leaf), 'x', Box::new(Tree::Leaf)), vec!["y".to_owned()]);
    assert_eq!(format!("{:?}", pair.as_view()), r#"PairView(Node(Leaf, 'x', Leaf), ["y"])"#);
    assert_eq!(pair.as_view().clone(), pair.as_view());
}

#[test]
fn tuples_and_arrays_without_padding_are_plain() {
    assert!(<(u64, u64)>::PLAIN.is_some() && <((u16, u16), [u8; 4])>::PLAIN.is_some());
    assert!(<[[f32; 3]; 2]>::PLAIN.is_some() && <(Point, u64)>::PLAIN.is_some());
    assert!(<(u8, u32)>::PLAIN.is_none() && <(u8, bool)>::PLAIN.is_none() && <[bool; 2]>::PLAIN.is_none());
}

/// Only what lies in a slot has to be aligned as slots are.
#[test]
fn a_message_that_is_encoded_may_have_any_alignment() {
    #[derive(Message, Debug, PartialEq)]
    #[repr(align(64))]
    struct Wide(u64);
    let value = [Wide(1), Wide(2)];
    let encoded = Encoded::of(&value).expect("it can be encoded");
    assert_eq!(encoded.decode::<[Wide; 2]>().expect("it is not damaged"), value);
}

#[test]
fn a_large_array_needs_no_stack() {
    const LEN: usize = 16 << 20;
    let mut array: Box<[u8; LEN]> = vec![1; LEN].try_into().expect("the length is right");
    array[LEN - 1] = 2;
    let encoded = Encoded::of(&array).expect("it can be encoded");
    assert_eq!(encoded.bytes().len(), LEN);
    let back: Box<[u8; LEN]> = encoded.decode().expect("it is not damaged");
    assert_eq!((back[0], back[LEN - 1]), (1, 2));
    assert_eq!(encoded.view::<Box<[u8; LEN]>>().expect("it is not damaged").get()[LEN - 1], 2);
}
