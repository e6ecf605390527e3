//! A classifier of pictures by their mean colour.

use super::album::PICTURES;

/// For each label, what its images have looked like so far.
#[derive(Default)]
pub(crate) struct Model {
    labels: [Seen; PICTURES as usize],
}

#[derive(Clone, Copy, Default)]
struct Seen {
    images: u32,
    sum: [f64; 3],
}

impl Model {
    /// Learns from an image; says whether it was known already which label it has.
    pub(crate) fn learn(&mut self, image: &[u8], label: u32) -> bool {
        let colour = mean(image);
        let guess = self.guess(colour);
        let seen = &mut self.labels[label as usize];
        seen.images += 1;
        seen.sum.iter_mut().zip(colour).for_each(|(sum, part)| *sum += part);
        guess == Some(label)
    }

    /// The label whose images are nearest to this colour.
    fn guess(&self, colour: [f64; 3]) -> Option<u32> {
        let distance = |seen: &Seen| -> f64 {
            seen.sum.iter().zip(colour).map(|(sum, part)| (sum / f64::from(seen.images) - part).powi(2)).sum()
        };
        let known = (0..).zip(&self.labels).filter(|(_, seen)| seen.images > 0);
        known.min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b))).map(|(label, _)| label)
    }
}

/// Of every eighth pixel: they are much like their neighbours.
fn mean(image: &[u8]) -> [f64; 3] {
    let pixels = image.chunks_exact(3).step_by(8);
    let count = pixels.len() as f64;
    let mut sums = [0_u64; 3];
    for pixel in pixels {
        sums.iter_mut().zip(pixel).for_each(|(sum, part)| *sum += u64::from(*part));
    }
    sums.map(|sum| sum as f64 / count)
}
