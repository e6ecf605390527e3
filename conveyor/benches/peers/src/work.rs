//! What the items cost, the same for every system.

/// One dependent step of multiplying, adding and shifting: about 1.4 ns.
#[inline(always)]
fn step(x: u64) -> u64 {
    let x = x.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x2545_f491);
    x ^ (x >> 29)
}

/// `steps` steps that depend on each other.
#[inline(never)]
pub fn burn(x: u64, steps: u32) -> u64 {
    (0..steps).fold(x, |x, _| step(x))
}
