//! iceoryx2: publish and subscribe between two processes, the receiver polling, the sender retrying when there is no room.
//!
//! Polling is what it is built for, and all that its publish and subscribe offers: who wants to sleep adds an event of his
//! own. The receiver yields its core after looking in vain for a while, as the sender does within the library; without,
//! two processes that share a core with others hardly move.

use super::pipe::{ROOM, checked, digest, message};
use super::{Outcome, large};
use crate::clock::now_ns;
use crate::usage::Spent;
use iceoryx2::port::backpressure_strategy::BackpressureStrategy;
use iceoryx2::prelude::*;
use iceoryx2::service::port_factory::publish_subscribe::PortFactory;
use std::io::Read;
use std::process::{Child, Command, Stdio};

fn open<const W: usize>(service: &str) -> PortFactory<ipc::Service, [u64; W], ()> {
    set_log_level(LogLevel::Error);
    let node = NodeBuilder::new().create::<ipc::Service>().expect("a node");
    let name = service.try_into().expect("a name");
    let service = node.service_builder(&name).publish_subscribe::<[u64; W]>();
    let service = service.enable_safe_overflow(false).subscriber_max_buffer_size(ROOM).history_size(0);
    service.max_publishers(1).max_subscribers(1).open_or_create().expect("the service")
}

/// The other process: this program again.
fn start_sender(helper: &str, words: usize, count: u64, service: &str) -> Child {
    let program = std::env::current_exe().expect("this program has a path");
    let arguments = ["helper", helper, &words.to_string(), &count.to_string(), service];
    Command::new(program).args(arguments).stdin(Stdio::piped()).spawn().expect("this program runs")
}

/// The receiver; it starts the sender.
pub fn run<const W: usize>(count: u64) -> Outcome {
    let name = format!("peers/{}", std::process::id());
    let service = open::<W>(&name);
    let subscriber = service.subscriber_builder().buffer_size(ROOM).create().expect("a subscriber");
    let sender = start_sender("iceoryx2", W, count, &name);
    let (spent, sum) = receive(count, sender, || {
        let sample = subscriber.receive().expect("the connection holds");
        sample.map(|sample| digest(sample.payload()))
    });
    checked::<W>(spent, count, sum)
}

/// Sends a message until somebody gets it: the first ones may find nobody, although there is a subscriber.
#[inline(always)]
fn deliver(send: impl Fn() -> usize) {
    while send() == 0 {
        std::thread::yield_now();
    }
}

/// What has been sent is lost for a subscriber that has not seen it when its publisher ends.
fn until_received() {
    let _ = std::io::stdin().read(&mut [0]);
}

/// Polls until all messages are there.
fn receive(count: u64, mut sender: Child, mut poll: impl FnMut() -> Option<u64>) -> (Spent, u64) {
    const LOOKS: u32 = 64;
    let (mut sum, mut seen, mut began, mut in_vain) = (0u64, 0, 0, 0);
    while seen < count {
        match poll() {
            Some(digest) => {
                if seen == 0 {
                    began = now_ns();
                }
                sum = sum.wrapping_add(digest);
                (seen, in_vain) = (seen + 1, 0);
            }
            None if in_vain < LOOKS => {
                std::hint::spin_loop();
                in_vain += 1;
            }
            None => std::thread::yield_now(),
        }
    }
    let seconds = (now_ns() - began) as f64 / 1e9;
    drop(sender.stdin.take());
    assert!(sender.wait().expect("it is our child").success());
    (Spent::taking(seconds), sum)
}

fn open_large(service: &str, words: usize) -> PortFactory<ipc::Service, [u64], ()> {
    set_log_level(LogLevel::Error);
    let room = large::room(words);
    let node = NodeBuilder::new().create::<ipc::Service>().expect("a node");
    let name = service.try_into().expect("a name");
    let service = node.service_builder(&name).publish_subscribe::<[u64]>();
    let service = service.enable_safe_overflow(false).subscriber_max_buffer_size(room).history_size(0);
    service.max_publishers(1).max_subscribers(1).open_or_create().expect("the service")
}

/// The same with large buffers, filled and read in place.
pub fn run_large(words: usize, count: u64) -> Outcome {
    let name = format!("peers/{}", std::process::id());
    let service = open_large(&name, words);
    let subscriber =
        service.subscriber_builder().buffer_size(large::room(words)).create().expect("a subscriber");
    let sender = start_sender("iceoryx2-large", words, count, &name);
    let (spent, sum) = receive(count, sender, || {
        let sample = subscriber.receive().expect("the connection holds");
        sample.map(|sample| digest(sample.payload()))
    });
    large::checked(words, spent, count, sum)
}

pub fn large_sender(words: &str, count: &str, service: &str) {
    let (words, count): (usize, u64) = (words.parse().expect("a length"), count.parse().expect("a count"));
    let service = open_large(service, words);
    let publisher = service.publisher_builder().initial_max_slice_len(words);
    let publisher = publisher.backpressure_strategy(BackpressureStrategy::RetryUntilDelivered);
    let publisher = publisher.max_loaned_samples(2).create().expect("a publisher");
    for number in 0..count {
        deliver(|| {
            let sample = publisher.loan_slice_uninit(words).expect("a place");
            sample.write_from_fn(|word| number.wrapping_add(word as u64)).send().expect("it can be sent")
        });
    }
    until_received();
}

pub fn sender(words: &str, count: &str, service: &str) {
    let count = count.parse().expect("a count");
    match words {
        "1" => send::<1>(count, service),
        "8" => send::<8>(count, service),
        "128" => send::<128>(count, service),
        _ => panic!("no messages of {words} words"),
    }
}

fn send<const W: usize>(count: u64, service: &str) {
    let service = open::<W>(service);
    let publisher =
        service.publisher_builder().backpressure_strategy(BackpressureStrategy::RetryUntilDelivered);
    let publisher = publisher.max_loaned_samples(2).create().expect("a publisher");
    for number in 0..count {
        deliver(|| {
            let sample = publisher.loan_uninit().expect("a place");
            sample.write_payload(message(number)).send().expect("it can be sent")
        });
    }
    until_received();
}
