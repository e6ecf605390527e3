//! Pools of chunks: large buffers that cross the graph by handle.
//!
//! - `pool`: what constructors see; `chunk`: what travels
//! - `heap`: pools of the serial and threads contexts
//! - `shared`: pools in shared memory, and who holds what of them

mod chunk;
mod heap;
mod pool;
#[cfg(target_os = "linux")]
pub(crate) mod shared;

pub use chunk::{Chunk, ChunkView};
pub use pool::Pool;
