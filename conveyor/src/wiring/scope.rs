//! What constructors and closures see.

use crate::memory::{AnyPool, Pool};
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
pub trait Pools: Sized + 'static {
    /// The size of an element of each, in bytes.
    const ELEMENTS: &'static [usize];
    /// Makes them from what `pool` gives for each number.
    fn attach(pool: &mut dyn FnMut(usize) -> AnyPool) -> Self;
}

impl Pools for () {
    const ELEMENTS: &'static [usize] = &[];
    fn attach(_: &mut dyn FnMut(usize) -> AnyPool) -> Self {}
}

macro_rules! pools {
    ($($t:ident $n:tt)+) => {
        impl<$($t: Plain),+> Pools for ($(Pool<$t>,)+) {
            const ELEMENTS: &'static [usize] = &[$(size_of::<$t>()),+];
            fn attach(pool: &mut dyn FnMut(usize) -> AnyPool) -> Self {
                ($(Pool::<$t>::of(pool($n)),)+)
            }
        }
    };
}
pools!(A 0);
pools!(A 0 B 1);
pools!(A 0 B 1 C 2);
pools!(A 0 B 1 C 2 D 3);
