//! How a process finds a segment that another one holds, as text without blanks.

use super::named;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// How to find a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ticket {
    /// It is this process's standard input.
    Stdin {
        /// In bytes.
        len: usize,
    },
    /// It is a descriptor of another process.
    Descriptor {
        /// That process.
        pid: u32,
        /// Its number there.
        fd: i32,
        /// In bytes.
        len: usize,
    },
    /// It has a name.
    Name {
        /// As `shm_open` takes it.
        name: String,
        /// In bytes.
        len: usize,
    },
}

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ticket::Stdin { len } => write!(f, "stdin:{len}"),
            Ticket::Descriptor { pid, fd, len } => write!(f, "fd:{len}:{pid}:{fd}"),
            Ticket::Name { name, len } => write!(f, "name:{len}:{name}"),
        }
    }
}

impl Ticket {
    /// The file that it is, by a path that any process may use.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        match self {
            Ticket::Stdin { .. } => None,
            Ticket::Descriptor { pid, fd, .. } => Some(format!("/proc/{pid}/fd/{fd}").into()),
            Ticket::Name { name, .. } => Some(named::path(name)),
        }
    }
}

/// The text is no ticket.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NoTicket;

impl FromStr for Ticket {
    type Err = NoTicket;

    fn from_str(text: &str) -> Result<Ticket, NoTicket> {
        let mut parts = text.splitn(3, ':');
        let kind = parts.next().ok_or(NoTicket)?;
        let len = parts.next().and_then(|len| len.parse().ok()).ok_or(NoTicket)?;
        match (kind, parts.next()) {
            ("stdin", None) => Ok(Ticket::Stdin { len }),
            ("fd", Some(place)) => {
                let (pid, fd) = place.split_once(':').ok_or(NoTicket)?;
                let (Ok(pid), Ok(fd)) = (pid.parse(), fd.parse()) else { return Err(NoTicket) };
                Ok(Ticket::Descriptor { pid, fd, len })
            }
            ("name", Some(name)) => Ok(Ticket::Name { name: name.to_owned(), len }),
            _ => Err(NoTicket),
        }
    }
}
