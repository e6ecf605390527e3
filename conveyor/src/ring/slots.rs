//! A ring's memory as mapped into this process: slots, tag columns, arena.
//!
//! Invariants, which whoever makes a [`Slots`] vouches for: the three areas lie in a mapping that outlives it; their
//! sizes are what the geometry says; the number of slots is a power of two. Positions count messages since the start of
//! the run; a position's slot is its remainder.

use super::arena::{Arena, Ends};
use super::span::{Place, Span};
use super::tags::{Tag, Tags};

pub(crate) const CACHE_LINE: usize = 64;
/// So many bytes are fetched ahead: a core waits for about so many lines at a time.
pub(crate) const FETCHED_AHEAD: usize = 32 * CACHE_LINE;

/// These bytes will be written next: the cache gets their lines for writing. A store that misses would ask for its line
/// alone, and the reader has it.
#[inline(always)]
pub(crate) fn prefetch_to_write(first: *mut u8, bytes: usize) {
    for at in (0..bytes).step_by(CACHE_LINE) {
        let line = first.wrapping_add(at);
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a hint, which touches nothing; processors that do not know it do nothing.
        unsafe {
            std::arch::asm!("prefetchw [{}]", in(reg) line, options(nostack, preserves_flags, readonly));
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = line; // stable Rust has no such hint elsewhere
    }
}

/// Slot `next` of so many free ones is being filled: where each takes whole lines, those of one further ahead are fetched.
#[inline(always)]
pub(crate) fn fetch_ahead<T>(slots: *mut T, next: usize, free: usize) {
    let size = size_of::<T>();
    let ahead = next + (FETCHED_AHEAD / size.max(1)).max(1);
    if size >= CACHE_LINE && ahead < free {
        prefetch_to_write(slots.wrapping_add(ahead).cast(), size.min(FETCHED_AHEAD));
    }
}

/// The sizes of a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Geometry {
    /// Bytes from slot to slot.
    pub(crate) stride: usize,
    /// How many slots there are: a power of two.
    pub(crate) slots: usize,
    /// How many messages may be in the ring: not above `slots`. Tombstones may take the slots beyond.
    pub(crate) capacity: u64,
    /// Only so many of the newest messages are meant for the readers.
    pub(crate) keep: Option<u64>,
    /// Tag columns.
    pub(crate) depth: usize,
    /// Bytes of arena; 0 if messages lie in their slots.
    pub(crate) arena: usize,
    /// Bytes of arena that are normally used.
    pub(crate) usual: usize,
    /// Any message may lie beyond that.
    pub(crate) grows: bool,
}

impl Geometry {
    /// How many messages are there for the readers at most.
    pub(crate) fn holds(&self) -> u64 {
        self.keep.unwrap_or(self.capacity)
    }
}

/// The memory of one ring.
#[derive(Clone, Copy)]
pub(crate) struct Slots {
    geometry: Geometry,
    slots: *mut u8,
    columns: *mut u64,
    arena: *mut u8,
}

// SAFETY: plain addresses of shared memory; who may read or write which slot when is the protocol's business, not the
// thread's.
unsafe impl Send for Slots {}

impl Slots {
    /// # Safety
    /// The areas are as the file's head says, and stay mapped as long as this value or a copy of it is used.
    pub(crate) unsafe fn new(geometry: Geometry, slots: *mut u8, columns: *mut u64, arena: *mut u8) -> Slots {
        Slots { geometry, slots, columns, arena }
    }

    pub(crate) fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    fn index(&self, position: u64) -> usize {
        position as usize & (self.geometry.slots - 1)
    }

    /// Slots from `position` up to the end of the memory.
    #[inline]
    pub(crate) fn contiguous(&self, position: u64) -> u64 {
        (self.geometry.slots - self.index(position)) as u64
    }

    /// The address of a slot.
    #[inline]
    pub(crate) fn at(&self, position: u64) -> *mut u8 {
        self.slots.wrapping_add(self.index(position) * self.geometry.stride)
    }

