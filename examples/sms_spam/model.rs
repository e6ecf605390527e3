//! What the three models have in common.

use std::collections::HashMap;

use conveyor::Message;

/// A message to learn from: its terms, and whether it is spam.
#[derive(Clone, Debug, Message)]
pub(crate) struct Example {
    pub(crate) terms: Vec<String>,
    pub(crate) spam: bool,
}

/// Something that has learned to tell spam from ham.
pub(crate) trait Model {
    /// Judges a message by its terms.
    fn is_spam(&self, terms: &[String]) -> bool;
}

/// Numbers for terms, in the order in which they are met.
#[derive(Default)]
pub(crate) struct Vocabulary(HashMap<String, usize>);

impl Vocabulary {
    /// The numbers of the terms, each once; new terms get new numbers.
    pub(crate) fn learn(&mut self, terms: &[String]) -> Vec<usize> {
        let mut number = |term: &String| {
            let next = self.0.len();
            *self.0.entry(term.clone()).or_insert(next)
        };
        distinct(terms.iter().map(&mut number).collect())
    }

    /// The numbers of those terms that have one, each once.
    pub(crate) fn known(&self, terms: &[String]) -> Vec<usize> {
        distinct(terms.iter().filter_map(|term| self.0.get(term).copied()).collect())
    }

    /// How many terms there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

fn distinct(mut numbers: Vec<usize>) -> Vec<usize> {
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}
