//! What the calls of a handle return: for each call only what can happen there, and a message that was not sent is
//! handed back.

use crate::{Error, ErrorKind};
use std::error::Error as StdError;
use std::fmt;

/// The message of a failed `send`, and why it failed; see [`Running::send`](super::Running::send).
pub struct SendError<T> {
    pub(super) message: T,
    pub(super) error: Error,
}

impl<T> SendError<T> {
    /// Why it was not sent.
    pub fn error(&self) -> &Error {
        &self.error
    }

    /// What was to be sent.
    pub fn into_message(self) -> T {
        self.message
    }
}

/// Why `try_send` has not sent its message; see [`Running::try_send`](super::Running::try_send).
pub enum TrySendError<T> {
    /// There is no room now.
    Full(T),
    /// The run takes nothing more.
    Ended(SendError<T>),
}

/// Why `send_timeout` has not sent its message.
///
/// ```
/// use conveyor::SendTimeoutError;
/// use std::time::Duration;
///
/// let slow = conveyor::pipeline! { <u64 -> u64>; processor(|x| x + 1) -> pipe(2) };
/// let mut running = slow.start()?;
/// // nobody takes any output
/// let refused = (0..).find_map(|x| running.send_timeout(x, Duration::from_millis(1)).err());
/// assert!(matches!(refused, Some(SendTimeoutError::Timeout(message)) if message > 0));
/// # Ok::<(), conveyor::Error>(())
/// ```
pub enum SendTimeoutError<T> {
    /// There was no room in time.
    Timeout(T),
    /// The run takes nothing more.
    Ended(SendError<T>),
}

/// Why `recv` gives nothing. It becomes an [`Error`] by `?`.
#[derive(Clone, Debug)]
pub enum RecvError {
    /// Everything has come out, and nothing more will.
    Ended,
    /// The run has failed.
    Failed(Error),
}

/// Why `try_recv` gives nothing; see [`Running::try_recv`](super::Running::try_recv).
#[derive(Clone, Debug)]
pub enum TryRecvError {
    /// There is nothing now.
    Empty,
    /// Everything has come out, and nothing more will.
    Ended,
    /// The run has failed.
    Failed(Error),
}

/// Why `recv_timeout` gives nothing; see [`Running::try_recv`](super::Running::try_recv).
#[derive(Clone, Debug)]
pub enum RecvTimeoutError {
    /// Nothing came out in time.
    Timeout,
    /// Everything has come out, and nothing more will.
    Ended,
    /// The run has failed.
    Failed(Error),
}

const FULL: &str = "the pipeline is full";
const SEND_TIMEOUT: &str = "the pipeline was full for too long";
const EMPTY: &str = "nothing has come out yet";
const RECV_TIMEOUT: &str = "nothing has come out in time";
const ENDED: &str = "the stream has ended";

macro_rules! as_error {
    ($name:ident<T>: $value:pat => $failure:expr, $($quiet:pat => $text:expr),*) => {
        impl<T> fmt::Display for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $value => fmt::Display::fmt($failure, f),
                    $($quiet => f.write_str($text),)*
                }
            }
        }
        impl<T> fmt::Debug for $name<T> {
            /// Without the message, which need not be printable.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
        impl<T> StdError for $name<T> {}
    };
    ($name:ident: $value:pat => $failure:expr, $($quiet:pat => $text:expr),*) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $value => fmt::Display::fmt($failure, f),
                    $($quiet => f.write_str($text),)*
                }
            }
        }
        impl StdError for $name {}
    };
}

as_error!(SendError<T>: SendError { error, .. } => error,);
as_error!(TrySendError<T>: TrySendError::Ended(failed) => failed, TrySendError::Full(_) => FULL);
as_error!(
    SendTimeoutError<T>: SendTimeoutError::Ended(failed) => failed, SendTimeoutError::Timeout(_) => SEND_TIMEOUT
);
as_error!(RecvError: RecvError::Failed(error) => error, RecvError::Ended => ENDED);
as_error!(
    TryRecvError: TryRecvError::Failed(error) => error,
    TryRecvError::Empty => EMPTY, TryRecvError::Ended => ENDED
);
as_error!(
    RecvTimeoutError: RecvTimeoutError::Failed(error) => error,
    RecvTimeoutError::Timeout => RECV_TIMEOUT, RecvTimeoutError::Ended => ENDED
);

/// So that `?` passes the reason on.
impl<T> From<SendError<T>> for Error {
    fn from(failed: SendError<T>) -> Error {
        failed.error
    }
}

/// So that `?` passes the reason on.
impl From<RecvError> for Error {
    fn from(error: RecvError) -> Error {
        match error {
            RecvError::Ended => Error::new(ErrorKind::Stopped, ENDED),
            RecvError::Failed(error) => error,
        }
    }
}
