//! What stands where in a lane's record.

/// The end of the lane's outlet: what it has published. Hot.
pub(crate) const TAIL: usize = 0;
/// What it has used up of its first inlet ring. Hot.
const HEAD_0: usize = 1;
/// See [`Flags`]. Hot.
pub(crate) const FLAGS: usize = 2;
/// The end of what is in use of the outlet's arena, as an offset in bytes.
pub(crate) const ARENA: usize = 3;
/// Of its share of a balanced fork: everything it has claimed below this position is committed.
pub(crate) const DONE: usize = 4;
/// Outputs of the current step that are already published, and what that step is: see [`crate::lane::Call`].
pub(crate) const PARTIAL: usize = 5;
/// Messages taken in.
pub(crate) const TAKEN: usize = 6;
/// Messages given out.
pub(crate) const GIVEN: usize = 7;
/// The tail at the last flush mark.
pub(crate) const MARK: usize = 8;
/// How many chunks are in the ledger, of both kinds: see [`crate::lane::Ledger`].
pub(crate) const HANDLES: usize = 9;
/// Bytes of checkpointed state in the ledger, and one more; 0 if there is none.
pub(crate) const STATE: usize = 10;
const HEADS: usize = 11;

/// What stands in a lane's record behind what every record has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Rings that the lane reads.
    pub(crate) rings: usize,
    /// Balanced forks behind its outlet.
    pub(crate) shared: usize,
    /// Pools that it takes chunks from.
    pub(crate) pools: usize,
    /// It may drop messages.
    pub(crate) drops: bool,
}

impl Shape {
    const fn heads(self) -> usize {
        HEADS + self.rings.saturating_sub(1)
    }
    /// The boundary below which the balanced fork number `fork` behind the outlet has freed everything.
    pub(crate) const fn freed(self, fork: usize) -> usize {
        self.heads() + fork
    }
    /// The newest stamp of the lane's pool number `pool`.
    pub(crate) const fn stamp(self, pool: usize) -> usize {
        self.freed(self.shared) + pool
    }
    /// The counts of dropped messages, if there are any: behind everything else.
    pub(crate) fn drops(self) -> Option<Drops> {
        self.drops.then_some(Drops { start: self.stamp(self.pools) })
    }
    /// How many values the record has.
    pub(crate) const fn count(self) -> usize {
        let drops = if self.drops { 1 + self.rings } else { 0 };
        self.stamp(self.pools) + drops
    }
}

/// The counts of dropped messages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drops {
    start: usize,
}

impl Drops {
    /// Messages that found no room in the outlet.
    pub(crate) const fn written(self) -> usize {
        self.start
    }
    /// Messages of inlet ring `ring` that were too many.
    pub(crate) const fn skipped(self, ring: usize) -> usize {
        self.start + 1 + ring
    }
}

/// Where the head of inlet ring `ring` stands.
pub(crate) const fn head(ring: usize) -> usize {
    if ring == 0 { HEAD_0 } else { HEADS + ring - 1 }
}

/// End of stream and flush marks: beside the data, not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flags {
    /// Nothing more will be published.
    pub(crate) ended: bool,
    /// How many flush marks lie before the tail.
    pub(crate) epoch: u64,
}

impl Flags {
    pub(crate) fn pack(self) -> u64 {
        self.epoch << 1 | u64::from(self.ended)
    }
    pub(crate) fn unpack(word: u64) -> Flags {
        Flags { ended: word & 1 != 0, epoch: word >> 1 }
    }
}
