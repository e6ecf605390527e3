//! How many cores there are.

use std::num::NonZero;
use std::sync::OnceLock;
use std::thread::available_parallelism;

/// How many cores this program may use: asked for once, because the answer is read from several files.
pub(crate) fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| available_parallelism().map_or(1, NonZero::get))
}
