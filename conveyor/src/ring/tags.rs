//! Tags: what a message carries along inside ordered regions, and inside zips where messages may be dropped.
//!
//! One column per open region, outermost first. A stage copies its input's tags to its outputs; `last` stands only on
//! the last output of an input, and an input that has `last` but no output leaves a tombstone: so an ordered join
//! knows when it has seen everything that one message has become.

/// How many regions with tags may be open at once.
pub(crate) const DEPTH_MAX: usize = 8;

const TOMBSTONE: u64 = 1;
const LAST: u64 = 2;
const STRAY: u64 = 4;
const FLAGS: u32 = 3;

/// Origins are kept modulo 2^61.
pub(crate) const ORIGIN_MASK: u64 = u64::MAX >> FLAGS;

/// One column of one message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tag(pub(crate) u64);

impl Tag {
    /// The message entered its fork at this position, and nothing else stems from it so far.
    pub(crate) fn entered(origin: u64) -> Tag {
        Tag(origin << FLAGS | LAST)
    }
    /// The message stems from no input: a lane gave it in `flush` or `finish`.
    const STRAY: Tag = Tag(STRAY);

    pub(crate) fn is_stray(self) -> bool {
        self.0 & STRAY != 0
    }
    /// The position at which the message entered the fork, modulo 2^61.
    pub(crate) fn origin(self) -> u64 {
        self.0 >> FLAGS
    }
    /// Does the message stem from the one at this position?
    pub(crate) fn is_of(self, origin: u64) -> bool {
        !self.is_stray() && self.origin() == origin & ORIGIN_MASK
    }
    /// Nothing more comes of the same origin.
    pub(crate) fn is_last(self) -> bool {
        self.0 & LAST != 0
    }
    /// There is no value.
    pub(crate) fn is_tombstone(self) -> bool {
        self.0 & TOMBSTONE != 0
    }
}

/// The tags of one message.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tags {
    columns: [Tag; DEPTH_MAX],
    depth: usize,
}

impl Tags {
    /// # Panics
    /// When more than [`DEPTH_MAX`] regions are open: the plan refuses that.
    pub(crate) fn push(&mut self, tag: Tag) {
        self.columns[self.depth] = tag;
        self.depth += 1;
    }
    /// Of an output that stems from no input.
    pub(crate) fn stray(depth: usize) -> Tags {
        Tags { columns: [Tag::STRAY; DEPTH_MAX], depth }
    }
    /// Closes all regions but the outermost ones.
    pub(crate) fn truncate(&mut self, depth: usize) {
        self.depth = self.depth.min(depth);
    }
    /// Closes the innermost region.
    pub(crate) fn pop(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
    pub(crate) fn columns(&self) -> &[Tag] {
        &self.columns[..self.depth]
    }
    /// Does anything have to follow this message, so that a join can go on?
    pub(crate) fn any_last(&self) -> bool {
        self.columns().iter().any(|tag| tag.is_last())
    }
    /// For an output that others of the same input follow.
    pub(crate) fn not_last(mut self) -> Tags {
        self.columns.iter_mut().for_each(|tag| tag.0 &= !LAST);
        self
    }
    /// For an input that has had no output, or none that could still be marked as the last.
    pub(crate) fn tombstone(mut self) -> Tags {
        self.columns.iter_mut().for_each(|tag| tag.0 |= TOMBSTONE);
        self
    }
}
