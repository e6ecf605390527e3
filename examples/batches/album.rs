//! The pictures that patches are cut from, and the patches.

use conveyor::Message;
use ndarray::ArrayViewMut3;

/// Pictures in the album.
pub(crate) const PICTURES: u32 = 6;
/// Width and height of a patch, in pixels of three bytes.
pub(crate) const SIDE: usize = 256;
/// Bytes of a patch.
pub(crate) const PATCH: usize = SIDE * SIDE * 3;

const WIDTH: usize = 800;
const HEIGHT: usize = 600;

/// Where a patch lies.
#[derive(Clone, Copy, Debug, PartialEq, Message)]
pub(crate) struct Patch {
    pub(crate) picture: u32,
    pub(crate) left: u32,
    pub(crate) top: u32,
}

impl Patch {
    /// Any place in any picture.
    pub(crate) fn anywhere(rng: &mut fastrand::Rng) -> Patch {
        Patch {
            picture: rng.u32(..PICTURES),
            left: rng.u32(..=(WIDTH - SIDE) as u32),
            top: rng.u32(..=(HEIGHT - SIDE) as u32),
        }
    }
}

/// All pictures, as rows of pixels.
pub(crate) struct Album(Vec<Vec<u8>>);

impl Album {
    /// Paints the pictures: each has a colour of its own, and stripes.
    pub(crate) fn paint() -> Album {
        Album((0..PICTURES).map(paint).collect())
    }

    /// Copies a patch.
    pub(crate) fn cut(&self, patch: &Patch, mut to: ArrayViewMut3<'_, u8>) {
        let picture = &self.0[patch.picture as usize];
        let left = patch.left as usize * 3;
        let rows = picture.chunks_exact(WIDTH * 3).skip(patch.top as usize);
        for (mut to, row) in to.outer_iter_mut().zip(rows) {
            let to = to.as_slice_mut().expect("the pixels of a row lie side by side");
            to.copy_from_slice(&row[left..left + SIDE * 3]);
        }
    }
}

fn paint(picture: u32) -> Vec<u8> {
    let (hue, wide) = (picture * 40, 8 + picture as usize);
    let mut pixels = Vec::with_capacity(WIDTH * HEIGHT * 3);
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            let light = if ((x + y) / wide).is_multiple_of(2) { 40 } else { 0 };
            pixels.extend([(hue + light) as u8, (x / 8) as u8, (y / 8) as u8]);
        }
    }
    pixels
}
