//! Shared memory handed out in pieces.

mod pool;

pub use pool::Pool;
