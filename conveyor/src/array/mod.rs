//! What belongs to a [`SharedArray`](crate::SharedArray), which workers see without a copy.

// - `shape`, `element`: how the elements are arranged, and what they may be; `fixed_str`: texts
// - `memory`: where they lie; `build`: how arrays are made; `attach`: other programs' arrays
// - `handle`: what users hold, and who may write; `slices`, `strided`: parts; `ndarray`: views
// - `travel`, `lent`: how an array gets to those who read a pipeline's parameters; `borrowed`: who keeps it there
// - `writable`: for several workers that write at once

mod attach;
#[cfg(target_os = "linux")]
mod borrowed;
mod build;
mod element;
mod fixed_str;
pub(crate) mod handle;
mod lent;
mod memory;
#[cfg(feature = "ndarray")]
mod ndarray;
mod shape;
mod slices;
pub(crate) mod strided;
#[cfg(target_os = "linux")]
mod touched;
mod travel;
pub(crate) mod writable;

#[cfg(test)]
mod tests;

pub use build::Build;
pub use element::Element;
pub use fixed_str::{FixedStr, TooLong};
pub use shape::{Order, Shape};
pub use strided::{Strided, StridedMut};
