use std::fmt::Write as _;

use conveyor::Source;

use crate::example::Example;
use album::{PATCH, Patch, SIDE};
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
    let (mut commander, mut model) = (Commander::new(patches), Model::default());
    let (mut known, mut sums) = ([0; 3], [0_u64; 3]);
    while let Some(command) = commander.next().unwrap() {
        let epoch = command.epoch as usize;
        for patch in command.patches {
            let image = image(&patch);
            known[epoch] += u32::from(model.learn(&image, patch.picture));
            for byte in image.iter().step_by(61) {
                sums[epoch] = (sums[epoch] ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    let mut printed = String::new();
    for (epoch, (known, sum)) in (1..).zip(known.into_iter().zip(sums)) {
        writeln!(
            printed,
            "epoch {epoch}: 2 batches, {patches} images, 6 in the last batch; {known} of them were known; {sum:016x}"
        )
        .unwrap();
    }
    printed
}

/// What a patch shows, pixel by pixel.
fn image(patch: &Patch) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(PATCH);
    for y in patch.top..patch.top + SIDE as u32 {
        for x in patch.left..patch.left + SIDE as u32 {
            let stripe = ((x + y) / (8 + patch.picture)).is_multiple_of(2);
            bytes.extend([patch.picture * 40 + if stripe { 40 } else { 0 }, x / 8, y / 8].map(|part| part as u8));
        }
    }
    bytes
}
