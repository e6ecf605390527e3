//! Small values without a stable layout, which travel as some other message and are looked at by value.

use super::decoder::damaged;
use super::{Decoder, Encoder, Message, Plain, Seq};
use crate::Result;
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};
use std::ops::Range;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

macro_rules! via_message {
    ($([$($generics:tt)*] $t:ty as $via:ty, $to:expr, $from:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Message for $t {
            type View<'a> = $t;
            type Run<'a> = Seq<'a, $t>;
            fn as_view(&self) -> $t {
                self.clone()
            }
            fn as_run(items: &[$t]) -> Seq<'_, $t> {
                Seq::values(items)
            }
            #[inline]
            fn encode(&self, to: &mut Encoder) {
                let via: fn(&$t) -> $via = $to;
                via(self).encode(to);
            }
            #[inline]
            fn decode(from: &mut Decoder<'_>) -> Result<$t> {
                let value: fn($via) -> Option<$t> = $from;
                value(Message::decode(from)?)
                    .ok_or_else(|| damaged(concat!("not a value of `", stringify!($t), "`")))
            }
            #[inline]
            fn view(from: &mut Decoder<'_>) -> Result<$t> {
                Self::decode(from)
            }
            fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, $t>> {
                Seq::encoded(from)
            }
        }
    )*};
}

/// Before or after the epoch, and how far from it.
type FromEpoch = (bool, Duration);

fn from_epoch(time: &SystemTime) -> FromEpoch {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => (false, after),
        Err(before) => (true, before.duration()),
    }
}

fn to_time((before, distance): FromEpoch) -> Option<SystemTime> {
    if before { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
}

via_message! {
    [] Duration as (u64, u32),
        |it| (it.as_secs(), it.subsec_nanos()),
        |(secs, nanos)| (nanos < 1_000_000_000).then(|| Duration::new(secs, nanos));
    [] SystemTime as FromEpoch, from_epoch, to_time;
    [] Ipv4Addr as [u8; 4], |it| it.octets(), |octets| Some(octets.into());
    [] Ipv6Addr as [u8; 16], |it| it.octets(), |octets| Some(octets.into());
    [] IpAddr as Result<Ipv4Addr, Ipv6Addr>,
        |it| match it {
            IpAddr::V4(it) => Ok(*it),
            IpAddr::V6(it) => Err(*it),
        },
        |it| Some(it.map_or_else(IpAddr::V6, IpAddr::V4));
    [] SocketAddrV4 as (Ipv4Addr, u16),
        |it| (*it.ip(), it.port()),
        |(ip, port)| Some(SocketAddrV4::new(ip, port));
    [] SocketAddrV6 as (Ipv6Addr, u16, u32, u32),
        |it| (*it.ip(), it.port(), it.flowinfo(), it.scope_id()),
        |(ip, port, flow, scope)| Some(SocketAddrV6::new(ip, port, flow, scope));
    [] SocketAddr as Result<SocketAddrV4, SocketAddrV6>,
        |it| match it {
            SocketAddr::V4(it) => Ok(*it),
            SocketAddr::V6(it) => Err(*it),
        },
        |it| Some(it.map_or_else(SocketAddr::V6, SocketAddr::V4));
    [T: Plain + Message] Range<T> as (T, T), |it| (it.start, it.end), |(start, end)| Some(start..end);
    [T: Send + 'static] PhantomData<T> as (), |_| (), |()| Some(PhantomData);
}
