//! What the detector sees: frames in a few colours, which change from one to the next.

/// Width and height of a frame, in pixels.
pub(crate) const SIDE: usize = 128;
/// Pixels of a frame, a byte each.
pub(crate) const FRAME: usize = SIDE * SIDE;
/// How many colours there are.
pub(crate) const COLOURS: usize = 8;

/// Fills a frame: rings that grow, in the colours' order, behind a veil of noise.
pub(crate) fn draw(number: u64, frame: &mut [u8]) {
    let mut noise = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    for (y, row) in frame.chunks_exact_mut(SIDE).enumerate() {
        let dy = y.abs_diff(SIDE / 2);
        for (x, pixel) in row.iter_mut().enumerate() {
            let dx = x.abs_diff(SIDE / 2);
            let ring = (dx * dx + dy * dy) as u64 / 512;
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            let flicker = u64::from(noise >> 60 == 0);
            *pixel = ((ring + number / 4 + flicker) % COLOURS as u64) as u8;
        }
    }
}
