//! The size of a picture: one byte of brightness for every pixel, row by row.

/// In pixels.
pub(crate) const WIDTH: usize = 1920;
/// In pixels.
pub(crate) const HEIGHT: usize = 1080;
/// In bytes.
pub(crate) const SIZE: usize = WIDTH * HEIGHT;
