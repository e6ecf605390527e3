//! The entry in the program's list of constructors, which the C library calls one after the other before `main`.

use super::worker;
use crate::sys::executable::image;
use std::ffi::{c_char, c_int};

type Constructor = extern "C" fn(c_int, *const *const c_char, *const *const c_char);

#[used]
// SAFETY: the section holds constructors of this type, and `enter` is one that may run before `main`: it needs nothing
// that `main` would set up.
#[unsafe(link_section = ".init_array")]
static ENTRY: Constructor = enter;

extern "C" fn enter(count: c_int, arguments: *const *const c_char, environment: *const *const c_char) {
    worker::become_one_if_ordered(|| {
        // A worker never reaches `main`, so it has to run the constructors that would come after this one: user code
        // may rely on what they set up.
        let all = &image().constructors;
        let mut next = &raw const ENTRY;
        if !all.contains(&next.addr()) {
            return;
        }
        next = next.wrapping_add(1);
        while next.addr() < all.end {
            // SAFETY: this entry is one of the program's list (just checked), so what follows up to the list's end
            // are entries too, and each is called once, in order and before `main`, as the C library would.
            unsafe { (*next)(count, arguments, environment) };
            next = next.wrapping_add(1);
        }
    });
}
