//! Finds bright spots.

use conveyor::Message;

use super::picture::WIDTH;

const THRESHOLD: u8 = 128;
/// Smaller spots are noise; in pixels.
const SMALLEST: usize = 50;

/// Where a bright spot is, and how large.
#[derive(Clone, Copy, Debug, PartialEq, Message)]
pub(crate) struct Spot {
    /// In pixels from the left.
    pub(crate) x: f32,
    /// In pixels from the top.
    pub(crate) y: f32,
    /// In pixels.
    pub(crate) area: u32,
}

/// The spots in a picture, from top to bottom. They are wiped out of it on the way.
pub(crate) fn spots(picture: &mut [u8]) -> Vec<Spot> {
    let mut spots = Vec::new();
    let mut from = 0;
    while let Some(offset) = picture[from..].iter().position(|&pixel| pixel >= THRESHOLD) {
        from += offset;
        spots.extend(wipe_out(picture, from));
    }
    spots
}

/// Follows a spot from one of its pixels to all of them; `None` if it is only noise.
fn wipe_out(picture: &mut [u8], first: usize) -> Option<Spot> {
    let (mut sum_x, mut sum_y, mut area) = (0, 0, 0);
    let mut to_visit = vec![first];
    while let Some(at) = to_visit.pop() {
        if picture[at] < THRESHOLD {
            continue;
        }
        picture[at] = 0;
        let (x, y) = (at % WIDTH, at / WIDTH);
        (sum_x, sum_y, area) = (sum_x + x, sum_y + y, area + 1);

        to_visit.extend((x > 0).then(|| at - 1));
        to_visit.extend((x + 1 < WIDTH).then_some(at + 1));
        to_visit.extend((y > 0).then(|| at - WIDTH));
        to_visit.extend((at + WIDTH < picture.len()).then_some(at + WIDTH));
    }
    let mean = |sum: usize| sum as f32 / area as f32;
    (area >= SMALLEST).then(|| Spot { x: mean(sum_x), y: mean(sum_y), area: area as u32 })
}

#[cfg(test)]
mod tests {
    use super::super::picture::SIZE;
    use super::*;

    /// Rectangles as (left, top, width, height).
    fn picture(rectangles: &[(usize, usize, usize, usize)]) -> Vec<u8> {
        let mut picture = vec![0; SIZE];
        for &(left, top, width, height) in rectangles {
            for y in top..top + height {
                picture[y * WIDTH + left..][..width].fill(200);
            }
        }
        picture
    }

    #[test]
    fn a_spot_is_where_its_middle_is() {
        let found = spots(&mut picture(&[(100, 50, 11, 9), (3, 700, 20, 30)]));
        let spot = |x, y, area| Spot { x, y, area };
        assert_eq!(found, [spot(105.0, 54.0, 99), spot(12.5, 714.5, 600)]);
    }

    #[test]
    fn noise_is_no_spot() {
        assert_eq!(spots(&mut picture(&[(100, 50, 7, 7), (5, 5, 1, 1)])), []);
    }

    #[test]
    fn spots_at_both_sides_of_the_picture_are_two() {
        assert_eq!(spots(&mut picture(&[(0, 11, 10, 10), (WIDTH - 10, 10, 10, 10)])).len(), 2);
    }
}
