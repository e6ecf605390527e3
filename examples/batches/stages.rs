//! The commander, which says what is in every batch, and the producers, which make them.

use conveyor::{Chunk, Message, Pool, Processor, Result, Source};
use fastrand::Rng;
use ndarray::ArrayView4;

use super::album::{Album, Patch, SIDE};

/// Patches in a full batch.
pub(crate) const BATCH: usize = 64;
/// Passes over all patches.
pub(crate) const EPOCHS: u32 = 3;

/// What a batch shall hold.
#[derive(Message)]
pub(crate) struct Command {
    pub(crate) epoch: u32,
    pub(crate) patches: Vec<Patch>,
}

/// Images of 256 x 256 pixels and their labels, in shared memory: what travels is their handles.
#[derive(Message)]
pub(crate) struct Batch {
    pub(crate) epoch: u32,
    len: u64,
    images: Chunk<u8>,
    labels: Chunk<u32>,
}

impl Batch {
    /// As many as there are: the last batch of an epoch may have fewer than the others.
    pub(crate) fn labels(&self) -> &[u32] {
        &self.labels[..self.len as usize]
    }

    /// One for each label.
    pub(crate) fn images(&self) -> ArrayView4<'_, u8> {
        self.images.view((self.len as usize, SIDE, SIDE, 3))
    }
}

/// All patches in every epoch, each time in another order.
pub(crate) struct Commander {
    rng: Rng,
    patches: Vec<Patch>,
    epoch: u32,
    given: usize,
}

impl Commander {
    pub(crate) fn new(patches: u64) -> Commander {
        let mut rng = Rng::with_seed(1);
        let patches = (0..patches).map(|_| Patch::anywhere(&mut rng)).collect();
        Commander { rng, patches, epoch: 0, given: 0 }
    }
}

impl Source for Commander {
    type Out = Command;

    fn next(&mut self) -> Result<Option<Command>> {
        if self.given >= self.patches.len() {
            self.epoch += 1;
            self.given = 0;
        }
        if self.epoch == EPOCHS || self.patches.is_empty() {
            return Ok(None);
        }
        if self.given == 0 {
            self.rng.shuffle(&mut self.patches);
        }
        let rest = &self.patches[self.given..];
        let patches = rest[..rest.len().min(BATCH)].to_vec();
        self.given += patches.len();
        Ok(Some(Command { epoch: self.epoch, patches }))
    }
}

/// Fills buffers with what was asked for.
pub(crate) struct Producer {
    album: Album,
    images: Pool<u8>,
    labels: Pool<u32>,
}

impl Producer {
    /// Runs once in each producer's own process.
    pub(crate) fn build(images: &Pool<u8>, labels: &Pool<u32>) -> Producer {
        Producer { album: Album::paint(), images: images.clone(), labels: labels.clone() }
    }
}

impl Processor for Producer {
    type In = Command;
    type Out = Batch;

    fn process(&mut self, command: Command) -> Result<Batch> {
        let (mut images, mut labels) = (self.images.take()?, self.labels.take()?);
        let mut pixels = images.view_mut((BATCH, SIDE, SIDE, 3));
        for ((patch, image), label) in command.patches.iter().zip(pixels.outer_iter_mut()).zip(&mut *labels) {
            self.album.cut(patch, image);
            *label = patch.picture;
        }
        Ok(Batch { epoch: command.epoch, len: command.patches.len() as u64, images, labels })
    }
}
