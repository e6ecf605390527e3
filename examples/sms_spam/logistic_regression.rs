//! Logistic regression: weights for the terms, improved step by step.

use super::model::{Example, Model, Vocabulary};

const ROUNDS: usize = 30;
const STEP: f64 = 0.3;
/// How much of every weight is forgotten when its term is met.
const DECAY: f64 = 1e-4;

pub(crate) struct LogisticRegression {
    vocabulary: Vocabulary,
    bias: f64,
    /// By term.
    weights: Vec<f64>,
}

impl LogisticRegression {
    /// Learns by stochastic gradient descent.
    pub(crate) fn train(examples: &[Example]) -> Self {
        let mut vocabulary = Vocabulary::default();
        let terms: Vec<Vec<usize>> =
            examples.iter().map(|example| vocabulary.learn(&example.terms)).collect();
        let weights = vec![0.0; vocabulary.len()];

        let mut model = LogisticRegression { vocabulary, bias: 0.0, weights };
        for round in 0..ROUNDS {
            let step = STEP / (1.0 + round as f64);
            for (example, terms) in examples.iter().zip(&terms) {
                model.improve(terms, example.spam, step);
            }
        }
        model
    }

    fn improve(&mut self, terms: &[usize], spam: bool, step: f64) {
        let error = f64::from(u8::from(spam)) - self.probability(terms);
        self.bias += step * error;
        for &term in terms {
            self.weights[term] += step * (error - DECAY * self.weights[term]);
        }
    }

    /// How probable is it that a message with these terms is spam?
    fn probability(&self, terms: &[usize]) -> f64 {
        let score = self.bias + terms.iter().map(|&term| self.weights[term]).sum::<f64>();
        1.0 / (1.0 + (-score).exp())
    }
}

impl Model for LogisticRegression {
    fn is_spam(&self, terms: &[String]) -> bool {
        self.probability(&self.vocabulary.known(terms)) > 0.5
    }
}
