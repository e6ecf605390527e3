//! What constructors and closures see.

use crate::memory::Pool;
use crate::message::Plain;

/// Parameters and pools. The macro binds it with one pattern, so that both are there by name:
/// `|Scope { params: (models,), pools: (frames,) }: &Scope<_, _>| ...`.
pub struct Scope<P, L = ()> {
    /// The declared parameters, in order.
    pub params: P,
    /// The declared pools, in order.
    pub pools: L,
}

/// A tuple of pools.
pub trait Pools: Sized + 'static {}

impl Pools for () {}

macro_rules! pools {
    ($($t:ident)+) => {
        impl<$($t: Plain),+> Pools for ($(Pool<$t>,)+) {}
    };
}
pools!(A);
pools!(A B);
pools!(A B C);
pools!(A B C D);
