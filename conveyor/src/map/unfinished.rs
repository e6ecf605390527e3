//! Why a map that was started has not done all, and what it leaves behind all the same.

use crate::Error;
use std::error::Error as StdError;
use std::fmt;

/// A running map has failed: its error, and the outputs that were given to it. `?` passes the error on.
///
/// ```
/// use conveyor::{ErrorKind, Map, SharedArray};
///
/// let texts = ["1", "two", "3"].map(String::from);
/// let map = Map::over(texts).output(SharedArray::<u8>::zeros(3)?);
/// let parsed = map.try_start(|job| job.item.parse().map(|number| *job.out = number))?;
/// let unfinished = parsed.finish().unwrap_err();
/// assert_eq!((unfinished.error.kind(), unfinished.error.position()), (ErrorKind::Failed, Some(1)));
/// assert_eq!(unfinished.out.as_slice(), [1, 0, 3]);
/// # Ok::<(), conveyor::Error>(())
/// ```
#[non_exhaustive]
pub struct Unfinished<O = ()> {
    /// The outputs. What was written is there; the parts of items that were not done, or have failed, hold whatever they held
    /// or the kernel has left there.
    pub out: O,
    /// As that of [`Map::try_run`](super::Map::try_run).
    pub error: Error,
}

impl<O> fmt::Display for Unfinished<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.error, f)
    }
}

impl<O> fmt::Debug for Unfinished<O> {
    /// Without the outputs, which need not be printable.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unfinished({self})")
    }
}

impl<O> StdError for Unfinished<O> {}

/// So that `?` passes the error on.
impl<O> From<Unfinished<O>> for Error {
    fn from(unfinished: Unfinished<O>) -> Error {
        unfinished.error
    }
}
