//! Who decides: the policy, or a test.

use super::gauge::Look;
use super::steering::Steering;
use std::time::Duration;

/// Sets widths after a look, and says when to look again; `None` if only when a lane is woken.
pub(crate) type Decide = Box<dyn FnMut(&mut Steering, &Look) -> Option<Duration> + Send>;

#[cfg(test)]
thread_local! {
    /// Decides for the next run that this thread starts.
    pub(crate) static INSTEAD: std::cell::Cell<Option<Decide>> = const { std::cell::Cell::new(None) };
}

/// For a run that the calling thread starts.
pub(crate) fn decide() -> Decide {
    #[cfg(test)]
    if let Some(decide) = INSTEAD.take() {
        return decide;
    }
    Box::new(|steering, look| {
        steering.look(look);
        steering.next_look()
    })
}
