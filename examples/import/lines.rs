//! The lines of several files.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::row::Line;

/// Is it the name that stands for the standard input?
pub(crate) fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

/// Reads files one after the other. They are opened when their turn comes.
pub(crate) struct Lines {
    pending: VecDeque<PathBuf>,
    current: Option<Reader>,
}

struct Reader {
    name: String,
    lines_read: u64,
    from: Box<dyn BufRead>,
}

impl Lines {
    /// The lines of `files`; `-` is the standard input.
    pub(crate) fn of(files: &[PathBuf]) -> Self {
        Lines { pending: files.iter().cloned().collect(), current: None }
    }

    /// The next line, or `None` after the last line of the last file.
    pub(crate) fn next_line(&mut self) -> io::Result<Option<Line>> {
        loop {
            if let Some(reader) = &mut self.current
                && let Some(line) = reader.next_line()?
            {
                return Ok(Some(line));
            }
            let Some(file) = self.pending.pop_front() else { return Ok(None) };
            self.current = Some(Reader::open(&file)?);
        }
    }
}

impl Reader {
    fn open(file: &Path) -> io::Result<Reader> {
        let name = file.display().to_string();
        let from: Box<dyn BufRead> = if is_stdin(file) {
            Box::new(io::stdin().lock())
        } else {
            let explain = |error: io::Error| io::Error::new(error.kind(), format!("{name}: {error}"));
            Box::new(BufReader::new(File::open(file).map_err(explain)?))
        };
        Ok(Reader { name, lines_read: 0, from })
    }

    /// The next line without its end. Bytes that are not UTF-8 become U+FFFD.
    fn next_line(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        if self.from.read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.lines_read += 1;
        let text = String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned();
        Ok(Some(Line { file: self.name.clone(), number: self.lines_read, text }))
    }
}
