//! What `run` takes.

use crate::element::accept::Nothing;
use std::iter::Empty;

/// What a run takes its inputs from: anything that iterates over `In`, or `()` for a pipeline that starts with a
/// source.
///
/// The marker `M` only keeps the two apart; it is always inferred.
///
/// ```
/// let double = conveyor::pipeline! { <u64 -> u64>; processor(|x| x * 2) };
/// assert_eq!(double.run(vec![1, 2]).count(), 2);
/// assert_eq!(double.run((1..4).filter(|x| x % 2 == 1)).count(), 2);
///
/// let numbers = conveyor::pipeline! { <() -> u64>; source(0..3_u64) -> pipe };
/// assert_eq!(numbers.run(()).count(), 3);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` gives no inputs of type `{In}`",
    label = "does not iterate over `{In}`",
    note = "inputs are handed over: `lines` or `lines.iter().cloned()` in place of `&lines`, and `\"text\".to_owned()` where \
            a `String` is taken",
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

/// Marks nothing: where the first implementation does not hold there is another one that does not, and so rustc says
/// that there is none, once.
pub enum Other {}
impl<In, I: Nothing> Inputs<In, Other> for I {
    type Iter = Empty<In>;
    fn into_inputs(self) -> Empty<In> {
        std::iter::empty()
    }
}

/// Marks `()`, for pipelines that start with a source.
pub enum NoInputs {}
#[diagnostic::do_not_recommend]
impl Inputs<(), NoInputs> for () {
    type Iter = Empty<()>;
    fn into_inputs(self) -> Empty<()> {
        std::iter::empty()
    }
}
