//! Holder words and handles: what they are made of.

/// Of a holder word: one for each way; the stamp has the others.
pub(super) const BITS_MAX: u32 = 16;
pub(super) const BITS: u64 = (1 << BITS_MAX) - 1;

/// Stamps are kept modulo 2^48.
pub(crate) const STAMPS: u64 = u64::MAX >> BITS_MAX;

/// Was `stamp` given later than `other`?
pub(super) fn is_newer(stamp: u64, other: u64) -> bool {
    (stamp.wrapping_sub(other) << BITS_MAX).cast_signed() > 0
}

/// A handle: what travels instead of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Handle {
    pub(crate) pool: u16,
    pub(crate) index: u16,
    pub(crate) bits: u16,
    /// Modulo 2^48.
    pub(crate) stamp: u64,
}

impl Handle {
    /// Is it of the same chunk, taken at the same time?
    pub(crate) fn is_of(self, other: Handle) -> bool {
        (self.pool, self.index, self.stamp) == (other.pool, other.index, other.stamp)
    }

    /// To who answers for these ways only.
    pub(super) fn narrowed(self, ways: u16) -> Handle {
        Handle { bits: self.bits & ways, ..self }
    }

    pub(crate) fn pack(self) -> [u64; 2] {
        [u64::from(self.pool) | u64::from(self.index) << 16 | u64::from(self.bits) << 32, self.stamp]
    }
    pub(crate) fn unpack([place, stamp]: [u64; 2]) -> Handle {
        Handle { pool: place as u16, index: (place >> 16) as u16, bits: (place >> 32) as u16, stamp }
    }
}
