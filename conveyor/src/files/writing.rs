//! A file that holds exactly what has arrived.
//!
//! Invariants: the file is `len` bytes long, and what comes next is in `buffer`; a checkpoint has both in the file, and says
//! how long it is. Whatever is longer comes from a worker that died before its commit, and is cut off by the next one.

use super::failed;
use crate::{Arg, Checkpoint, Failure, Message, Ref, Result, Sink};
use std::fs::{File, TryLockError};
use std::io::{Error, ErrorKind, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::PathBuf;

/// What is buffered goes into the file when it is as long as this, in bytes.
const BUFFER_BYTES: usize = 64 << 10;

/// A file that messages are written into; [`lines`] and [`bytes()`] make one, with examples.
#[derive(Debug)]
pub struct Written<T> {
    path: PathBuf,
    file: File,
    /// `None`: nothing was written in this run, so what is in the file is old.
    len: Option<u64>,
    buffer: Vec<u8>,
    /// Stands behind each message.
    end: &'static [u8],
    of: PhantomData<fn(T)>,
}

/// Opens a text file that is to hold the messages, each as a line of its own. What was in it before is gone when the first
/// message arrives, or the stream ends without one.
///
/// **Exactly once:** when its worker dies, even by `kill -9`, its replacement cuts off what was not committed and goes on.
/// So the file has every message once, in order. It belongs to one worker alone, and must not be written by others. A
/// process that user code in that worker has forked without `exec` has the file open, too: while it lives, the file is
/// taken, and a replacement fails.
///
/// While the run goes on, what has been committed is in the file as far as other programs can see, and outlives the death
/// of the program. That it outlives the system, too, is sure after `drain`, and at the end of the run (`fsync`), if the file
/// was there before: the name of a new one is in its directory, which only the file system itself looks after. A run that
/// fails leaves what it had committed, and maybe more.
///
/// ```
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("even.txt");
/// use conveyor::{pipeline, sink};
/// use std::path::PathBuf;
///
/// let (file, count) = (path.clone(), 6_u64);
/// let even = pipeline! {
///     (file: PathBuf, count: u64);
///     source(0..*count) -> pipe -> filter_map(|x| (x % 2 == 0).then(|| x.to_string())) -> pipe -> sink(sink::lines(file)?);
/// };
/// even.run_to_end(())?;
/// assert_eq!(std::fs::read_to_string(path)?, "0\n2\n4\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the file cannot be opened, or another worker or program has it open as such a sink; and later, in the run, when it
/// cannot be written. They name the file.
pub fn lines(path: impl Into<PathBuf>) -> Result<Written<String>> {
    Written::open(path.into(), b"\n")
}

/// The same for bytes, which are written as they are, with nothing in between. See [`lines`].
///
/// ```
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("samples.f32");
/// use conveyor::{pipeline, sink};
/// use std::path::PathBuf;
///
/// let samples = pipeline! {
///     <f32 -> ()>(file: PathBuf = path.clone());
///     processor(|sample| sample.to_le_bytes().to_vec()) -> pipe -> sink(sink::bytes(file)?);
/// };
/// samples.run_to_end([1.0, 2.0])?;
/// assert_eq!(std::fs::read(path)?, [0, 0, 128, 63, 0, 0, 0, 64]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As for [`lines`].
pub fn bytes(path: impl Into<PathBuf>) -> Result<Written<Vec<u8>>> {
    Written::open(path.into(), b"")
}

impl<T> Written<T> {
    fn open(path: PathBuf, end: &'static [u8]) -> Result<Written<T>> {
        let opened = File::options().write(true).create(true).truncate(false).open(&path);
        let file = opened.map_err(|error| failed(&path, error))?;
        if !file.metadata().is_ok_and(|about| about.is_file()) {
            return Err(failed(&path, "is not a regular file, so nothing can be cut off at its end"));
        }
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let why = "another worker or program writes it, or one that a worker has started still has it open; each \
                           worker needs a file of its own (`conveyor::lane()` tells workers of a fork apart), and none \
                           may leave a process behind that it has forked without `exec`";
                return Err(failed(&path, why));
            }
            Err(TryLockError::Error(error)) => return Err(failed(&path, error)),
        }
        Ok(Written { path, file, len: None, buffer: Vec::new(), end, of: PhantomData })
    }

    /// The file is `len` bytes long from now on, and the next ones go there.
    fn cut(&mut self, len: u64) -> Result<()> {
        let cut = self.file.set_len(len).and_then(|()| self.file.seek(SeekFrom::Start(len)));
        cut.map_err(|error| failed(&self.path, error))?;
        self.len = Some(len);
        Ok(())
    }

    /// What is buffered goes into the file. Returns the length of the file.
    fn write_out(&mut self) -> Result<u64> {
        let len = match self.len {
            Some(len) => len,
            None => {
                self.cut(0)?;
                0
            }
        };
        if let Err(error) = self.file.write_all(&self.buffer) {
            let failure = self.explain(&error, len);
            self.buffer.clear();
            let _ = self.cut(len); // a part of a message helps nobody, but this is not why it fails
            return Err(failure);
        }
        let len = len + self.buffer.len() as u64;
        self.buffer.clear();
        self.len = Some(len);
        Ok(len)
    }

    fn explain(&self, error: &Error, len: u64) -> Failure {
        let more = self.buffer.len();
        let advice = match error.kind() {
            ErrorKind::StorageFull => "; make room, or write to another disk",
            ErrorKind::QuotaExceeded => "; raise the quota, or write to another disk",
            ErrorKind::FileTooLarge => "; raise the limit (`ulimit -f`), or write several files",
            _ => "",
        };
        failed(
            &self.path,
            format_args!("{error}: it has {len} bytes, and {more} more do not go into it{advice}"),
        )
    }

    fn add(&mut self, message: &[u8]) -> Result<()> {
        self.buffer.extend_from_slice(message);
        self.buffer.extend_from_slice(self.end);
        if self.buffer.len() >= BUFFER_BYTES {
            self.write_out()?;
        }
        Ok(())
    }
}

