//! The ends of a run for async code: a [`Sink`] and a [`Stream`], which need no certain runtime.
//!
//! What can be done at once is done by the task that asks. What has to be waited for is waited for by a thread, which
//! exists as soon as something was.

use super::aside::Aside;
use super::error::{RecvError, SendError, TryRecvError, TrySendError};
use super::halves::{Receiver, Sender};
use crate::Error;
use crate::context::Control;
use crate::report::Report;
use crate::sys::ours::Ours;
use futures_core::Stream;
use futures_core::stream::FusedStream;
use futures_sink::Sink;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

type Receives<Out> = Aside<Receiver<Out>, (), Result<Out, RecvError>>;
type Sends<In> = Aside<Sender<In>, In, Result<(), SendError<In>>>;

/// An end, or where it is.
enum End<E> {
    Here(E),
    /// The thread has it, and waits.
    Away,
    Gone,
}

/// The open end of a run as a [`Stream`]; see [`Receiver::into_stream`].
///
/// Dropping it ends the run and leaves nothing behind: it waits until the workers are gone, as dropping a [`Receiver`] does.
pub struct RecvStream<Out> {
    end: End<Receiver<Out>>,
    waits: Option<Receives<Out>>,
    control: Ours<Arc<dyn Control>>,
}

/// The open head of a run as a [`Sink`]; see [`Sender::into_sink`].
///
/// Dropping it closes the head: what was sent still comes out. If the last message has no room yet, the head is closed when
/// that has been sent, or the run has ended; nobody waits for that.
pub struct SendSink<In> {
    end: End<Sender<In>>,
    waits: Option<Sends<In>>,
    /// There was no room for it yet.
    next: Option<In>,
}

impl<Out: Send + 'static> Receiver<Out> {
    /// The outputs as a `futures` [`Stream`]; a failure is its last item. It works in every runtime, and without any.
    ///
    /// In the [serial](crate::Context::Serial) context only the thread that has started the run may poll it, because that
    /// runs the pipeline; while nothing comes out it is polled again and again.
    ///
    /// ```
    /// use futures::{SinkExt, StreamExt, TryStreamExt};
    ///
    /// let double = conveyor::pipeline! { <u64 -> u64>; processor(|x| x * 2) };
    /// let (sender, receiver) = double.start()?.split();
    /// let (mut sink, stream) = (sender.into_sink(), receiver.into_stream());
    /// let outputs: Vec<u64> = futures::executor::block_on(async {
    ///     let feed = async {
    ///         for x in 0..1000 {
    ///             sink.send(x).await?;
    ///         }
    ///         sink.close().await?;
    ///         Ok::<(), conveyor::Error>(())
    ///     };
    ///     let (fed, outputs) = futures::join!(feed, stream.try_collect());
    ///     fed.and(outputs)
    /// })?;
    /// assert_eq!(outputs.iter().sum::<u64>(), 999 * 1000);
    /// # Ok::<(), conveyor::Error>(())
    /// ```
    pub fn into_stream(self) -> RecvStream<Out> {
        let control = Ours::new(self.control());
        RecvStream { end: End::Here(self), waits: None, control }
    }
}

impl<Out> RecvStream<Out> {
    /// What the run has done so far, or altogether if it has ended.
    pub fn metrics(&self) -> Report {
        self.control.report()
    }

    /// Ends the run as it is, without waiting for that: what is under way is lost. The stream ends soon.
    pub fn stop(&self) {
        self.control.stop();
    }
}

/// Nothing in it is ever pinned.
impl<Out> Unpin for RecvStream<Out> {}

impl<Out: Send + 'static> Stream for RecvStream<Out> {
    type Item = Result<Out, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        match std::mem::replace(&mut this.end, End::Gone) {
            End::Gone => return Poll::Ready(None),
            End::Away => {}
            End::Here(mut end) if end.stays_here() => {
                let taken = end.try_recv();
                if let Ok(_) | Err(TryRecvError::Empty) = taken {
                    this.end = End::Here(end);
                }
                return match taken {
                    Err(TryRecvError::Empty) => {
                        // nothing moves unless this task is asked again
                        context.waker().wake_by_ref();
                        Poll::Pending
                    }
                    Ok(message) => Poll::Ready(Some(Ok(message))),
                    Err(TryRecvError::Ended) => Poll::Ready(None),
                    Err(TryRecvError::Failed(error)) => Poll::Ready(Some(Err(error))),
                };
            }
            End::Here(mut end) => {
                if let Some(message) = end.take_now() {
                    this.end = End::Here(end);
                    return Poll::Ready(Some(Ok(message)));
                }
                match waiting(&mut this.waits, |end: &mut Receiver<Out>, ()| end.recv()) {
                    Ok(waits) => waits.begin(end, ()),
                    Err(error) => return Poll::Ready(Some(Err(error))),
                }
            }
        }
        let mut waits = this.waits.take().expect("it has the end"); // gone, like the end, if the call has panicked
        let Poll::Ready((end, taken)) = waits.poll(context) else {
            (this.end, this.waits) = (End::Away, Some(waits));
            return Poll::Pending;
        };
        Poll::Ready(match taken {
            Ok(message) => {
                (this.end, this.waits) = (End::Here(end), Some(waits));
                Some(Ok(message))
            }
            Err(RecvError::Ended) => None,
            Err(RecvError::Failed(error)) => Some(Err(error)),
        })
    }
}

