//! Functions by number, for a worker that is to call one: where it lies in the program, which is the same in both.

use crate::Error;

/// The number of a function, given by its address.
///
/// # Errors
/// When it lies in a library that another program has loaded: then workers cannot be processes.
#[cfg(target_os = "linux")]
pub(crate) fn number_of(address: usize) -> Result<u64, Error> {
    Ok(super::executable::image().offset_of(address)? as u64)
}

/// The address of the function with this number; none if no code lies there.
#[cfg(target_os = "linux")]
pub(crate) fn address_of(number: u64) -> Option<usize> {
    super::executable::image().address_at(usize::try_from(number).ok()?)
}

/// Workers are threads of this process.
#[cfg(not(target_os = "linux"))]
pub(crate) fn number_of(address: usize) -> Result<u64, Error> {
    Ok(address as u64)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn address_of(number: u64) -> Option<usize> {
    usize::try_from(number).ok()
}
