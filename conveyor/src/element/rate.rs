//! One-to-one or not, known to the compiler.

use std::marker::PhantomData;

/// How many outputs an element gives for an input: [`One`] or [`Many`].
///
/// The two are values of one const generic, so that a rate can also be *computed* by a constant: a named pipeline
/// states its own rate as `Rated<{ rate_of(&wire) }>` without naming its stages.
pub struct Rated<const ONE: bool>;

/// Exactly one output for every input.
pub type One = Rated<true>;

/// Any number of outputs for an input.
pub type Many = Rated<false>;

/// A rate, and what a row of two gives.
pub trait Rate: 'static {
    /// Is it exactly one output for every input?
    const ONE: bool;
    /// The rate of this one followed by `R`.
    type Then<R: Rate>: Rate;
}

impl Rate for One {
    const ONE: bool = true;
    type Then<R: Rate> = R;
}

impl Rate for Many {
    const ONE: bool = false;
    type Then<R: Rate> = Many;
}

/// The bound of everything between a replicated fork and its `join zip`.
#[diagnostic::on_unimplemented(
    message = "CV021: a branch of a `zip` must give exactly one output for every input",
    label = "this element may give no output, or several",
    note = "`filter`, `filter_map`, `flat_map` and `Expand` break the pairing; use `processor` (with an `Option` \
            as data, for instance), or close the fork with `join merge`"
)]
pub trait OneToOne: Sized {
    /// Stands at the element.
    fn holds(_: PhantomData<Self>) {}
}
#[diagnostic::do_not_recommend]
impl OneToOne for One {}
