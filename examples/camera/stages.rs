//! The stages of the pipeline around the camera, [`Blur`], [`spots`] and [`Tracker`].

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use conveyor::{Chunk, Expand, Message, Outlet, Pool, Processor, Result, Source};

use super::blur::Blur;
use super::detect::{Spot, spots};
use super::picture::{HEIGHT, WIDTH};
use super::scene;
use super::track::{Track, Tracker};
use super::y4m::Video;

/// Where the pictures come from.
#[derive(Clone, Debug, Message)]
pub(crate) enum Film {
    MadeUp { pictures: u64 },
    Y4m(PathBuf),
}

/// A picture in shared memory: what travels is its handle.
#[derive(Message)]
pub(crate) struct Picture {
    number: u64,
    pixels: Chunk<u8>,
}

/// What was found in a picture.
#[derive(Message)]
pub(crate) struct Found {
    picture: u64,
    spots: Vec<Spot>,
}

/// Fills pictures from the pool.
pub(crate) struct Camera {
    pool: Pool<u8>,
    reel: Reel,
    next: u64,
}

enum Reel {
    MadeUp { pictures: u64 },
    Y4m(Video<BufReader<File>>),
}

impl Camera {
    pub(crate) fn open(film: &Film, pool: &Pool<u8>) -> Result<Self> {
        let reel = match film {
            Film::MadeUp { pictures } => Reel::MadeUp { pictures: *pictures },
            Film::Y4m(path) => Reel::Y4m(Video::open(path, WIDTH, HEIGHT)?),
        };
        Ok(Camera { pool: pool.clone(), reel, next: 0 })
    }
}

impl Source for Camera {
    type Out = Picture;

    fn next(&mut self) -> Result<Option<Picture>> {
        let mut picture = Picture { number: self.next, pixels: self.pool.take()? };
        self.next += 1;
        let taken = match &mut self.reel {
            Reel::MadeUp { pictures } if picture.number < *pictures => {
                scene::draw(picture.number, &mut picture.pixels);
                true
            }
            Reel::MadeUp { .. } => false,
            Reel::Y4m(video) => video.read(&mut picture.pixels)?,
        };
        Ok(taken.then_some(picture))
    }
}

impl Processor for Blur {
    type In = Picture;
    type Out = Picture;

    fn process(&mut self, mut picture: Picture) -> Result<Picture> {
        self.apply(&mut picture.pixels);
        Ok(picture)
    }
}

/// The picture goes back to its pool here.
pub(crate) fn detect(mut picture: Picture) -> Found {
    Found { picture: picture.number, spots: spots(&mut picture.pixels) }
}

/// Gives every track when it ends.
impl Expand for Tracker {
    type In = Found;
    type Out = Track;

    fn expand(&mut self, found: Found, out: &mut impl Outlet<Track>) -> Result<()> {
        self.add(found.picture, &found.spots).into_iter().try_for_each(|track| out.push(track))
    }

    fn finish(&mut self, out: &mut impl Outlet<Track>) -> Result<()> {
        self.end().into_iter().try_for_each(|track| out.push(track))
    }
}
