//! The name of a declared pipeline, where a pipeline was meant.

use std::marker::PhantomData;

/// What the name of a pipeline is as a value: nothing that runs.
pub struct Unmade<P>(PhantomData<P>);

impl<P> Unmade<P> {
    /// The only one there is.
    pub const VALUE: Self = Unmade(PhantomData);

    /// See [`Made`].
    pub fn run<I, T>(&self, _inputs: I) -> T
    where
        P: Made<T>,
    {
        P::outcome()
    }
    /// See [`Made`].
    pub fn run_to_end<I, T>(&self, _inputs: I) -> T
    where
        P: Made<T>,
    {
        P::outcome()
    }
    /// See [`Made`].
    pub fn start<T>(&self) -> T
    where
        P: Made<T>,
    {
        P::outcome()
    }
}

/// What nothing is: whoever runs a name is told how to make the pipeline.
#[diagnostic::on_unimplemented(
    message = "`{Self}` declares a pipeline, but is none: `{Self}::pipeline(..)` makes one, with its parameters",
    label = "write `{Self}::pipeline(..)` in place of the name"
)]
pub trait Made<T> {
    /// Never called.
    fn outcome() -> T;
}
