//! Pipelines inside pipelines: what one does alone it does there.

mod ends;
mod failures;
mod graphs;
mod own;
mod parts;
