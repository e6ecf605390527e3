//! Trains a model on batches of images that other processes prepare.
//!
//! A commander says what is in every batch. Producers cut the images out of an album, each in its own process, straight
//! into buffers of 12.6 MB in shared memory. The training loop gets the buffers in the commander's order, reads them
//! where they lie, and gives them back by dropping them: there are a few, so nobody runs ahead.
//!
//! ```text
//! cargo run --release --example batches          # 1000 images in every epoch
//! cargo run --release --example batches -- 100
//! ```

mod album;
mod model;
mod stages;
mod training;

use album::PATCH;
use conveyor::pipeline;
use stages::{BATCH, Batch, Commander, Producer};
use training::Training;

pipeline! {
    /// Batches of images, in order; all of them three times.
    Batches<() -> Batch>(patches: u64);
    pool images(4) of [u8; BATCH * PATCH];
    pool labels(4) of [u32; BATCH];
    source command = Commander::new(*patches);
    processor produce [stateless] = Producer::build(images, labels);

    command -> pipe -> balanced fork(auto) { produce } -> pipe -> join ordered;
}

fn main() -> conveyor::Result<()> {
    let patches = std::env::args().nth(1).map_or(Ok(1000), |patches| patches.parse())?;

    let mut training = Training::default();
    let mut batches = Batches::pipeline(patches).run(());
    for batch in &mut batches {
        training.step(&batch?);
    }
    training.print();
    eprintln!("\n{}", batches.report());
    Ok(())
}
