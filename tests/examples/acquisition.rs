use std::fmt::Write as _;

use crate::example::Example;
use scene::{COLOURS, FRAME};

#[path = "../../examples/acquisition/scene.rs"]
mod scene;

pub(crate) fn check(context: &str) {
    let counted = |frames: usize| Example::new("acquisition", context).arg(frames.to_string()).prints();
    // no frame, no pair of frames, one pair, a full chunk, one frame more, a short last chunk behind full ones
    for frames in [0, 1, 2, 32, 33, 100] {
        assert_eq!(counted(frames), serial(frames), "{frames} frames");
    }
}

fn serial(frames: usize) -> String {
    let mut pixels = vec![0; frames * FRAME];
    for (number, frame) in (0..).zip(pixels.chunks_exact_mut(FRAME)) {
        scene::draw(number, frame);
    }
    let mut counted = [[0_u64; COLOURS]; COLOURS];
    for (number, after) in pixels.iter().enumerate().skip(FRAME) {
        counted[usize::from(pixels[number - FRAME])][usize::from(*after)] += 1;
    }
    let mut printed = String::new();
    for row in counted {
        row.iter().for_each(|count| write!(printed, "{count:>9}").unwrap());
        printed.push('\n');
    }
    let pairs = frames.saturating_sub(1) * FRAME;
    assert_eq!(counted.as_flattened().iter().sum::<u64>(), pairs as u64);
    printed + &format!("{pairs} transitions\n")
}