impl<T: Message> Sink for Written<T>
where
    for<'a> T::View<'a>: AsRef<[u8]>,
{
    type In = Ref<T>;

    fn consume(&mut self, message: Arg<'_, Ref<T>>) -> Result<()> {
        self.add(message.as_ref())
    }

    fn flush(&mut self) -> Result<()> {
        self.write_out()?;
        self.file.sync_data().map_err(|error| failed(&self.path, error))
    }

    fn finish(&mut self) -> Result<()> {
        self.flush()
    }
}

impl<T> Checkpoint for Written<T> {
    type State = u64;
    const STATE_BYTES_MAX: usize = 8;

    fn save(&mut self) -> Result<u64> {
        self.write_out()
    }

    fn restore(&mut self, len: u64) -> Result<()> {
        let found = self.file.metadata().map_err(|error| failed(&self.path, error))?.len();
        if found < len {
            let why = "this run has written more: somebody else has changed it";
            return Err(failed(&self.path, format_args!("it has {found} bytes instead of {len}; {why}")));
        }
        self.cut(len)
    }
}

/// A run that fails leaves what has arrived. If that cannot be written, it has a better reason to fail already.
impl<T> Drop for Written<T> {
    fn drop(&mut self) {
        if !self.buffer.is_empty() {
            let _ = self.write_out();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(path: &std::path::Path) -> String {
        std::fs::read_to_string(path).expect("it is text")
    }

    #[test]
    fn what_was_not_committed_is_cut_off() {
        let directory = tempfile::tempdir().expect("there is room");
        let path = directory.path().join("lines");
        std::fs::write(&path, "old").expect("it can be written");
        let mut first = lines(&path).expect("it can be opened");
        assert_eq!(written(&path), "old", "nothing has arrived");
        first.consume("one").expect("there is room");
        let state = first.save().expect("there is room");
        first.consume("two").expect("there is room");
        drop(first);
        assert_eq!(written(&path), "one\ntwo\n");
        let mut second = lines(&path).expect("it can be opened");
        second.restore(state).expect("it is there");
        assert_eq!(written(&path), "one\n");
        second.consume("2").expect("there is room");
        second.finish().expect("there is room");
        assert_eq!(written(&path), "one\n2\n");
    }

    #[test]
    fn a_stream_without_messages_makes_it_empty() {
        let directory = tempfile::tempdir().expect("there is room");
        let path = directory.path().join("bytes");
        std::fs::write(&path, "old").expect("it can be written");
        bytes(&path).expect("it can be opened").finish().expect("there is room");
        assert_eq!(written(&path), "");
    }

    #[test]
    fn a_large_message_and_many_small_ones() {
        let directory = tempfile::tempdir().expect("there is room");
        let path = directory.path().join("bytes");
        let mut sink = bytes(&path).expect("it can be opened");
        let mut expected = Vec::new();
        for len in (0..1000).chain([3 * BUFFER_BYTES]) {
            let message = vec![len as u8; len];
            sink.consume(&message).expect("there is room");
            expected.extend(message);
        }
        sink.finish().expect("there is room");
        assert_eq!(std::fs::read(&path).expect("it is there"), expected);
    }

    #[test]
    fn nobody_else_writes_it() {
        let directory = tempfile::tempdir().expect("there is room");
        let path = directory.path().join("lines");
        let first = lines(&path).expect("it can be opened");
        let refused = lines(&path).expect_err("it is taken").to_string();
        assert!(refused.contains("lines`: another worker"), "{refused}");
        drop(first);
        let mut third = lines(&path).expect("it is free again");
        let cut = third.restore(1).expect_err("somebody has cut it").to_string();
        assert!(cut.contains("0 bytes instead of 1"), "{cut}");
        let refused = lines(directory.path()).expect_err("it is a directory").to_string();
        assert!(refused.contains("directory"), "{refused}");
    }

    #[test]
    fn a_full_disk_is_told_with_what_to_do() {
        let mut full = Written::<String> {
            path: "some/file".into(),
            file: File::options().write(true).open("/dev/full").expect("the system has it"),
            len: Some(7),
            buffer: Vec::new(),
            end: b"\n",
            of: PhantomData,
        };
        full.consume("message").expect("there is room in the buffer");
        let error = full.finish().expect_err("the device is always full").to_string();
        assert!(error.starts_with("`some/file`: ") && error.contains("make room"), "{error}");
    }
}
