//! The detector, which fills chunks of frames, and the workers, which count.

use conveyor::{Checkpoint, Chunk, Expand, Message, Outlet, Pool, Result, Source, free_memory};

use super::matrix::Transitions;
use super::scene::{self, FRAME};

/// Frames in a full chunk. The first is the last of the chunk before it: what happens between the two belongs here.
pub(crate) const FRAMES: usize = 32;

/// As many chunks as an eighth of the free memory holds; a few at least, and no more than could ever be of use.
pub(crate) fn chunks() -> usize {
    let fit = free_memory().map_or(0, |bytes| bytes / 8 / (FRAMES * FRAME) as u64);
    let of_use = 4 * std::thread::available_parallelism().map_or(1, usize::from);
    usize::try_from(fit).map_or(of_use, |fit| fit.clamp(4, of_use))
}

/// Some frames in a row, in shared memory: what travels is their handle.
#[derive(Message)]
pub(crate) struct Frames {
    len: u64,
    pixels: Chunk<u8>,
}

impl Frames {
    /// As many as there are: the last chunk may have fewer than the others.
    fn pixels(&self) -> &[u8] {
        &self.pixels[..self.len as usize * FRAME]
    }
}

/// Gives all frames from the first to the last, or until it is told to stop. It is open as long as it lives.
pub(crate) struct Detector {
    chunks: Pool<u8>,
    frames: u64,
    /// The next chunk begins with this one.
    next: u64,
}

impl Detector {
    pub(crate) fn open(frames: u64, chunks: &Pool<u8>) -> Detector {
        Detector { chunks: chunks.clone(), frames, next: 0 }
    }
}

impl Source for Detector {
    type Out = Frames;

    fn next(&mut self) -> Result<Option<Frames>> {
        let len = (self.frames - self.next).min(FRAMES as u64);
        if len < 2 {
            return Ok(None);
        }
        let mut pixels = self.chunks.take()?;
        for (number, frame) in (self.next..self.next + len).zip(pixels.chunks_exact_mut(FRAME)) {
            scene::draw(number, frame);
        }
        if self.next == 0 {
            eprintln!("the first frames are there");
        }
        self.next += len - 1;
        Ok(Some(Frames { len, pixels }))
    }
}

/// Closes the detector, when it has given everything or is told to stop.
impl Drop for Detector {
    fn drop(&mut self) {
        eprintln!("the detector is closed");
    }
}

/// A detector that is replaced goes on where it was.
impl Checkpoint for Detector {
    type State = u64;

    fn save(&mut self) -> Result<u64> {
        Ok(self.next)
    }

    fn restore(&mut self, next: u64) -> Result<()> {
        self.next = next;
        Ok(())
    }
}

/// Counts for itself, and tells at the end.
#[derive(Default)]
pub(crate) struct Counter(Transitions);

impl Expand for Counter {
    type In = Frames;
    type Out = Transitions;

    fn expand(&mut self, frames: Frames, _: &mut impl Outlet<Transitions>) -> Result<()> {
        self.0.watch(frames.pixels());
        Ok(())
    }

    fn finish(&mut self, out: &mut impl Outlet<Transitions>) -> Result<()> {
        out.push(std::mem::take(&mut self.0))
    }
}

/// What was counted survives the worker, together with the place in the stream: nothing is counted twice.
impl Checkpoint for Counter {
    type State = Transitions;

    fn save(&mut self) -> Result<Transitions> {
        Ok(self.0.clone())
    }

    fn restore(&mut self, counted: Transitions) -> Result<()> {
        self.0 = counted;
        Ok(())
    }
}
