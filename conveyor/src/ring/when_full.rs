//! What becomes of messages when a pipe is full.

/// `pipe [when_full = ..]`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenFull {
    /// Its writer waits.
    #[default]
    Block,
    /// The message that finds no room is dropped, by its writer.
    DropNewest,
    /// The oldest messages are dropped, by the reader when it takes the next one.
    DropOldest,
}
