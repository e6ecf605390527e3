//! A checked graph to the code that declares it: exactly what `conveyor/tests/expansion.rs` writes by hand.

mod editor;
mod ends;
mod fallback;
mod forms;
mod identity;
mod inner;
mod named;
mod names;
mod paths;
#[cfg(feature = "svg")]
mod picture;
mod plan;
mod rows;
mod scope;
mod settings;
mod stage;
mod table;
#[cfg(test)]
mod tests;
mod wiring;

pub(crate) use fallback::fallback;
pub(crate) use forms::declared;
pub(crate) use paths::Paths;
pub(crate) use plan::Plan;
