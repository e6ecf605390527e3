//! What the elements of a graph are. The run-time and the macros compile this same file.

/// What an element of a graph is.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The open head: the caller sends.
    Input,
    /// The open end: the caller receives.
    Output,
    /// No inlet.
    Source,
    /// An inlet and an outlet.
    Processor,
    /// No outlet.
    Sink,
    /// Hands messages on, where the plan needs a pipe of its own.
    Relay,
    /// A bounded stream.
    Pipe,
    /// Every branch gets every message.
    Replicate,
    /// Every message goes to one branch, or to one of `N` workers.
    Balance,
    /// As they come.
    Merge,
    /// One tuple per input of the fork.
    Zip,
    /// In the order in which they entered the fork.
    Ordered,
    /// Another pipeline. No graph that is shown or run has one: its own elements stand there.
    #[doc(hidden)]
    Pipeline,
}
