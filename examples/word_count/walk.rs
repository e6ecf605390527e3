//! The files below a directory.
//!
//! Symbolic links are not followed, so every walk ends.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use conveyor::Message;

/// A file or directory that could not be read, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Message)]
pub(crate) struct Unreadable {
    pub(crate) path: PathBuf,
    pub(crate) reason: String,
}

/// Reads a whole file.
pub(crate) fn read(path: PathBuf) -> Result<Vec<u8>, Unreadable> {
    fs::read(&path).map_err(|error| unreadable(path, error))
}

fn unreadable(path: PathBuf, error: io::Error) -> Unreadable {
    Unreadable { path, reason: error.to_string() }
}

/// Gives every regular file below a directory, and what could not be read on the way.
pub(crate) struct Walk {
    to_visit: Vec<PathBuf>,
}

impl Walk {
    /// A walk below `root`, which must be a directory, or a link to one.
    pub(crate) fn below(root: &Path) -> io::Result<Self> {
        if !root.is_dir() {
            return Err(io::Error::other(format!("{} is not a directory", root.display())));
        }
        Ok(Walk { to_visit: vec![root.canonicalize()?] })
    }

    /// Lists a directory for later; says whether `path` is a file.
    fn visit(&mut self, path: &Path) -> io::Result<bool> {
        let kind = fs::symlink_metadata(path)?.file_type();
        if kind.is_dir() {
            for entry in fs::read_dir(path)? {
                self.to_visit.push(entry?.path());
            }
        }
        Ok(kind.is_file())
    }
}

impl Iterator for Walk {
    type Item = Result<PathBuf, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(path) = self.to_visit.pop() {
            match self.visit(&path) {
                Ok(true) => return Some(Ok(path)),
                Ok(false) => {}
                Err(error) => return Some(Err(unreadable(path, error))),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_gone_is_unreadable() {
        let path = PathBuf::from("no/such/file");
        let unreadable = read(path.clone()).unwrap_err();
        assert_eq!(unreadable.path, path);
        assert!(unreadable.reason.starts_with("No such file"), "{}", unreadable.reason);
    }
}
