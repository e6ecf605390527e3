//! A running map for async code.

use super::running::{Answer, RunningMap};
use crate::Error;
use futures_core::Stream;
use futures_core::stream::FusedStream;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// Nothing in it is ever pinned.
impl<R, O> Unpin for RunningMap<R, O> {}

/// The answers as they come, or in order. It needs no certain runtime: the thread of the map wakes the task.
///
/// ```
/// use conveyor::Map;
/// use futures::TryStreamExt;
///
/// let words = ["to", "be"].map(String::from);
/// let lengths = Map::over(words).in_order().start(|job| job.item.len())?;
/// let answers: Vec<_> = futures::executor::block_on(lengths.try_collect())?;
/// assert!(answers.iter().all(|answer: &conveyor::map::Answer<usize>| answer.value == 2));
/// # Ok::<(), conveyor::Error>(())
/// ```
impl<R, O> Stream for RunningMap<R, O> {
    type Item = Result<Answer<R>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        Poll::Ready(match ready!(this.shelf.poll(context)) {
            Some(answer) => Some(Ok(answer)),
            None => this.error().map(Err),
        })
    }
}

impl<R, O> FusedStream for RunningMap<R, O> {
    fn is_terminated(&self) -> bool {
        self.is_over()
    }
}
