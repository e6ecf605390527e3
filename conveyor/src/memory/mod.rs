//! The memory of a run: its segment, and pools of chunks, large buffers that cross the graph by handle.
//!
//! - `layout`: where everything lies in a segment; `map`: views of it
//! - `pool`: what constructors see; `chunk`: what travels
//! - `heap`: pools of the serial and threads contexts

mod chunk;
pub(crate) mod heap;
#[cfg(target_os = "linux")]
pub(crate) mod layout;
#[cfg(target_os = "linux")]
pub(crate) mod map;
mod pool;

pub use chunk::Chunk;
pub use pool::{AnyPool, Pool};
