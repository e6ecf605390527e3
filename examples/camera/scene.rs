//! A made-up scene: bright discs cross the picture, some faster than others, and the camera is noisy.

use super::picture::{HEIGHT, WIDTH};

const DISCS: usize = 6;
const BACKGROUND: u8 = 20;
const BRIGHT: u8 = 220;
const NOISY_PIXELS: usize = 2000;

/// Draws the picture with this number; the same number always gives the same picture.
pub(crate) fn draw(number: u64, picture: &mut [u8]) {
    picture.fill(BACKGROUND);
    (0..DISCS).for_each(|disc| draw_disc(disc, number as usize, picture));

    let mut random = fastrand::Rng::with_seed(number);
    (0..NOISY_PIXELS).for_each(|_| picture[random.usize(..picture.len())] = u8::MAX);
}

/// Every disc has a lane of its own: it leaves the picture on the right and comes back from the left.
fn draw_disc(disc: usize, time: usize, picture: &mut [u8]) {
    let radius = 20 + 5 * disc;
    let speed = 4 + 3 * disc;
    let (lane_start, lane_length) = (2 * radius, WIDTH + 4 * radius);
    let x = (300 * (disc + 1) + speed * time) % lane_length;
    let y = HEIGHT * (2 * disc + 1) / (2 * DISCS);

    let column = |x: usize| x.saturating_sub(lane_start).min(WIDTH);
    for line in 0..=2 * radius {
        let height = line.abs_diff(radius);
        let half = (radius * radius - height * height).isqrt();
        let row = &mut picture[(y + line - radius) * WIDTH..][..WIDTH];
        row[column(x.saturating_sub(half))..column(x + half + 1)].fill(BRIGHT);
    }
}
