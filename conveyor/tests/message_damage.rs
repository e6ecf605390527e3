//! Damaged bytes are refused or read as some other value: no panic, no endless loop, no huge allocation.

mod message;

use conveyor::Message;
use conveyor::array::FixedStr;
use conveyor::message::NESTING_MAX;
use conveyor::private::Encoded;
use message::derived::*;
use message::random::{OtherHasher, Random, Sample};
use std::alloc::{GlobalAlloc, Layout, System};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::ffi::{CString, OsString};
use std::fmt::Debug;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::num::{NonZero, Saturating, Wrapping};
use std::ops::Range;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// None of the messages here is larger than a few KiB, so nothing that is read from them may need more.
const ALLOCATION_BYTES_MAX: usize = 2 << 20;

/// Refuses what no message here justifies: the process then ends with an error.
struct Frugal;

// SAFETY: everything is left to the system's allocator, or refused, which an allocator may.
unsafe impl GlobalAlloc for Frugal {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if layout.size() > ALLOCATION_BYTES_MAX {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: it came from `System`.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static FRUGAL: Frugal = Frugal;

/// Reads the bytes in both ways, which must agree on whether they are damaged.
fn read<T>(bytes: &[u8]) -> bool
where
    T: Message,
    for<'a> T::View<'a>: Debug,
{
    let encoded = Encoded::from_bytes(bytes);
    let owned = encoded.decode::<T>().is_ok();
    // Formatting it walks over everything that the view shows.
    let looked_at = encoded.view::<T>().map(|view| format!("{view:?}")).is_ok();
    assert_eq!(owned, looked_at, "{} from {bytes:?}", std::any::type_name::<T>());
    owned
}

fn survives<T>()
where
    T: Message + Sample + Debug,
    for<'a> T::View<'a>: Debug,
{
    let mut random = Random::new(size_of::<T>() as u64 + 1);
    for _ in 0..4 {
        let value: T = random.value();
        let encoded = Encoded::of(&value).expect("it can be encoded");
        let whole = encoded.bytes();
        // Not at every place of a large message: that is work of quadratic size.
        let step = whole.len() / 100 + 1;
        for len in (0..whole.len()).step_by(step) {
            assert!(!read::<T>(&whole[..len]), "{value:?} came from {len} of its {} bytes", whole.len());
        }
        for _ in 0..60 {
            let mut bytes = whole.to_vec();
            for _ in 0..=random.below(3) {
                let Some(place) = (!bytes.is_empty()).then(|| random.below(bytes.len())) else { break };
                bytes[place] = random.value();
            }
            read::<T>(&bytes);
        }
        // Where a length stands, put one that is near or far too large.
        for place in (0..whole.len().saturating_sub(7)).step_by(8 * step) {
            for length in [whole.len() as u64, 1 << 32, u64::MAX / 24, u64::MAX] {
                let mut bytes = whole.to_vec();
                bytes[place..place + 8].copy_from_slice(&length.to_ne_bytes());
                read::<T>(&bytes);
            }
        }
    }
    for _ in 0..60 {
        let noise: Vec<u8> = (0..random.below(100)).map(|_| random.value()).collect();
        read::<T>(&noise);
    }
}

#[test]
fn every_type_survives_damage() {
    for_every_type!(survives);
}

fn error<T: Message>(bytes: &[u8]) -> String {
    Encoded::from_bytes(bytes).decode::<T>().err().expect("it is damaged").to_string()
}

#[test]
fn an_error_says_what_is_wrong() {
    assert_eq!(error::<bool>(&[2]), "damaged message: a `bool` that is neither 0 nor 1");
    assert_eq!(error::<NonZero<u8>>(&[0]), "damaged message: a zero where there must be none");
    assert_eq!(error::<Color>(&[3]), "damaged message: an enum's variant that does not exist");
    assert_eq!(error::<u64>(&[0; 7]), "damaged message: it ends too early");
    assert_eq!(error::<Vec<u8>>(&9_u64.to_ne_bytes()), "damaged message: a length that exceeds it");
    let mut text = 1_u64.to_ne_bytes().to_vec();
    text.push(0xff);
    assert_eq!(error::<String>(&text), "damaged message: invalid utf-8 sequence of 1 bytes from index 0");
}

#[derive(Message)]
struct Link<const N: usize> {
    next: Option<Box<Link<N>>>,
    payload: [u64; N],
}

fn chain<const N: usize>(len: u32) -> Option<Box<Link<N>>> {
    (0..len).fold(None, |next, _| Some(Box::new(Link { next, payload: [7; N] })))
}

/// Each byte opens one more box. The thread of a test has a stack of 2 MiB.
fn refuses_endless_nesting<const N: usize>() {
    let bytes = vec![1; 1 << 20];
    assert_eq!(error::<Link<N>>(&bytes), "damaged message: it is nested too deep");
    let refused = Encoded::from_bytes(&bytes).view::<Link<N>>().expect_err("it is damaged");
    assert_eq!(refused.to_string(), "damaged message: it is nested too deep");

    let len = NESTING_MAX / (1 + size_of::<Link<N>>() as u32 / 1024);
    let encoded = Encoded::of(&chain::<N>(len)).expect("it is not too deep");
    let back: Option<Box<Link<N>>> = encoded.decode().expect("it is not too deep");
    let links = std::iter::successors(back.as_ref(), |link| link.next.as_ref());
    assert_eq!(links.filter(|link| link.payload == [7; N]).count(), len as usize);
    let refused = Encoded::of(&chain::<N>(len + 1)).err().expect("it is too deep").to_string();
    assert!(refused.starts_with("the message is nested deeper than 128 levels"), "{refused}");
}

#[test]
fn endless_nesting_is_refused() {
    refuses_endless_nesting::<0>();
    refuses_endless_nesting::<100>();
    refuses_endless_nesting::<300>();
    refuses_endless_nesting::<4_000>();
}
