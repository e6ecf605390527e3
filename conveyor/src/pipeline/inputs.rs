//! What `run` takes.

use std::iter::Empty;

/// What a run takes its inputs from: anything that iterates over `In`, or `()` for a pipeline that starts with a
/// source.
///
/// The marker `M` only keeps the two apart; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no inputs of type `{In}`",
    label = "does not iterate over `{In}`",
    note = "a pipeline that starts with a source takes `()`: `.run(())`"
)]
pub trait Inputs<In, M> {
    /// The inputs, one by one.
    type Iter: Iterator<Item = In>;
    /// Begins to iterate.
    fn into_inputs(self) -> Self::Iter;
}

/// Marks something that iterates.
pub enum Of {}
impl<In, I: IntoIterator<Item = In>> Inputs<In, Of> for I {
    type Iter = I::IntoIter;
    fn into_inputs(self) -> I::IntoIter {
        self.into_iter()
    }
}

/// Marks `()`, for pipelines that start with a source.
pub enum NoInputs {}
impl Inputs<(), NoInputs> for () {
    type Iter = Empty<()>;
    fn into_inputs(self) -> Empty<()> {
        std::iter::empty()
    }
}
