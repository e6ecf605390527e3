//! Follows bright spots through the pictures of a camera.
//!
//! Pictures of 2 MB go from process to process as handles. The hard work, blurring, is farmed out to as many workers as
//! there are cores; the join puts what they found into its order again, because the tracker needs it.
//!
//! ```text
//! cargo run --release --example camera               # 300 made-up pictures
//! cargo run --release --example camera -- 1000       # 1000 of them
//! cargo run --release --example camera -- FILE.y4m   # a video of 1920 x 1080
//! ```

mod blur;
mod detect;
mod picture;
mod scene;
mod stages;
mod track;
mod y4m;

use blur::Blur;
use conveyor::pipeline;
use picture::SIZE;
use stages::{Camera, Film, detect};
use track::{Track, Tracker};

pipeline! {
    /// Gives the track of every spot when the spot has vanished.
    Watch<() -> Track>(film: Film);
    pool pictures(8) of [u8; SIZE];
    source camera = Camera::open(film, pictures)?;
    processor track = Tracker::default();

    camera -> pipe(4)
        -> balanced fork(auto) { processor(Blur::default()) -> pipe(2) -> processor(detect) }
        -> pipe -> join ordered -> track;
}

fn main() -> conveyor::Result<()> {
    let argument = std::env::args().nth(1).unwrap_or_else(|| "300".into());
    let film = match argument.parse() {
        Ok(pictures) => Film::MadeUp { pictures },
        Err(_) => Film::Y4m(argument.into()),
    };

    let mut run = Watch::pipeline(film).run(());
    for track in &mut run {
        println!("{}", track?);
    }
    eprintln!("\n{}", run.report());
    Ok(())
}
