//! What the plan has to know of the machine.

use std::fs;

/// Where the size of the last-level cache is not known, in bytes.
const CACHE_USUAL: usize = 32 << 20;

/// Bytes of last-level cache.
pub(super) fn cache() -> usize {
    let levels = (0..8).rev().map(|level| format!("/sys/devices/system/cpu/cpu0/cache/index{level}/size"));
    let sizes = levels.filter_map(|path| fs::read_to_string(path).ok());
    sizes.filter_map(|size| bytes(size.trim())).next().unwrap_or(CACHE_USUAL)
}

/// `32768K`, `32M`
fn bytes(size: &str) -> Option<usize> {
    let (number, unit) = size.split_at(size.len().checked_sub(1)?);
    let number: usize = number.parse().ok()?;
    match unit {
        "K" => number.checked_mul(1 << 10),
        "M" => number.checked_mul(1 << 20),
        _ => None,
    }
}
