//! Naive Bayes: every term speaks for or against spam, independently of the others.

use super::model::{Example, Model, Vocabulary};

/// Counts in how many messages a term is, with one added to every count so that none is impossible.
pub(crate) struct NaiveBayes {
    vocabulary: Vocabulary,
    /// The logarithm of P(spam) / P(ham).
    prior: f64,
    /// By term: the logarithm of P(term | spam) / P(term | ham).
    evidence: Vec<f64>,
}

impl NaiveBayes {
    pub(crate) fn train(examples: &[Example]) -> Self {
        let mut vocabulary = Vocabulary::default();
        let mut spam = Class::default();
        let mut ham = Class::default();
        for example in examples {
            let class = if example.spam { &mut spam } else { &mut ham };
            class.add(&vocabulary.learn(&example.terms));
        }
        let terms = vocabulary.len();
        let evidence =
            (0..terms).map(|term| (spam.share(term, terms) / ham.share(term, terms)).ln()).collect();
        NaiveBayes { vocabulary, prior: ((spam.messages + 1.0) / (ham.messages + 1.0)).ln(), evidence }
    }
}

impl Model for NaiveBayes {
    fn is_spam(&self, terms: &[String]) -> bool {
        let evidence: f64 = self.vocabulary.known(terms).into_iter().map(|term| self.evidence[term]).sum();
        self.prior + evidence > 0.0
    }
}

/// What has been seen of spam, or of ham.
#[derive(Default)]
struct Class {
    messages: f64,
    terms: f64,
    /// By term: in how many messages it was.
    counts: Vec<f64>,
}

impl Class {
    fn add(&mut self, terms: &[usize]) {
        self.messages += 1.0;
        self.terms += terms.len() as f64;
        for &term in terms {
            if self.counts.len() <= term {
                self.counts.resize(term + 1, 0.0);
            }
            self.counts[term] += 1.0;
        }
    }

    /// The share of a term among all terms of this class.
    fn share(&self, term: usize, vocabulary: usize) -> f64 {
        let count = self.counts.get(term).copied().unwrap_or(0.0);
        (count + 1.0) / (self.terms + vocabulary as f64)
    }
}
