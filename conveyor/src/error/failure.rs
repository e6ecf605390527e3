//! What user code returns when it fails. One word wide, so that `Result<()>` stays in a register and vanishes when a
//! step cannot fail.

use super::{ErrorKind, Place};
use std::error::Error as StdError;
use std::fmt;

/// What processors, sources, sinks and their constructors return. With two types it is `std::result::Result`.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

/// Why user code failed. Every error type converts into it with `?`.
///
/// Like `anyhow::Error`, it is not itself a [`std::error::Error`]: that is what lets `?` take every error type.
///
/// ```
/// fn parse(text: &str) -> conveyor::Result<u32> {
///     let number: u32 = text.parse()?;
///     if number == 0 {
///         return Err(conveyor::Failure::new("zero is not a number here"));
///     }
///     Ok(number)
/// }
/// assert_eq!(parse("0").unwrap_err().to_string(), "zero is not a number here");
/// ```
pub struct Failure(Box<Inner>);

struct Inner {
    cause: Cause,
    place: Option<Place>,
}

enum Cause {
    Error(Box<dyn StdError + Send + Sync>),
    /// The run is being stopped: nobody's fault, and never shown.
    Stopped,
    /// A message is larger than its pipe.
    TooLarge(String),
    /// What was read is damaged.
    Damaged(String),
}

impl Failure {
    /// A failure with a text of your own.
    #[cold]
    pub fn new(text: impl fmt::Display) -> Failure {
        Failure::of(Cause::Error(text.to_string().into()))
    }

    /// The run is being stopped: unwinds user code that is pushing.
    #[cold]
    pub(crate) fn stopped() -> Failure {
        Failure::of(Cause::Stopped)
    }

    /// A message of `needed` bytes for a pipe of `limit` bytes.
    #[cold]
    pub(crate) fn too_large(pipe: &str, needed: usize, limit: usize) -> Failure {
        Failure::of(Cause::TooLarge(format!(
            "a message of {needed} bytes does not fit into the pipe `{pipe}`, which holds {limit} bytes; \
             raise its limit: `pipe [limit_bytes = {}]`",
            needed.checked_next_power_of_two().unwrap_or(needed)
        )))
    }

    /// A message that cannot be read.
    #[cold]
    pub(crate) fn damaged(what: impl fmt::Display) -> Failure {
        Failure::of(Cause::Damaged(format!("damaged message: {what}")))
    }

    /// What a pipe's ends say of it cannot be: it leads from `giver` to `taker`.
    #[cold]
    pub(crate) fn damaged_pipe(giver: impl fmt::Display, taker: impl fmt::Display) -> Failure {
        Failure::of(Cause::Damaged(format!(
            "damaged shared memory: what stands there about the pipe from {giver} to {taker} cannot be; \
             one of them, or whoever works beside them, has written where it must not"
        )))
    }

    /// What the caller's error says of it.
    pub(crate) fn kind(&self) -> ErrorKind {
        match self.0.cause {
            Cause::Error(_) => ErrorKind::Failed,
            Cause::Stopped => ErrorKind::Stopped,
            Cause::TooLarge(_) => ErrorKind::TooLarge,
            Cause::Damaged(_) => ErrorKind::Damaged,
        }
    }

    pub(crate) fn is_stopped(&self) -> bool {
        matches!(self.0.cause, Cause::Stopped)
    }

    /// Where in a composed row it happened.
    pub(crate) fn place(&self) -> Option<Place> {
        self.0.place
    }

    /// The innermost stage counts: it is noted first.
    #[cold]
    pub(crate) fn at(mut self, place: Place) -> Failure {
        self.0.place.get_or_insert(place);
        self
    }

    fn of(cause: Cause) -> Failure {
        Failure(Box::new(Inner { cause, place: None }))
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Failure {
    #[cold]
    fn from(error: E) -> Failure {
        Failure::of(Cause::Error(Box::new(error)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.cause {
            Cause::Error(error) => {
                write!(f, "{error}")?;
                let mut source = error.source();
                while let Some(cause) = source {
                    write!(f, ": {cause}")?;
                    source = cause.source();
                }
                Ok(())
            }
            Cause::Stopped => write!(f, "the run is being stopped"),
            Cause::TooLarge(text) | Cause::Damaged(text) => write!(f, "{text}"),
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
