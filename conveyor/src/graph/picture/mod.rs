//! A declared graph as a picture: what is drawn (`Part`), what is written on it (`label`), its layers (`layers`), where
//! they stand (`place`, `fold`, `layout`), how the arrows run (`route`, `turn`), and all of it as text (`svg`).
//!
//! The run-time and the macros compile these same files, `conveyor-macros/src/picture` is a link to this directory: so
//! the picture in rustdoc, drawn while a declaration is expanded, is that of `Graph::svg`.

#[cfg(feature = "svg")]
mod fold;
pub(crate) mod label;
#[cfg(feature = "svg")]
mod layers;
#[cfg(feature = "svg")]
mod layout;
#[cfg(feature = "svg")]
mod place;
#[cfg(feature = "svg")]
mod route;
#[cfg(feature = "svg")]
mod shape;
#[cfg(feature = "svg")]
mod svg;
#[cfg(all(test, feature = "svg"))]
mod tests;
#[cfg(feature = "svg")]
mod turn;

#[cfg(feature = "svg")]
pub(crate) use svg::svg;

use super::kind::Kind;

/// What a picture shows of an element. A picture is made of all elements of a graph, in the order of the table:
/// predecessors stand before.
pub(crate) struct Part {
    /// No two are alike.
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// Predecessors by number.
    pub(crate) from: Vec<usize>,
    /// The balanced forks `(N)` around it by number, outermost first.
    pub(crate) within: Vec<usize>,
    /// Not written by the user.
    pub(crate) inserted: bool,
    /// The source text of a capacity or a count, or the type of an open end; may be empty.
    pub(crate) detail: String,
}
