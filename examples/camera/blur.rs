//! Blurs a picture, which takes single noisy pixels out of it.

use super::picture::WIDTH;

/// Blurs pictures of one size.
#[derive(Default)]
pub(crate) struct Blur {
    /// The picture after the first pass; kept so that its memory is used again.
    across: Vec<u8>,
}

impl Blur {
    /// Makes every pixel the weighted mean of itself and its eight neighbours. The outermost ones stay as they are.
    pub(crate) fn apply(&mut self, picture: &mut [u8]) {
        self.across.clear();
        self.across.extend_from_slice(picture);
        for (from, to) in picture.chunks_exact(WIDTH).zip(self.across.chunks_exact_mut(WIDTH)) {
            mean(from, &from[1..], &from[2..], &mut to[1..]);
        }
        let above = &self.across[..];
        mean(above, &above[WIDTH..], &above[2 * WIDTH..], &mut picture[WIDTH..]);
    }
}

/// The middle counts twice; as many as fit into `to` and are there of `after`.
fn mean(before: &[u8], middle: &[u8], after: &[u8], to: &mut [u8]) {
    let length = to.len().min(after.len());
    let (before, middle, after) = (&before[..length], &middle[..length], &after[..length]);
    for (at, to) in to[..length].iter_mut().enumerate() {
        *to = ((before[at] as u16 + 2 * middle[at] as u16 + after[at] as u16) / 4) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::super::picture::SIZE;
    use super::*;

    #[test]
    fn a_single_pixel_is_spread_over_its_neighbours() {
        let mut picture = vec![0; SIZE];
        let middle = 500 * WIDTH + 700;
        picture[middle] = 160;
        Blur::default().apply(&mut picture);

        let row = |y: usize| picture[middle - 2 + y * WIDTH - WIDTH..][..5].to_vec();
        assert_eq!([row(0), row(1), row(2)], [[0, 10, 20, 10, 0], [0, 20, 40, 20, 0], [0, 10, 20, 10, 0]]);
        assert_eq!(picture.iter().map(|&pixel| u32::from(pixel)).sum::<u32>(), 160);
    }

    #[test]
    fn an_even_picture_stays_as_it_is() {
        let mut picture = vec![77; SIZE];
        Blur::default().apply(&mut picture);
        assert!(picture.iter().all(|&pixel| pixel == 77));
    }
}