    /// The slot will be read as soon as it is published: its cache line comes at the same time as that of the record
    /// that says so, and not after it.
    #[inline]
    pub(crate) fn prefetch(&self, position: u64) {
        let slot = self.at(position);
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a hint, which touches nothing.
        unsafe {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            _mm_prefetch::<_MM_HINT_T0>(slot.cast());
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = slot; // stable Rust has no such hint elsewhere
    }

    /// Free slots from `position` on will be written next: their lines are fetched all at once, while the slots before
    /// them are filled.
    #[inline]
    pub(crate) fn prefetch_to_write(&self, position: u64, slots: u64) {
        let bytes = (slots.min(self.contiguous(position)) as usize * self.geometry.stride).min(FETCHED_AHEAD);
        prefetch_to_write(self.at(position), bytes);
    }

    /// A span over published slots that do not wrap.
    ///
    /// # Safety
    /// The slots are published, and are not released while the span is used.
    #[inline]
    pub(crate) unsafe fn span<'a>(&self, position: u64, len: usize) -> Span<'a> {
        debug_assert!(len as u64 <= self.contiguous(position));
        let arena = if self.geometry.arena == 0 {
            &[][..]
        } else {
            // SAFETY: the arena is mapped (see the file's head); what lies in the place of a published slot is not
            // written again before that slot is released.
            unsafe { std::slice::from_raw_parts(self.arena, self.geometry.arena) }
        };
        // SAFETY: as the caller says.
        unsafe { Span::new(self.at(position), len, arena) }
    }

    /// A copy of a message, as it lies there.
    ///
    /// # Safety
    /// The slot is published, and is not released meanwhile.
    pub(crate) unsafe fn copy_of(&self, position: u64) -> Vec<u8> {
        let (start, len) = if self.geometry.arena == 0 {
            (self.at(position), self.geometry.stride)
        } else {
            let Place { offset, len } = self.place(position);
            let len_max = (self.geometry.arena as u64).saturating_sub(offset);
            (self.arena.wrapping_add(offset as usize), len.min(len_max) as usize)
        };
        // SAFETY: inside the slots, or inside the arena (just checked); nobody writes there, as the caller says.
        unsafe { std::slice::from_raw_parts(start, len) }.to_vec()
    }

    /// Where the message at `position` starts in the arena.
    pub(crate) fn place(&self, position: u64) -> Place {
        // SAFETY: a slot of a ring with an arena holds a `Place`; any bytes are one.
        unsafe { self.at(position).cast::<Place>().read() }
    }

    pub(crate) fn set_place(&self, position: u64, place: Place) {
        // SAFETY: as above; the slot is the writer's own.
        unsafe { self.at(position).cast::<Place>().write(place) }
    }

    pub(crate) fn arena(&self) -> Arena {
        let Geometry { arena, usual, grows, .. } = self.geometry;
        Arena { len: arena, usual, grows }
    }

    /// What the arena has in use when `oldest` is the position of the oldest message that a reader may look at.
    pub(crate) fn ends(&self, oldest: u64, tail: u64, arena_tail: usize) -> Ends {
        let head = if oldest == tail { arena_tail } else { self.place(oldest).offset as usize };
        let within = |end: usize| end.min(self.geometry.arena); // whatever a damaged record says
        Ends { head: within(head), tail: within(arena_tail), is_empty: oldest == tail }
    }

    /// The address `offset` bytes into the arena.
    ///
    /// # Panics
    /// When it is not inside.
    pub(crate) fn arena_at(&self, offset: usize) -> *mut u8 {
        assert!(offset <= self.geometry.arena);
        self.arena.wrapping_add(offset)
    }

    fn column(&self, position: u64, column: usize) -> *mut u64 {
        assert!(column < self.geometry.depth);
        self.columns.wrapping_add(column * self.geometry.slots + self.index(position))
    }

    /// Appends the columns of a message to `tags`.
    pub(crate) fn tags(&self, position: u64, tags: &mut Tags) {
        for column in 0..self.geometry.depth {
            // SAFETY: in bounds (checked); published like its slot.
            tags.push(Tag(unsafe { self.column(position, column).read() }));
        }
    }

    /// The innermost column of a message; of none if there is no column.
    pub(crate) fn innermost(&self, position: u64) -> Tag {
        match self.geometry.depth {
            0 => Tag::default(),
            // SAFETY: as above.
            depth => Tag(unsafe { self.column(position, depth - 1).read() }),
        }
    }

    pub(crate) fn set_tags(&self, position: u64, tags: &Tags) {
        for (column, tag) in tags.columns().iter().enumerate() {
            // SAFETY: in bounds (checked); the slot is the writer's own.
            unsafe { self.column(position, column).write(tag.0) };
        }
    }
}
