//! Mutants: the protocol with one mistake in it. Each has to be caught by the proofs (`tests/proof` and the models); one
//! that survives shows that a proof looks away. They exist with the feature `proof` only: without it
//! [`Mutant::is_on`] is `false`, and the compiler leaves them out.

/// One mistake each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "proof", repr(u32))]
pub enum Mutant {
    /// No mistake.
    None,
    /// A commit announces itself before its values are there.
    SeqFirst,
    /// A record has one half: a commit overwrites what is in use.
    OneHalf,
    /// A replacement takes the half that is not in use.
    OtherHalf,
}

impl Mutant {
    /// Is this mistake made? One load, and only with the feature.
    #[cfg(feature = "proof")]
    pub(crate) fn is_on(self) -> bool {
        ON.load(std::sync::atomic::Ordering::Relaxed) == self as u32
    }

    /// Is this mistake made?
    #[cfg(not(feature = "proof"))]
    #[inline(always)]
    pub(crate) const fn is_on(self) -> bool {
        false
    }

    /// Makes this mistake in this process from now on, and no other.
    #[cfg(feature = "proof")]
    pub fn switch_on(self) {
        ON.store(self as u32, std::sync::atomic::Ordering::Relaxed);
    }
}

#[cfg(feature = "proof")]
static ON: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(Mutant::None as u32);
