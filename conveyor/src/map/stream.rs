//! A running map for async code.

use super::running::{Answer, RunningMap};
use crate::Error;
use futures_core::Stream;
use futures_core::stream::FusedStream;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// The answers of a map as a `futures` [`Stream`]; see [`RunningMap::into_stream`].
#[must_use = "a running map is ended when it is dropped"]
pub struct AnswerStream<R, O = ()>(RunningMap<R, O>);

impl<R, O> RunningMap<R, O> {
    /// The answers as a `futures` [`Stream`], as they come, or in order; an error is its last item. It works in every runtime,
    /// and without any: the thread of the map wakes the task.
    ///
    /// ```
    /// use conveyor::Map;
    /// use futures::TryStreamExt;
    ///
    /// let words = ["to", "be"].map(String::from);
    /// let lengths = Map::over(words).in_order().start(|job| job.item.len())?.into_stream();
    /// let answers: Vec<_> = futures::executor::block_on(lengths.try_collect())?;
    /// assert!(answers.iter().all(|answer: &conveyor::map::Answer<usize>| answer.value == 2));
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn into_stream(self) -> AnswerStream<R, O> {
        AnswerStream(self)
    }
}

impl<R, O> AnswerStream<R, O> {
    /// The map again: behind the last answer, [`finish`](RunningMap::finish) gives its outputs without waiting.
    pub fn into_map(self) -> RunningMap<R, O> {
        self.0
    }
}

/// Nothing in it is ever pinned.
impl<R, O> Unpin for AnswerStream<R, O> {}

impl<R, O> Stream for AnswerStream<R, O> {
    type Item = Result<Answer<R>, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let map = &mut self.get_mut().0;
        Poll::Ready(match ready!(map.shelf.poll(context)) {
            Some(answer) => Some(Ok(answer)),
            None => map.error().map(Err),
        })
    }
}

impl<R, O> FusedStream for AnswerStream<R, O> {
    fn is_terminated(&self) -> bool {
        self.0.is_over()
    }
}
