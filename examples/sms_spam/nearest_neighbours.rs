//! Nearest neighbours: the most similar known messages decide.
//!
//! Similarity is the cosine between vectors with one dimension for each term, in which rare terms weigh more
//! (the inverse document frequency). An inverted index leads to the messages that share a term.

use super::model::{Example, Model, Vocabulary};

const NEIGHBOURS: usize = 5;

pub(crate) struct NearestNeighbours {
    vocabulary: Vocabulary,
    /// By term: its weight.
    weights: Vec<f32>,
    /// By term: the messages that contain it.
    index: Vec<Vec<usize>>,
    /// By message.
    known: Vec<Known>,
}

/// A message that others are compared with.
struct Known {
    spam: bool,
    /// The length of its vector.
    length: f32,
}

impl NearestNeighbours {
    pub(crate) fn train(examples: &[Example]) -> Self {
        let mut vocabulary = Vocabulary::default();
        let terms: Vec<Vec<usize>> =
            examples.iter().map(|example| vocabulary.learn(&example.terms)).collect();

        let mut index = vec![Vec::new(); vocabulary.len()];
        for (message, terms) in terms.iter().enumerate() {
            terms.iter().for_each(|&term| index[term].push(message));
        }
        let weight = |messages: &Vec<usize>| (examples.len() as f32 / messages.len() as f32).ln();
        let weights: Vec<f32> = index.iter().map(weight).collect();

        let known = examples
            .iter()
            .zip(&terms)
            .map(|(example, terms)| Known { spam: example.spam, length: length(terms, &weights) })
            .collect();
        NearestNeighbours { vocabulary, weights, index, known }
    }

    /// Messages that share a term with `terms`, with their similarity times the length of `terms`.
    fn similar(&self, terms: &[usize]) -> Vec<(f32, &Known)> {
        let mut products = vec![0.0; self.known.len()];
        for &term in terms {
            let product = self.weights[term] * self.weights[term];
            self.index[term].iter().for_each(|&message| products[message] += product);
        }
        let similar = products.into_iter().zip(&self.known).filter(|&(product, _)| product > 0.0);
        similar.map(|(product, known)| (product / known.length, known)).collect()
    }
}

impl Model for NearestNeighbours {
    fn is_spam(&self, terms: &[String]) -> bool {
        let mut similar = self.similar(&self.vocabulary.known(terms));
        similar.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        similar.truncate(NEIGHBOURS);

        let weigh =
            |spam| similar.iter().filter(|(_, known)| known.spam == spam).map(|(near, _)| near).sum::<f32>();
        weigh(true) > weigh(false)
    }
}

fn length(terms: &[usize], weights: &[f32]) -> f32 {
    terms.iter().map(|&term| weights[term] * weights[term]).sum::<f32>().sqrt()
}
