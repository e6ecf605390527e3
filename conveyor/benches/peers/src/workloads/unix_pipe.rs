//! A Unix pipe between two processes, one call of `write` and `read` per message.

use super::Outcome;
use super::pipe::{checked, digest, message};
use crate::clock::now_ns;
use crate::usage::Spent;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::process::{Command, Stdio};

/// The receiver; it starts the sender.
pub fn run<const W: usize>(count: u64) -> Outcome {
    let program = std::env::current_exe().expect("this program has a path");
    let mut sender = Command::new(program)
        .args(["helper", "unix-pipe", &W.to_string(), &count.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program runs");
    let mut pipe = sender.stdout.take().expect("it is piped");
    let mut bytes = vec![0u8; W * 8];
    let (mut sum, mut began) = (0u64, 0);
    for number in 0..count {
        match pipe.read_exact(&mut bytes) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => panic!("the sender has ended"),
            Err(error) => panic!("{error}"),
        }
        if number == 0 {
            began = now_ns();
        }
        let words: [u64; W] = std::array::from_fn(|word| {
            u64::from_ne_bytes(bytes[word * 8..][..8].try_into().expect("eight bytes"))
        });
        sum = sum.wrapping_add(digest(&words));
    }
    let spent = Spent::since(began);
    assert!(sender.wait().expect("it is our child").success());
    checked::<W>(spent, count, sum)
}

pub fn sender(words: &str, count: &str) {
    let count = count.parse().expect("a count");
    match words {
        "1" => send::<1>(count),
        "8" => send::<8>(count),
        "128" => send::<128>(count),
        _ => panic!("no messages of {words} words"),
    }
}

fn send<const W: usize>(count: u64) {
    let mut pipe = unbuffered_stdout();
    let mut bytes = vec![0u8; W * 8];
    for number in 0..count {
        for (place, word) in bytes.chunks_exact_mut(8).zip(message::<W>(number)) {
            place.copy_from_slice(&word.to_ne_bytes());
        }
        pipe.write_all(&bytes).expect("it is received");
    }
}

/// Rust's own would wait for the ends of lines.
pub fn unbuffered_stdout() -> File {
    File::from(std::io::stdout().as_fd().try_clone_to_owned().expect("a descriptor"))
}
