//! What encoded parameters refer to and do not contain: it has to live as long as the bytes do.
//!
//! Only parameters keep anything. So it is collected beside the encoder, by thread, and the encoders of rings carry
//! nothing for it.

use crate::Error;
use std::cell::RefCell;
use std::sync::Arc;

/// Something that lives as long as whoever needs it.
pub(crate) trait Keepsake: Send + Sync {
    /// Whether other processes can find it.
    ///
    /// # Errors
    /// When they cannot; the text says why, and what to do.
    fn crosses_processes(&self) -> Result<(), Error>;
}

/// Several of them.
#[derive(Clone, Default)]
pub(crate) struct Kept(Vec<Arc<dyn Keepsake>>);

impl Kept {
    pub(crate) fn add(&mut self, other: &Kept) {
        self.0.extend(other.0.iter().cloned());
    }

    /// # Errors
    /// See [`Keepsake::crosses_processes`].
    pub(crate) fn cross_processes(&self) -> Result<(), Error> {
        self.0.iter().try_for_each(|keepsake| keepsake.crosses_processes())
    }
}

thread_local! {
    static COLLECTED: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// Keeps something with the parameters that are being encoded; says whether there are any.
pub(crate) fn keep(keepsake: Arc<dyn Keepsake>) -> bool {
    COLLECTED.with_borrow_mut(|collected| match collected {
        Some(kept) => {
            kept.0.push(keepsake);
            true
        }
        None => false,
    })
}

/// Encodes parameters; what they keep comes with them.
pub(super) fn collect<T>(encode: impl FnOnce() -> T) -> (T, Kept) {
    let _outer = Outer(COLLECTED.replace(Some(Kept::default())));
    let encoded = encode();
    (encoded, COLLECTED.take().unwrap_or_default())
}

/// What was there before; it comes back, also when user code panics.
struct Outer(Option<Kept>);

impl Drop for Outer {
    fn drop(&mut self) {
        COLLECTED.set(self.0.take());
    }
}
