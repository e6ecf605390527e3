//! Arrays that workers see without a copy: see [`SharedArray`](crate::SharedArray).
//!
//! - `shape`, `element`: how the elements are arranged, and what they may be
//! - `memory`: where they lie; `build`: how arrays are made; `attach`: other programs' arrays
//! - `handle`: what users hold, and who may write; `slices`: parts
//! - `travel`, `lent`: how an array gets to those who read a pipeline's parameters; `borrowed`: who keeps it there
//! - `writable`: for several workers that write at once

mod attach;
#[cfg(target_os = "linux")]
mod borrowed;
mod build;
mod element;
pub(crate) mod handle;
mod lent;
mod memory;
mod shape;
mod slices;
mod travel;
pub(crate) mod writable;

#[cfg(test)]
mod tests;

pub use build::Build;
pub use element::Element;
pub use shape::{Order, Shape};
