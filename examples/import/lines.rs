//! The lines of several files.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::row::Line;

/// Is it the name that stands for the standard input?
pub(crate) fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// Reads files one after the other. They are opened when their turn comes.
pub(crate) struct Lines {
    files: Vec<PathBuf>,
    /// How many of them have been read to their end.
    done: usize,
    current: Option<Reader>,
}

/// Where reading goes on: files that are done; bytes and lines that have been read of the next one.
pub(crate) type Position = (u64, u64, u64);

struct Reader {
    name: String,
    bytes_read: u64,
    lines_read: u64,
    from: Box<dyn BufRead>,
}

impl Lines {
    /// The lines of `files`; `-` is the standard input.
    pub(crate) fn of(files: &[PathBuf]) -> Self {
        Lines { files: files.to_vec(), done: 0, current: None }
    }

    /// The next line, or `None` after the last line of the last file.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Line>> {
        loop {
            if let Some(reader) = &mut self.current {
                if let Some(line) = reader.next_line()? {
                    return Ok(Some(line));
                }
                self.current = None;
                self.done += 1;
            }
            let Some(file) = self.files.get(self.done) else { return Ok(None) };
            self.current = Some(Reader::open(file)?);
        }
    }

    /// Where the next line is.
    pub(crate) fn position(&self) -> Position {
        let (bytes, lines) =
            self.current.as_ref().map_or((0, 0), |reader| (reader.bytes_read, reader.lines_read));
        (self.done as u64, bytes, lines)
    }

    /// Goes on there.
    pub(crate) fn go_on(&mut self, (done, bytes, lines): Position) -> io::Result<()> {
        self.done = done as usize;
        let file = self.files.get(self.done).filter(|_| bytes > 0);
        self.current = file.map(|file| Reader::open_at(file, bytes, lines)).transpose()?;
        Ok(())
    }
}

impl Reader {
    fn open(file: &Path) -> io::Result<Reader> {
        let name = file.display().to_string();
        let from: Box<dyn BufRead> = if is_stdin(file) {
            Box::new(io::stdin().lock())
        } else {
            Box::new(BufReader::new(opened(file)?))
        };
        Ok(Reader { name, bytes_read: 0, lines_read: 0, from })
    }

    fn open_at(file: &Path, bytes: u64, lines: u64) -> io::Result<Reader> {
        let mut from = opened(file)?;
        from.seek(SeekFrom::Start(bytes))?;
        let name = file.display().to_string();
        Ok(Reader { name, bytes_read: bytes, lines_read: lines, from: Box::new(BufReader::new(from)) })
    }

    /// The next line without its end. Bytes that are not UTF-8 become U+FFFD.
    fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let read = self.from.read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        self.bytes_read += read as u64;
        self.lines_read += 1;
        let text = String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned();
        Ok(Some(Line { file: self.name.clone(), number: self.lines_read, text }))
    }
}

fn opened(file: &Path) -> io::Result<File> {
    File::open(file).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))
}
