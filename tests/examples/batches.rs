use std::fmt::Write as _;

use conveyor::Source;

use crate::example::Example;
use album::{Album, PATCH};
use model::Model;
use stages::{BATCH, Commander};

#[path = "../../examples/batches/album.rs"]
mod album;
#[path = "../../examples/batches/model.rs"]
mod model;
#[path = "../../examples/batches/stages.rs"]
#[expect(dead_code, reason = "a serial computation has no buffers")]
mod stages;

pub(crate) fn check(context: &str) {
    let batches = |patches: usize| Example::new("batches", context).arg(patches.to_string()).prints();
    let some = BATCH + 6; // one full batch and a short one
    assert_eq!(batches(some), serial(some as u64));
    assert_eq!(batches(0), "");

    let complaint = Example::new("batches", context).arg("many").complains();
    assert!(complaint.contains("invalid digit"), "{complaint}");
}

#[test]
fn the_last_batch_is_short_in_every_epoch() {
    let mut commander = Commander::new(BATCH as u64 + 6);
    let sizes: Vec<(u32, usize)> = std::iter::from_fn(|| commander.next().unwrap())
        .map(|command| (command.epoch, command.patches.len()))
        .collect();
    assert_eq!(sizes, [(0, BATCH), (0, 6), (1, BATCH), (1, 6), (2, BATCH), (2, 6)]);
}

fn serial(patches: u64) -> String {
    let (mut commander, album, mut model) = (Commander::new(patches), Album::paint(), Model::default());
    let mut image = vec![0; PATCH];
    let mut known = [0; 3];
    while let Some(command) = commander.next().unwrap() {
        for patch in command.patches {
            album.cut(&patch, &mut image);
            known[command.epoch as usize] += u32::from(model.learn(&image, patch.picture));
        }
    }
    let mut printed = String::new();
    for (epoch, known) in (1..).zip(known) {
        writeln!(
            printed,
            "epoch {epoch}: 2 batches, {patches} images, 6 in the last batch; {known} of them were known"
        )
        .unwrap();
    }
    printed
}
