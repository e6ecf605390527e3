//! Lines of a file, with a position to go on from.

use super::failed;
use crate::{Checkpoint, Failure, Result, Source};
use std::fs::File;
use std::io::{BufRead, BufReader, Seek, SeekFrom};
use std::path::PathBuf;

/// The lines of a file, as [`lines`] gives them.
#[derive(Debug)]
pub struct Lines {
    path: PathBuf,
    file: BufReader<File>,
    /// Of the next line, in bytes from the start of the file.
    position: u64,
}

/// Opens a text file whose lines are to be given, without their ends (`\n` or `\r\n`). The last one may have none.
///
/// When its worker dies, its replacement goes on behind the last line that was given. The file must not change until then,
/// except that it may grow.
///
/// ```
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("poem.txt");
/// # std::fs::write(&path, "one\r\ntwo")?;
/// use conveyor::{pipeline, source};
/// use std::path::PathBuf;
///
/// let upper = pipeline! {
///     <() -> String>(path: PathBuf);
///     source(source::lines(path)?) -> pipe -> processor(|line: &str| line.to_uppercase())
/// };
/// assert_eq!(upper.run(()).collect::<Result<Vec<_>, _>>()?, ["ONE", "TWO"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// When the file cannot be opened; and later, in the run, when it cannot be read, a line is not UTF-8, or a replacement
/// finds it shorter than it was. They name the file.
pub fn lines(path: impl Into<PathBuf>) -> Result<Lines> {
    let path = path.into();
    let file = File::open(&path).map_err(|error| failed(&path, error))?;
    Ok(Lines { path, file: BufReader::new(file), position: 0 })
}

impl Lines {
    fn failed(&self, why: impl std::fmt::Display) -> Failure {
        failed(&self.path, format_args!("{why}, at byte {}", self.position))
    }
}

impl Source for Lines {
    type Out = String;

    fn next(&mut self) -> Result<Option<String>> {
        let mut line = Vec::new();
        let read = self.file.read_until(b'\n', &mut line).map_err(|error| self.failed(error))?;
        if read == 0 {
            return Ok(None);
        }
        if line.last() == Some(&b'\n') {
            line.pop();
            if line.last() == Some(&b'\r') {
                line.pop();
            }
        }
        let line = String::from_utf8(line).map_err(|error| self.failed(error.utf8_error()))?;
        self.position += read as u64;
        Ok(Some(line))
    }
}

impl Checkpoint for Lines {
    type State = u64;
    const STATE_BYTES_MAX: usize = 8;

    fn save(&mut self) -> Result<u64> {
        Ok(self.position)
    }

    fn restore(&mut self, position: u64) -> Result<()> {
        let about = self.file.get_ref().metadata().map_err(|error| self.failed(error))?;
        if about.is_file() && about.len() < position {
            let why = "lines up to there were given already: somebody has changed it";
            let found = format_args!("it has {} bytes, and not {position}; {why}", about.len());
            return Err(failed(&self.path, found));
        }
        self.position = position;
        self.file.seek(SeekFrom::Start(position)).map_err(|error| self.failed(error))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_on_wherever_it_was() {
        let directory = tempfile::tempdir().expect("there is room");
        let path = directory.path().join("lines");
        std::fs::write(&path, "one\n\r\n\nfour\r\nfive").expect("it can be written");
        let rest = |source: &mut Lines| -> Vec<String> {
            std::iter::from_fn(|| source.next().expect("it can be read")).collect()
        };
        let all = rest(&mut lines(&path).expect("it is there"));
        assert_eq!(all, ["one", "", "", "four", "five"]);
        for given in 0..=all.len() {
            let mut first = lines(&path).expect("it is there");
            (0..given).for_each(|_| drop(first.next()));
            let state = first.save().expect("nothing can fail");
            let mut second = lines(&path).expect("it is there");
            second.restore(state).expect("nothing can fail");
            assert_eq!(rest(&mut second), all[given..]);
        }
    }

    #[test]
    fn what_is_wrong_is_told_with_the_file() {
        let directory = tempfile::tempdir().expect("there is room");
        let path = directory.path().join("lines");
        let missing = lines(&path).expect_err("there is none").to_string();
        assert!(missing.contains("lines`: No such file"), "{missing}");
        std::fs::write(&path, b"good\n\xff\n").expect("it can be written");
        let mut source = lines(&path).expect("it is there");
        assert_eq!(source.next().expect("the first is good").as_deref(), Some("good"));
        let wrong = source.next().expect_err("it is no text").to_string();
        assert!(wrong.contains("utf-8") && wrong.ends_with("at byte 5"), "{wrong}");
        let shorter = lines(&path).expect("it is there").restore(8).expect_err("it had more").to_string();
        assert!(shorter.contains("lines`: it has 7 bytes, and not 8"), "{shorter}");
    }
}
