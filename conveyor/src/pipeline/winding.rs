//! How a run is brought to its end from elsewhere, with everything that is under way.

use crate::context::Control;
use std::fmt;
use std::sync::{Arc, Weak};

/// Lets a run come to its end from another thread, or from within a loop over its outputs; see
/// [`Running::wind_down_handle`](super::Running::wind_down_handle).
///
/// It keeps nothing of the run alive. Once that is over, it does nothing.
#[derive(Clone)]
pub struct WindDownHandle(Option<Weak<dyn Control>>);

impl WindDownHandle {
    pub(super) fn of(control: &Arc<dyn Control>) -> WindDownHandle {
        WindDownHandle(Some(Arc::downgrade(control)))
    }

    /// Of a run that could not start.
    pub(super) fn of_none() -> WindDownHandle {
        WindDownHandle(None)
    }

    /// The run winds down; see [`Running::wind_down`](super::Running::wind_down). It returns at once, and may be repeated.
    pub fn wind_down(&self) {
        if let Some(control) = self.0.as_ref().and_then(Weak::upgrade) {
            control.wind_down();
        }
    }
}

impl fmt::Debug for WindDownHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WindDownHandle").finish_non_exhaustive()
    }
}
