//! Mutants: the protocol with one mistake in it. Each has to be caught by the proofs: those of the first list by
//! `tests/proof`, which kills at every instruction, those of the second by the models (`cfg(loom)`). One that survives
//! shows that a proof looks away. They exist with the feature `proof` only: without it [`Mutant::is_on`] is `false`, and
//! the compiler leaves them out.

use super::Ordering;

macro_rules! mutants {
    (
        killing { $($(#[$killing:meta])* $killed:ident,)* }
        models { $($(#[$model:meta])* $modelled:ident,)* }
    ) => {
        /// One mistake each.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Mutant {
            /// No mistake.
            None,
            $($(#[$killing])* $killed,)*
            $($(#[$model])* $modelled,)*
        }

        #[cfg(feature = "proof")]
        impl Mutant {
            /// To be caught by killing at every instruction.
            pub const KILLING: &[Mutant] = &[$(Mutant::$killed,)*];
            /// To be caught by models.
            pub const MODELS: &[Mutant] = &[$(Mutant::$modelled,)*];
        }
    };
}

mutants! {
    killing {
    /// A commit announces itself before its values are there.
    SeqFirst,
    /// A commit that is due leaves out the state of its stage.
    SaveForgotten,
    /// A record has one half: a commit overwrites what is in use.
    OneHalf,
    /// A ledger has one half: what a commit writes there overwrites what is in use.
    OneLedger,
    /// Input is released by one commit, and the outputs that came of it are published by the next.
    InputFirst,
    /// Neighbours are woken before the commit they wait for.
    WakeBeforeCommit,
    /// A replacement has not ended although its predecessor had.
    EndForgotten,
    /// A replacement fills the arena from its start.
    ArenaForgotten,
    /// A replacement publishes once more what of a step was published before.
    PartForgotten,
    /// A replacement takes what a source row has published at its end for a part of a message.
    CallForgotten,
    /// A replacement takes a flush mark for passed that its predecessor, a source, has only seen.
    MarkForgotten,
    /// A replacement passes a flush mark once more that its predecessor, a source, has passed.
    MarkRepeated,
    /// A claim does not say whose it is.
    ClaimWithoutOwner,
    /// What is claimed starts at the hint, however old it is.
    ClaimAtHint,
    /// A replacement leaves the hint where a dead claimer has left it.
    HintForgotten,
    /// A range is marked as done before the commit that makes it so.
    DoneBeforeCommit,
    /// A replacement works on what its predecessor has claimed, but from its start.
    RangeRepeated,
    /// Slots are free as soon as they are claimed.
    FreedWhenClaimed,
    /// Whoever takes over frees from the tail.
    FreedForgotten,
    /// The chunks that a step has dropped are free before its commit.
    ChunksBeforeCommit,
    /// A replacement does not free what its predecessor had dropped.
    LedgerForgotten,
    /// A replacement does not free what its predecessor had taken since its last commit.
    StampForgotten,
    /// Bits are cleared whatever the stamp says.
    StampIgnored,
    /// A commit in the middle of a step does not list what the step has sent and nobody has got.
    SentForgotten,
    /// A chunk that was sent in vain counts as one that has come.
    KeptAsCome,
    /// A replacement does not put back what was changed in place.
    UndoForgotten,
    /// A copy of what is about to be changed counts before it is there.
    UndoTooEarly,
    /// A replacement puts back also what was changed for messages that are committed.
    UndoStale,
    /// What leaves with a part of a step is copied after the commit that gives it away.
    CopyTooLate,
    /// A replacement looks for a chunk that has left with a part of the step that it does again.
    CopyForgotten,
    /// Whoever takes no message looks at the one before, whose slot is its own no more.
    NothingTaken,
    /// After a death nobody is woken whom the dead lane may have owed a call.
    NoBellsAfterDeath,
    }

    models {
    /// The values of a commit may be written before the commit ahead of it is out.
    CommitUnfenced,
    /// A commit does not carry along what it publishes.
    CommitRelaxed,
    /// A reader of a record does not see what is published.
    ReadRelaxed,
    /// A reader of a record does not look whether another commit has come meanwhile.
    ReadOnce,
    /// A lane claims whatever word it finds, also when another lane was faster.
    ClaimBlindly,
    /// What a lane has read of its range may still be read after it was marked as done.
    DoneRelaxed,
    /// A writer fills a slot before it sees that its range is done.
    FreedRelaxed,
    /// Nothing stands between a commit and the look at the neighbours' bells.
    CommittedUnfenced,
    /// Nothing stands between the word of a sleeper and its last look.
    AsleepUnfenced,
    /// Who takes a last look counts as asleep.
    LooksAsleep,
    /// Who sees that a lane sleeps does not see what that has committed.
    AskedRelaxed,
    /// Whether a lane sleeps is asked only once.
    StillOnce,
    /// A lane of threads counts that it goes on before it says so.
    CountsFirst,
    /// What was read of a chunk may still be read after its bits were cleared.
    ReleaseRelaxed,
    /// A chunk is taken before it is seen that its bits are cleared.
    TakeRelaxed,
    /// A starving reader says so after its last look.
    StarveLate,
    /// A writer that waits for room says so after its last look.
    BlockedLate,
    }
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

    /// No ordering, where this mistake is made.
    #[inline(always)]
    pub(crate) fn relaxes(self, ordering: Ordering) -> Ordering {
        if self.is_on() { Ordering::Relaxed } else { ordering }
    }

    /// Makes this mistake in this process from now on, and no other.
    #[cfg(feature = "proof")]
    pub fn switch_on(self) {
        ON.store(self as u32, std::sync::atomic::Ordering::Relaxed);
    }
}

#[cfg(feature = "proof")]
static ON: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(Mutant::None as u32);
