//! How a running map is stopped from elsewhere.

use super::shelf::Shelf;
use std::fmt;
use std::sync::Arc;

/// Stops a [`RunningMap`](super::RunningMap) from within a loop over it, or from another thread; see
/// [`RunningMap::stop_handle`](super::RunningMap::stop_handle). Once the map is over it does nothing.
#[derive(Clone)]
pub struct StopHandle(Arc<dyn Stops>);

trait Stops: Send + Sync {
    fn stop(&self);
}

impl<R: Send> Stops for Shelf<R> {
    fn stop(&self) {
        Shelf::stop(self);
    }
}

impl StopHandle {
    pub(super) fn of<R: Send + 'static>(shelf: Arc<Shelf<R>>) -> StopHandle {
        StopHandle(shelf)
    }

    /// As [`RunningMap::stop`](super::RunningMap::stop).
    pub fn stop(&self) {
        self.0.stop();
    }
}

impl fmt::Debug for StopHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StopHandle").finish_non_exhaustive()
    }
}
