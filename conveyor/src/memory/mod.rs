//! The memory of a run: its segment, and pools of chunks, large buffers that cross the graph by handle.
//!
//! - `layout`: where everything lies in a segment; `map`: views of it
//! - `shared`: pools in shared memory, and who holds what of them
//! - `pool`: what constructors see; `chunk`: what travels; `views`: the same as an array of the crate `ndarray`
//! - `heap`: pools of the serial and threads contexts

mod chunk;
pub(crate) mod heap;
#[cfg(target_os = "linux")]
pub(crate) mod layout;
#[cfg(target_os = "linux")]
pub(crate) mod map;
mod pool;
#[cfg(target_os = "linux")]
pub(crate) mod shared;

#[cfg(target_os = "linux")]
mod sleep;
#[cfg(feature = "ndarray")]
mod views;

pub use chunk::Chunk;
pub use pool::{AnyPool, Pool};
#[cfg(target_os = "linux")]
pub(crate) use shared::{Handle, Pools, Tray};
#[cfg(target_os = "linux")]
pub(crate) use sleep::Futex;

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{Pools, Tray};

/// Where there are no processes, there are no pools in shared memory either.
#[cfg(not(target_os = "linux"))]
mod elsewhere {
    pub(crate) enum Pools {}
    pub(crate) enum Tray {}
}
