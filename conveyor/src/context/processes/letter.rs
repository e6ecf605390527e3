//! Dead letters: messages that were left out, because they have ended their worker again and again. Each is one line of
//! JSON in a file, which is made when the first one is written.

use super::control::Run;
use crate::Error;
use crate::graph::facts::TypeFacts;
use crate::graph::plan::{Inlet, Tap};
use crate::ring::values;
use std::fmt::{self, Write};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Where dead letters go.
pub(super) struct DeadLetters(PathBuf);

impl DeadLetters {
    /// To this file, or else to one in the current directory, named after the program and its process.
    pub(super) fn to(path: Option<&Path>) -> DeadLetters {
        let path = path.map_or_else(
            || {
                let program = std::env::args_os().next().map(PathBuf::from);
                let program = program.as_deref().and_then(Path::file_stem).unwrap_or("conveyor".as_ref());
                format!("{}-{}.dead-letters.jsonl", program.display(), std::process::id()).into()
            },
            Path::to_owned,
        );
        // the program may go elsewhere while it runs
        DeadLetters(std::path::absolute(&path).unwrap_or(path))
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Adds a letter at the end, and makes sure that it stays there.
    pub(super) fn add(&self, letter: &Letter<'_>) -> std::io::Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).open(&self.0)?;
        file.write_all(format!("{letter}\n").as_bytes())?;
        match file.sync_all() {
            // a terminal, a pipe or /dev/null keeps nothing
            Err(error) if error.kind() == std::io::ErrorKind::InvalidInput => Ok(()),
            done => done,
        }
    }
}

/// A message that was left out.
pub(super) struct Letter<'e> {
    error: &'e Error,
    message: TypeFacts,
    /// The message as it lies in its ring; the parts of a zip.
    parts: Vec<Vec<u8>>,
}

impl<'e> Letter<'e> {
    /// The message at `position` of ring `ring` of a dead worker's `inlet`.
    pub(super) fn of(
        run: &Run,
        (inlet, ring, position): (&Inlet, usize, u64),
        message: TypeFacts,
        error: &'e Error,
    ) -> Letter<'e> {
        let taps = inlet.taps();
        let taps = match inlet {
            Inlet::Zip(..) => taps,
            _ => taps.get(ring..=ring).unwrap_or_default(),
        };
        // the parts of a tuple stand at the same position of all rings
        let parts = taps.iter().map(|tap| copy_of(run, tap, position));
        Letter { error, message, parts: parts.collect() }
    }
}

/// Nothing if there is no such message.
fn copy_of(run: &Run, tap: &Tap, position: u64) -> Vec<u8> {
    let slots = run.map.slots(tap.ring);
    let before_tail = run.map.record(tap.ring).value(values::TAIL).wrapping_sub(position);
    if before_tail == 0 || before_tail > slots.geometry().slots as u64 {
        return Vec::new();
    }
    // SAFETY: it was published (just checked), and the lane that has not committed it is dead: nobody releases it.
    unsafe { slots.copy_of(position) }
}

impl fmt::Display for Letter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Letter { error, message, parts } = self;
        write!(f, r#"{{"processor":{}"#, Json(error.processor().unwrap_or_default()))?;
        if let Some(lane) = error.lane() {
            write!(f, r#","lane":{lane}"#)?;
        }
        if let Some(position) = error.position() {
            write!(f, r#","position":{position}"#)?;
        }
        write!(f, r#","cause":{},"type":{}"#, Json(error.cause()), Json(message.name))?;
        if message.holds_chunks {
            f.write_str(r#","chunks":"left out""#)?;
        }
        f.write_str(r#","parts":["#)?;
        for (number, part) in parts.iter().enumerate() {
            f.write_str(if number > 0 { "," } else { "" })?;
            f.write_str(r#"{"bytes":""#)?;
            part.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
            let text: String = part.iter().map(|byte| readable(*byte)).collect();
            write!(f, r#"","text":{}}}"#, Json(&text))?;
        }
        f.write_str("]}")
    }
}

/// A byte as people read it.
fn readable(byte: u8) -> char {
    if byte == b' ' || byte.is_ascii_graphic() { byte.into() } else { '.' }
}

/// A text with quotes around it.
struct Json<'t>(&'t str);

impl fmt::Display for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                c if c.is_control() => write!(f, "\\u{:04x}", u32::from(c))?,
                c => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn a_letter_is_one_line_of_json() {
        let error = Error::new(ErrorKind::Panicked, "a \"bad\" one,\n\tat C:\\x\u{1}")
            .in_processor("parse")
            .in_lane(1, 2)
            .at_position(Some(7));
        let message = TypeFacts::of::<String>();
        let letter = Letter { error: &error, message, parts: vec![b"\x02\0ab\"".to_vec(), Vec::new()] };
        assert_eq!(
            letter.to_string(),
            r#"{"processor":"parse","lane":1,"position":7,"cause":"a \"bad\" one,\n\u0009at C:\\x\u0001","type":"#
                .to_owned()
                + r#""alloc::string::String","parts":[{"bytes":"0200616222","text":"..ab\""},{"bytes":"","text":""}]}"#
        );
    }

    #[test]
    fn without_a_word_of_the_user_the_file_is_named_after_the_program() {
        let letters = DeadLetters::to(None);
        let name = letters.path().file_name().unwrap().to_str().unwrap();
        assert!(name.ends_with(&format!("-{}.dead-letters.jsonl", std::process::id())), "{name}");
        assert!(letters.path().is_absolute());
        assert_eq!(DeadLetters::to(Some("/x/y".as_ref())).path(), Path::new("/x/y"));
    }
}
