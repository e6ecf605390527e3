//! A run of readable slots.
//!
//! Invariants: whoever makes a span has checked that its slots are published and will not be reused while the span
//! lives, that plain slots hold the message type of the edge, and that slots that are not plain hold a [`Place`]
//! (which is checked again against the arena whenever it is used).

use crate::Message;
use crate::memory::Tray;
use crate::message::Decoder;
use std::marker::PhantomData;

/// Where a message that is not plain lies in the ring's byte arena; what its slot holds.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Place {
    /// From the start of the arena, in bytes.
    pub(crate) offset: u64,
    /// In bytes.
    pub(crate) len: u64,
}

/// A run of readable slots, or several of them side by side (a zip).
#[derive(Clone, Copy)]
pub struct Span<'a> {
    slots: *const u8,
    len: usize,
    arena: &'a [u8],
    parts: Option<&'a [Span<'a>]>,
    tray: Option<&'a Tray>,
    lives: PhantomData<&'a u8>,
}

impl<'a> Span<'a> {
    /// `len` slots from `slots` on.
    ///
    /// # Safety
    /// The slots are published, keep their values for `'a`, and hold what the file's head says.
    pub(crate) unsafe fn new(slots: *const u8, len: usize, arena: &'a [u8]) -> Span<'a> {
        Span { slots, len, arena, parts: None, tray: None, lives: PhantomData }
    }

    /// As long as the shortest of the parts.
    pub(crate) fn zip(parts: &'a [Span<'a>]) -> Span<'a> {
        let len = parts.iter().map(|part| part.len).min().unwrap_or(0);
        Span { slots: std::ptr::null(), len, arena: &[], parts: Some(parts), tray: None, lives: PhantomData }
    }

    /// Whose messages may hold chunks.
    pub(crate) fn with_tray(self, tray: Option<&'a Tray>) -> Span<'a> {
        Span { tray, ..self }
    }

    #[inline(always)]
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The parts of a zip, from which a tuple gathers its fields.
    #[inline(always)]
    pub(crate) fn parts(&self) -> Option<&'a [Span<'a>]> {
        self.parts
    }

    /// The plain message at `index`.
    ///
    /// # Panics
    /// When `index` is not below the span's length.
    #[inline(always)]
    pub fn plain<T: Message>(&self, index: usize) -> &'a T {
        // Not in a `const` block: an array's generic code mentions this call for items that are not plain, too.
        assert!(T::PLAIN.is_some(), "only plain messages lie in their slot");
        assert!(index < self.len && self.parts.is_none());
        // SAFETY: in bounds; the slots hold `T` for `'a` (see the file's head), and any bytes are a plain value.
        unsafe { &*self.slots.cast::<T>().add(index) }
    }

    /// Is there no message at `index`, in slots that are not plain? Even an empty message takes a byte.
    ///
    /// # Panics
    /// When `index` is not below the span's length.
    pub(crate) fn is_tombstone(&self, index: usize) -> bool {
        assert!(index < self.len && self.parts.is_none());
        // SAFETY: in bounds, and a slot that is not plain holds a `Place`.
        unsafe { (*self.slots.cast::<Place>().add(index)).len == 0 }
    }

    /// A decoder over the message at `index`, which is not plain.
    ///
    /// # Panics
    /// When `index` is not below the span's length.
    #[inline]
    pub fn decoder(&self, index: usize) -> Decoder<'a> {
        assert!(index < self.len && self.parts.is_none());
        // SAFETY: in bounds, and a slot that is not plain holds a `Place`.
        let place = unsafe { *self.slots.cast::<Place>().add(index) };
        let start = usize::try_from(place.offset).unwrap_or(usize::MAX);
        let end = start.saturating_add(usize::try_from(place.len).unwrap_or(usize::MAX));
        Decoder::new(self.arena.get(start..end).unwrap_or(&[])).with_tray(self.tray)
    }
}
