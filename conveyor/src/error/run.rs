//! What the caller of a run gets.

use std::fmt;

/// Why a run could not start, or has ended early.
///
/// Its text names the processor, the lane, the position of the message and the cause.
///
/// ```
/// use conveyor::{ErrorKind, pipeline};
///
/// let parse = pipeline! { <String -> u8>; try_map parse = |text: &str| text.parse::<u8>(); parse };
/// let error = parse.run(["7", "seven"].map(String::from)).find_map(Result::err).unwrap();
/// assert_eq!(error.kind(), ErrorKind::Failed);
/// assert_eq!((error.processor(), error.position()), (Some("parse"), Some(1)));
/// assert_eq!(error.to_string(), "`parse` failed at message 1: invalid digit found in string");
/// ```
///
/// `Debug` gives the same text, so `main` may return it.
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: ErrorKind,
    processor: Option<String>,
    lane: Option<Lane>,
    position: Option<u64>,
    /// It went wrong in the kernel of a map.
    in_map: bool,
    cause: String,
}

/// One of several workers of the same processor.
#[derive(Clone, Copy)]
struct Lane {
    index: u32,
    of: u32,
}

/// The kinds of [`Error`], to be matched on.
///
/// ```
/// use conveyor::{Context, Error, ErrorKind, pipeline};
///
/// fn advice(error: &Error) -> &'static str {
///     match error.kind() {
///         ErrorKind::Start | ErrorKind::Constructor => "nothing has been done yet",
///         ErrorKind::Signal(_) | ErrorKind::Exit(_) | ErrorKind::Died => "a worker process has died",
///         ErrorKind::Panicked => "this is a bug",
///         _ => "some messages have passed",
///     }
/// }
///
/// let ratio = pipeline! { <u64 -> u64>; processor(|x| 100 / x) };
/// let error = ratio.context(Context::Threads).run([5, 0]).find_map(Result::err).unwrap();
/// assert_eq!(advice(&error), "this is a bug");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A processor, source or sink returned an error.
    Failed,
    /// A processor, source or sink panicked, or the thread that watches the workers did.
    Panicked,
    /// The constructor of a processor, source or sink returned an error.
    Constructor,
    /// A worker process was ended by a signal.
    Signal(i32),
    /// A worker process ended by itself, with this exit code, before its stream had ended.
    Exit(i32),
    /// A worker process has died, and the system does not say how, because the program ignores SIGCHLD or waits for every
    /// child itself.
    Died,
    /// A processor or a sink has worked on a message for longer than its deadline.
    Overdue,
    /// A message does not fit into its pipe.
    TooLarge,
    /// A message could not be read: it is damaged.
    Damaged,
    /// The run could not be started.
    Start,
    /// A shared array could not be made or attached to, or must not be written now.
    Array,
    /// A single thread sends more than the pipeline can hold, without taking the outputs that are in its way.
    WouldDeadlock,
    /// The run has been stopped or has ended.
    Stopped,
}

impl Error {
    #[cold]
    pub(crate) fn new(kind: ErrorKind, cause: impl fmt::Display) -> Error {
        let cause = cause.to_string();
        Error(Box::new(Inner { kind, processor: None, lane: None, position: None, in_map: false, cause }))
    }

    /// The same, of another kind.
    pub(crate) fn of_kind(mut self, kind: ErrorKind) -> Error {
        self.0.kind = kind;
        self
    }

    pub(crate) fn in_processor(mut self, name: &str) -> Error {
        self.0.processor = Some(name.to_owned());
        self
    }

    pub(crate) fn in_lane(mut self, index: u32, of: u32) -> Error {
        self.0.lane = Some(Lane { index, of });
        self
    }

    pub(crate) fn at_position(mut self, position: Option<u64>) -> Error {
        self.0.position = position;
        self
    }

    /// Of a map: its lanes are workers, its positions are indices of items.
    pub(crate) fn in_map(mut self) -> Error {
        self.0.in_map = true;
        self
    }

    /// Adds to the cause.
    pub(crate) fn and(mut self, more: impl fmt::Display) -> Error {
        let Inner { cause, .. } = &mut *self.0;
        let between = if cause.contains('\n') { "\n" } else { "; " };
        *cause = format!("{cause}{between}{more}");
        self
    }

    /// What went wrong, to be matched on.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The name of the processor, source or sink it went wrong in.
    pub fn processor(&self) -> Option<&str> {
        self.0.processor.as_deref()
    }

    /// The worker among the workers of that processor, or of a map, from 0.
    pub fn lane(&self) -> Option<u32> {
        self.0.lane.map(|lane| lane.index)
    }

    /// The position of the message, counted from 0 on the processor's inlet; of a map, the index of the item.
    pub fn position(&self) -> Option<u64> {
        self.0.position
    }

    /// The cause as text: the error, the panic's message and place, or what the process ended with.
    pub fn cause(&self) -> &str {
        &self.0.cause
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, processor, lane, position, in_map, cause } = &*self.0;
        let message = if *in_map { "item" } else { "message" };
        if let Some(processor) = processor {
            write!(f, "`{processor}`")?;
            if let Some(Lane { index, of }) = lane
                && *of > 1
            {
                write!(f, " (worker {index} of {of})")?;
            }
            match kind {
                ErrorKind::Failed => write!(f, " failed")?,
                ErrorKind::Panicked => write!(f, " panicked")?,
                ErrorKind::Constructor => write!(f, " could not be made")?,
                ErrorKind::Signal(_) | ErrorKind::Exit(_) | ErrorKind::Died => write!(f, " died")?,
                ErrorKind::Overdue => write!(f, " took too long")?,
                ErrorKind::TooLarge => write!(f, " gave a message that is too large")?,
                ErrorKind::Damaged => write!(f, " cannot go on")?,
                ErrorKind::Start | ErrorKind::Array => write!(f, " could not be started")?,
                ErrorKind::WouldDeadlock | ErrorKind::Stopped => write!(f, " was stopped")?,
            }
            if let Some(position) = position {
                write!(f, " at {message} {position}")?;
            }
            write!(f, ": ")?;
        }
        write!(f, "{cause}")
    }
}

impl std::error::Error for Error {}
