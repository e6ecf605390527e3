//! A Unix pipe between two processes: one call of `write` and `read` per message, or by buffers of 64 KiB at both ends.

use super::Outcome;
use super::pipe::{checked, digest, message};
use crate::clock::now_ns;
use crate::usage::Spent;
use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::process::{Command, Stdio};

/// What stands between the messages and the kernel.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Buffers {
    None,
    Of64Ki,
}

const BUFFER: usize = 64 << 10;

/// The receiver; it starts the sender.
pub fn run<const W: usize>(count: u64, buffers: Buffers) -> Outcome {
    let program = std::env::current_exe().expect("this program has a path");
    let mut sender = Command::new(program)
        .args([
            "helper",
            if buffers == Buffers::None { "unix-pipe" } else { "unix-pipe-64k" },
            &W.to_string(),
            &count.to_string(),
        ])
        .stdout(Stdio::piped())
        .spawn()
        .expect("this program runs");
    let pipe = sender.stdout.take().expect("it is piped");
    let (seconds, sum) = match buffers {
        Buffers::None => receive::<W>(pipe, count),
        Buffers::Of64Ki => receive::<W>(BufReader::with_capacity(BUFFER, pipe), count),
    };
    assert!(sender.wait().expect("it is our child").success());
    checked::<W>(Spent::taking(seconds), count, sum)
}

/// The seconds since the first message, and the checksum.
fn receive<const W: usize>(mut pipe: impl Read, count: u64) -> (f64, u64) {
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
    ((now_ns() - began) as f64 / 1e9, sum)
}

pub fn sender(buffers: Buffers, words: &str, count: &str) {
    let count = count.parse().expect("a count");
    match buffers {
        Buffers::None => send_all(unbuffered_stdout(), words, count),
        Buffers::Of64Ki => send_all(BufWriter::with_capacity(BUFFER, unbuffered_stdout()), words, count),
    }
}

fn send_all(pipe: impl Write, words: &str, count: u64) {
    match words {
        "1" => send::<1>(pipe, count),
        "8" => send::<8>(pipe, count),
        "128" => send::<128>(pipe, count),
        _ => panic!("no messages of {words} words"),
    }
}

fn send<const W: usize>(mut pipe: impl Write, count: u64) {
    let mut bytes = vec![0u8; W * 8];
    for number in 0..count {
        for (place, word) in bytes.chunks_exact_mut(8).zip(message::<W>(number)) {
            place.copy_from_slice(&word.to_ne_bytes());
        }
        pipe.write_all(&bytes).expect("it is received");
    }
    pipe.flush().expect("it is received");
}

/// Rust's own would wait for the ends of lines.
pub fn unbuffered_stdout() -> File {
    File::from(std::io::stdout().as_fd().try_clone_to_owned().expect("a descriptor"))
}
