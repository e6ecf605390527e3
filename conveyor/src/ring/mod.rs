//! Rings: the one kind of queue between processes.

mod span;

pub use span::Span;
