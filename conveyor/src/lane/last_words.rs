//! What a worker that ends early leaves behind: why, in a few words, in shared memory.
//!
//! The kind is written last; the reader trusts nothing it finds.

use crate::sync::{AtomicU8, Ordering};
use crate::{ErrorKind, Failure};

/// In bytes.
pub(crate) const LEN: usize = 2048;
const KIND: usize = 0;
const TEXT_LEN: usize = 1;
const TEXT: usize = 3;

#[derive(Clone, Copy)]
pub(crate) struct LastWords<'m>(&'m [AtomicU8]);

impl<'m> LastWords<'m> {
    /// # Panics
    /// When there are too few bytes.
    pub(crate) fn new(bytes: &'m [AtomicU8]) -> LastWords<'m> {
        assert!(bytes.len() >= LEN, "the size comes from the layout");
        LastWords(bytes)
    }

    /// Writes them; what does not fit is cut off.
    pub(crate) fn write(&self, failure: &Failure) {
        let text = failure.to_string();
        let len = text.len().min(LEN - TEXT);
        for (place, byte) in self.0[TEXT..].iter().zip(text.bytes()) {
            place.store(byte, Ordering::Relaxed);
        }
        for (place, byte) in self.0[TEXT_LEN..TEXT].iter().zip((len as u16).to_le_bytes()) {
            place.store(byte, Ordering::Relaxed);
        }
        let kind = match failure.kind() {
            ErrorKind::TooLarge => 2,
            ErrorKind::Damaged => 3,
            _ => 1,
        };
        self.0[KIND].store(kind, Ordering::Release);
    }

    /// Whoever reads them now finds none.
    pub(crate) fn clear(&self) {
        self.0[KIND].store(0, Ordering::Relaxed);
    }

    /// The kind and the text, if there are any.
    pub(crate) fn read(&self) -> Option<(ErrorKind, String)> {
        let kind = match self.0[KIND].load(Ordering::Acquire) {
            0 => return None,
            2 => ErrorKind::TooLarge,
            3 => ErrorKind::Damaged,
            _ => ErrorKind::Failed,
        };
        let byte = |at: usize| self.0[at].load(Ordering::Relaxed);
        let len = usize::from(u16::from_le_bytes([byte(TEXT_LEN), byte(TEXT_LEN + 1)])).min(LEN - TEXT);
        let bytes: Vec<u8> = (TEXT..TEXT + len).map(byte).collect();
        Some((kind, String::from_utf8_lossy(&bytes).into_owned()))
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn they_are_those_of_the_last_worker() {
        let bytes: Vec<AtomicU8> = (0..LEN).map(|_| AtomicU8::new(0)).collect();
        let words = LastWords::new(&bytes);
        assert_eq!(words.read(), None);
        words.write(&Failure::damaged("a message"));
        let (kind, text) = words.read().expect("they were written");
        assert!(kind == ErrorKind::Damaged && text.contains("a message"), "{kind:?}: {text}");
        words.clear();
        assert_eq!(words.read(), None);
    }
}
