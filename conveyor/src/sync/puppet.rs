//! Lanes on strings: where the protocol is proven (`tests/proof`), one thread drives all lanes in turn. A lane that would
//! sleep asks whoever drives it instead, and takes batches that do not depend on the clock.

#[cfg(feature = "proof")]
thread_local! {
    static ASK: std::cell::Cell<Option<fn()>> = const { std::cell::Cell::new(None) };
}

/// From now on the lanes of this thread call `ask` instead of sleeping, and look again after that.
#[cfg(all(feature = "proof", target_os = "linux"))]
pub fn drive(ask: fn()) {
    ASK.set(Some(ask));
}

/// Is this thread's lane driven?
#[cfg(feature = "proof")]
pub(crate) fn is_puppet() -> bool {
    ASK.get().is_some()
}

/// Is this thread's lane driven?
#[cfg(not(feature = "proof"))]
pub(crate) const fn is_puppet() -> bool {
    false
}

/// The lane would sleep. `false` if it is to do so.
#[cfg(feature = "proof")]
pub(crate) fn asked() -> bool {
    ASK.get().map(|ask| ask()).is_some()
}

/// The lane would sleep. `false` if it is to do so.
#[cfg(not(feature = "proof"))]
pub(crate) const fn asked() -> bool {
    false
}