impl<Out: Send + 'static> FusedStream for RecvStream<Out> {
    fn is_terminated(&self) -> bool {
        matches!(self.end, End::Gone)
    }
}

impl<Out> Drop for RecvStream<Out> {
    fn drop(&mut self) {
        if let (true, End::Away, Some(waits)) = (self.control.is_ours(), &self.end, self.waits.take()) {
            self.control.stop(); // so that the thread stops waiting
            waits.join();
        }
    }
}

impl<In: Send + 'static> Sender<In> {
    /// The head as a `futures` [`Sink`]: it takes messages while there is room, and waits otherwise. Closing it, or dropping
    /// it, closes the head. See [`Receiver::into_stream`] for an example.
    pub fn into_sink(self) -> SendSink<In> {
        SendSink { end: End::Here(self), waits: None, next: None }
    }
}

/// Nothing in it is ever pinned.
impl<In> Unpin for SendSink<In> {}

/// A message that was not sent because the run has ended or failed comes back in the error.
impl<In: Send + 'static> Sink<In> for SendSink<In> {
    type Error = SendError<In>;

    fn poll_ready(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), SendError<In>>> {
        self.poll_flush(context)
    }

    /// # Panics
    /// Without `poll_ready`, when there is no room.
    fn start_send(self: Pin<&mut Self>, message: In) -> Result<(), SendError<In>> {
        let this = self.get_mut();
        assert!(
            this.next.is_none() && !matches!(this.end, End::Away),
            "a sink is asked first whether it is ready"
        );
        this.next = Some(message);
        this.send_now()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), SendError<In>>> {
        let this = self.get_mut();
        if !matches!(this.end, End::Away) {
            this.send_now()?;
            let Some(message) = this.next.take() else { return Poll::Ready(Ok(())) };
            let End::Here(end) = std::mem::replace(&mut this.end, End::Gone) else {
                return Poll::Ready(Ok(()));
            };
            match waiting(&mut this.waits, |end: &mut Sender<In>, message| end.send(message)) {
                Ok(waits) => waits.begin(end, message),
                Err(error) => return Poll::Ready(Err(SendError { message, error })),
            }
        }
        let mut waits = this.waits.take().expect("it has the end"); // gone, like the end, if the call has panicked
        this.end = End::Gone;
        let polled = waits.poll(context);
        this.waits = Some(waits);
        let Poll::Ready((end, sent)) = polled else {
            this.end = End::Away;
            return Poll::Pending;
        };
        this.end = End::Here(end);
        Poll::Ready(sent)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), SendError<In>>> {
        ready!(self.as_mut().poll_flush(context))?;
        self.get_mut().end = End::Gone;
        Poll::Ready(Ok(()))
    }
}

impl<In> SendSink<In> {
    /// Sends what is to be sent, if there is room.
    fn send_now(&mut self) -> Result<(), SendError<In>> {
        let Some(message) = self.next.take() else { return Ok(()) };
        let sent = match &mut self.end {
            End::Here(end) => end.try_send(message),
            End::Away | End::Gone => Err(TrySendError::Ended(SendError { message, error: closed() })),
        };
        match sent {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(message)) => {
                self.next = Some(message);
                Ok(())
            }
            Err(TrySendError::Ended(failed)) => Err(failed),
        }
    }
}

/// The thread that waits, from the first time on that there is something to wait for.
fn waiting<E: Send + 'static, A: Send + 'static, R: Send + 'static>(
    waits: &mut Option<Aside<E, A, R>>,
    work: fn(&mut E, A) -> R,
) -> Result<&Aside<E, A, R>, Error> {
    if waits.is_none() {
        *waits = Some(Aside::new(work)?);
    }
    Ok(waits.as_ref().expect("it is there"))
}

#[cold]
fn closed() -> Error {
    Error::new(crate::ErrorKind::Stopped, "the sink was closed")
}
