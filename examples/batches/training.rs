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
    checksum: u64,
}

impl Training {
    /// Reads the images where they lie.
    pub(crate) fn step(&mut self, batch: &Batch) {
        if self.epochs.len() == batch.epoch as usize {
            self.epochs.push(Epoch::default());
        }
        let images = batch.images();
        let bytes = || images.outer_iter().map(|image| image.to_slice().expect("an image lies in one piece"));
        let known =
            bytes().zip(batch.labels()).filter(|(image, label)| self.model.learn(image, **label)).count();
        let epoch = self.epochs.last_mut().expect("there is one: it was just pushed, or before");
        epoch.batches += 1;
        epoch.images += batch.labels().len() as u32;
        epoch.last = batch.labels().len();
        epoch.known += known as u32;
        epoch.checksum = bytes().fold(epoch.checksum, checksum);
    }

    /// A line for each epoch.
    pub(crate) fn print(&self) {
        for (number, epoch) in (1..).zip(&self.epochs) {
            println!(
                "epoch {number}: {} batches, {} images, {} in the last batch; {} of them were known; {:016x}",
                epoch.batches, epoch.images, epoch.last, epoch.known, epoch.checksum
            );
        }
    }
}

/// Of some bytes from everywhere in the image, and of the order in which they come.
fn checksum(sum: u64, image: &[u8]) -> u64 {
    image.iter().step_by(61).fold(sum, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
