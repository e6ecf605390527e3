//! The caller's own loop: it sees batches, and nothing of the processes that make them.

use super::model::Model;
use super::stages::Batch;

/// What the epochs have come to.
#[derive(Default)]
pub(crate) struct Training {
    model: Model,
    epochs: Vec<Epoch>,
}

#[derive(Default)]
struct Epoch {
    batches: u32,
    images: u32,
    last: usize,
    known: u32,
}

impl Training {
    /// Reads the images where they lie.
    pub(crate) fn step(&mut self, batch: &Batch) {
        if self.epochs.len() == batch.epoch as usize {
            self.epochs.push(Epoch::default());
        }
        let known = batch
            .images()
            .zip(batch.labels())
            .filter(|(image, label)| self.model.learn(image, **label))
            .count();
        let epoch = self.epochs.last_mut().expect("there is one: it was just pushed, or before");
        epoch.batches += 1;
        epoch.images += batch.labels().len() as u32;
        epoch.last = batch.labels().len();
        epoch.known += known as u32;
    }

    /// A line for each epoch.
    pub(crate) fn print(&self) {
        for (number, epoch) in (1..).zip(&self.epochs) {
            println!(
                "epoch {number}: {} batches, {} images, {} in the last batch; {} of them were known",
                epoch.batches, epoch.images, epoch.last, epoch.known
            );
        }
    }
}
