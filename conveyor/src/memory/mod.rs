//! Pools of chunks: large buffers that cross the graph by handle.
//!
//! - `pool`: what constructors see; `chunk`: what travels
//! - `heap`: pools of the serial and threads contexts

mod chunk;
pub(crate) mod heap;
mod pool;

pub use chunk::Chunk;
pub use pool::Pool;
