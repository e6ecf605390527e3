//! How often each word occurs.
//!
//! A word is a run of letters, digits and underscores; upper and lower case are the same.

use std::collections::HashMap;
use std::fmt;
use std::mem;

use conveyor::Message;

use super::walk::Unreadable;

/// What was counted in some of the files. Tallies can be merged in any order.
#[derive(Clone, Debug, Default, PartialEq, Message)]
pub(crate) struct Tally {
    pub(crate) files: u64,
    /// Files that hold a zero byte: no text.
    pub(crate) binary_files: u64,
    pub(crate) bytes: u64,
    pub(crate) counts: HashMap<String, u64>,
    pub(crate) unreadable: Vec<Unreadable>,
}

impl Tally {
    /// Counts one file, if it could be read.
    pub(crate) fn add(&mut self, file: Result<Vec<u8>, Unreadable>) {
        match file {
            Ok(content) if content.contains(&0) => self.binary_files += 1,
            Ok(content) => self.add_text(&content),
            Err(unreadable) => self.unreadable.push(unreadable),
        }
    }

    /// Bytes that are not UTF-8 separate words.
    fn add_text(&mut self, content: &[u8]) {
        self.files += 1;
        self.bytes += content.len() as u64;
        let text = String::from_utf8_lossy(content).to_lowercase();
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()) {
            match self.counts.get_mut(word) {
                Some(count) => *count += 1,
                None => _ = self.counts.insert(word.to_owned(), 1),
            }
        }
    }

    /// Adds what another tally has counted.
    pub(crate) fn merge(&mut self, other: Tally) {
        self.files += other.files;
        self.binary_files += other.binary_files;
        self.bytes += other.bytes;
        self.unreadable.extend(other.unreadable);
        for (word, count) in other.counts {
            *self.counts.entry(word).or_default() += count;
        }
    }

    /// The same as several tallies of at most `words` different words each.
    pub(crate) fn into_parts(mut self, words: usize) -> impl Iterator<Item = Tally> {
        let mut counts = mem::take(&mut self.counts).into_iter();
        let mut first = Some(self);
        std::iter::from_fn(move || {
            let counts: HashMap<_, _> = counts.by_ref().take(words).collect();
            match first.take() {
                None if counts.is_empty() => None,
                rest => Some(Tally { counts, ..rest.unwrap_or_default() }),
            }
        })
    }

    /// The most frequent words with their counts; equally frequent ones in alphabetical order.
    pub(crate) fn most_frequent(&self, words: usize) -> Vec<(&str, u64)> {
        let mut all: Vec<_> = self.counts.iter().map(|(word, &count)| (word.as_str(), count)).collect();
        all.sort_by_key(|&(word, count)| (std::cmp::Reverse(count), word));
        all.truncate(words);
        all
    }

    /// All words, counted as often as they occur.
    pub(crate) fn words(&self) -> u64 {
        self.counts.values().sum()
    }
}

/// The most frequent words, the totals, and what could not be read.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (word, count) in self.most_frequent(20) {
            writeln!(f, "{count:>10}  {word}")?;
        }
        let Tally { files, binary_files, bytes, counts, unreadable } = self;
        writeln!(f, "\n{} words, {} different ones", self.words(), counts.len())?;
        writeln!(f, "{files} text files with {bytes} bytes, {binary_files} binary files")?;

        let mut unreadable: Vec<&Unreadable> = unreadable.iter().collect();
        unreadable.sort();
        unreadable.iter().try_for_each(|Unreadable { path, reason }| {
            writeln!(f, "unreadable: {}: {reason}", path.display())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(text: &[u8]) -> Tally {
        let mut tally = Tally::default();
        tally.add(Ok(text.to_owned()));
        tally
    }

    #[test]
    fn words_are_runs_of_letters_digits_and_underscores_in_any_case() {
        let tally = tally("The cat's naïve_ID2, the\nCAT".as_bytes());
        assert_eq!(tally.most_frequent(9), [("cat", 2), ("the", 2), ("naïve_id2", 1), ("s", 1)]);
        assert_eq!(tally.words(), 6);
    }

    #[test]
    fn bytes_that_are_not_utf8_separate_words() {
        assert_eq!(tally(b"left\xffright").most_frequent(9), [("left", 1), ("right", 1)]);
    }

    #[test]
    fn a_zero_byte_makes_a_file_binary() {
        let tally = tally(b"\x7fELF\0\0");
        assert_eq!((tally.files, tally.binary_files, tally.words()), (0, 1, 0));
    }

    #[test]
    fn what_could_not_be_read_is_listed_in_order() {
        let mut tally = Tally::default();
        for path in ["b", "a"] {
            tally.add(Err(Unreadable { path: path.into(), reason: "gone".into() }));
        }
        assert!(tally.to_string().ends_with("\nunreadable: a: gone\nunreadable: b: gone\n"), "{tally}");
    }

    #[test]
    fn parts_merge_into_the_whole() {
        let whole = tally(b"a b c d e f g a b a");
        let parts: Vec<_> = whole.clone().into_parts(3).collect();
        assert_eq!(parts.len(), 3);

        let mut merged = Tally::default();
        parts.into_iter().rev().for_each(|part| merged.merge(part));
        assert_eq!(merged, whole);
    }
}
