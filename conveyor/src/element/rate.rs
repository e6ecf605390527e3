//! How many outputs an element or a pipeline gives for an input, and whether its messages keep together; known to the
//! compiler.

/// What the compiler knows of a way through a graph. All of it is one const generic type, so that it can also be
/// *computed* by a constant: a named pipeline states its own as `Rated<{ rate_of(&wire) }, { shape_of(&wire) }>` without
/// naming its stages.
pub struct Rated<const ONE: bool, const STRAIGHT: bool>;
/// One output for every input.
pub type One = Rated<true, true>;
/// Any number of outputs for an input.
pub type Many = Rated<false, true>;
/// Of a way past a fork that leads elsewhere, too.
pub type Branched = Rated<true, false>;
/// Of what comes together from several ways.
pub type Merged = Rated<false, false>;

/// A rate, and what a row of two gives.
pub trait Rate: 'static {
    /// Is it exactly one output for every input?
    const ONE: bool;
    /// Is there nothing on the way but stages and closed regions?
    const STRAIGHT: bool;
    /// The rate of this one followed by `R`.
    type Then<R: Rate>: Rate;
    /// The same, but not one-to-one.
    type AndMany: Rate;
    /// The same, but not straight.
    type AndBranched: Rate;
}

impl Rate for One {
    const ONE: bool = true;
    const STRAIGHT: bool = true;
    type Then<R: Rate> = R;
    type AndMany = Many;
    type AndBranched = Branched;
}

impl Rate for Many {
    const ONE: bool = false;
    const STRAIGHT: bool = true;
    type Then<R: Rate> = R::AndMany;
    type AndMany = Many;
    type AndBranched = Merged;
}

impl Rate for Branched {
    const ONE: bool = true;
    const STRAIGHT: bool = false;
    type Then<R: Rate> = R::AndBranched;
    type AndMany = Merged;
    type AndBranched = Branched;
}

impl Rate for Merged {
    const ONE: bool = false;
    const STRAIGHT: bool = false;
    type Then<R: Rate> = Merged;
    type AndMany = Merged;
    type AndBranched = Merged;
}

/// The bound of everything between a replicated fork and its `join zip`.
#[diagnostic::on_unimplemented(
    message = "CV021: a branch of a `zip` must give exactly one output for every input",
    label = "this element may give no output, or several",
    note = "`filter`, `filter_map`, `flat_map` and `Expand` break the pairing; use `processor` (with an `Option` \
            as data, for instance), or close the fork with `join merge`"
)]
pub trait OneToOne {}
impl<const STRAIGHT: bool> OneToOne for Rated<true, STRAIGHT> {}

/// The bound of every pipeline between a fork and its `join zip` or `join ordered`.
#[diagnostic::on_unimplemented(
    message = "CV020: between a fork and its `join zip` or `join ordered` no stream may enter or leave",
    label = "in this pipeline a stream does",
    note = "only processors, replicated forks that `join zip` closes and balanced forks that `join ordered` closes may \
            stand there; close this fork with `join merge`, or leave sources, sinks and merges out of the pipeline"
)]
pub trait Straight {}
impl<const ONE: bool> Straight for Rated<ONE, true> {}
