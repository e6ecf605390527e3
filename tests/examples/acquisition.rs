use crate::example::Example;
use matrix::Transitions;
use scene::FRAME;

#[path = "../../examples/acquisition/matrix.rs"]
mod matrix;
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
    let mut counted = Transitions::default();
    for first in 1..frames {
        let mut pair = Transitions::default();
        pair.watch(&pixels[(first - 1) * FRAME..(first + 1) * FRAME]);
        counted.add(&pair);
    }
    format!("{counted}\n")
}
