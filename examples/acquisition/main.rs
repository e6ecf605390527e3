//! Counts how the colours of a detector's frames change into each other, while it takes them.
//!
//! The detector fills chunks of frames in place. As many workers as there are cores share the chunks; each counts in a
//! matrix of its own, and gives it at the end. A worker that is killed meanwhile changes nothing in the sum, nor does it
//! when the detector is told to stop: all frames that it has given are counted.
//!
//! ```text
//! cargo run --release --example acquisition           # 10000 frames, or until Enter is pressed
//! cargo run --release --example acquisition -- 100
//! ```

mod matrix;
mod scene;
mod stages;

use conveyor::pipeline;
use matrix::Transitions;
use scene::FRAME;
use stages::{Counter, Detector, FRAMES, chunks};

pipeline! {
    /// What each worker has counted.
    Acquisition<() -> Transitions>(frames: u64);
    pool buffers(chunks()) of [u8; FRAMES * FRAME];
    source detector = Detector::open(*frames, buffers);
    processor count = Counter::default();

    detector -> pipe -> balanced fork(auto) { count } -> pipe -> join merge;
}

fn main() -> conveyor::Result<()> {
    let frames = std::env::args().nth(1).map_or(Ok(10_000), |frames| frames.parse())?;

    let acquisition = Acquisition::pipeline(frames).start()?; // frames are taken from now on
    let enough = acquisition.wind_down_handle();
    std::thread::spawn(move || {
        if std::io::stdin().read_line(&mut String::new()).is_ok_and(|bytes| bytes > 0) {
            enough.wind_down();
        }
    });
    let mut sum = Transitions::default(); // made meanwhile
    let (parts, report) = acquisition.finish()?;
    parts.iter().for_each(|part| sum.add(part));
    println!("{sum}");
    eprintln!("\n{report}");
    Ok(())
}
