//! What a closure gets, against what it says it takes.

use super::accept::{Known, Nothing, Undecided, Unknown};

/// A closure that borrows says the type of its argument, but the message says what it is looked at as. So the type
/// stands at a variable of its own, which is given what has come.
#[diagnostic::on_unimplemented(
    message = "this closure gets `{Self}`, but says it takes `{T}`",
    label = "write `{Self}`",
    note = "code that only looks at a message gets its view: `&str` for a `String`, `&[T]` for a `Vec<T>`, `NameView<'_>` \
            for a type `Name` that derives `Message`; to have the message itself, take it by value, `|x: Name|` (in a \
            `filter_map`, where it is a `filter` that needs it)"
)]
#[doc(hidden)]
pub trait Given<T, K>: Sized {
    /// The argument.
    fn given(self) -> T;
}
impl<T> Given<T, Known> for T {
    #[inline(always)]
    fn given(self) -> T {
        self
    }
}
/// See [`Undecided`].
impl<A, T: Nothing> Given<T, Unknown> for A {
    fn given(self) -> T {
        T::nothing()
    }
}
impl<A, T: Nothing> Given<T, Undecided> for A {
    fn given(self) -> T {
        T::nothing()
    }
}

/// What has come, as what the closure says: `given` is [`Given::given`], which stands at the type that is written there.
#[inline(always)]
pub fn shown<A, T>(seen: A, given: fn(A) -> T) -> T {
    given(seen)
}

/// What a function that decides by its path gets, `A`, against what it takes, `T`.
#[diagnostic::on_unimplemented(
    message = "a `filter` looks at `{A}`, but this function takes `{T}`",
    label = "takes `{T}`, gets `{A}`",
    note = "let the function take `{A}`, or call it from a closure that gives it a `{T}`: `filter(|x| function(..))`",
    note = "code that only looks at a message gets its view: `&str` for a `String`, `&[T]` for a `Vec<T>`, `&T` for a plain \
            `T`, `NameView<'_>` for a type `Name` that derives `Message`; a `filter_map` takes the message itself"
)]
#[doc(hidden)]
pub trait Lent<A, T> {
    /// The argument.
    fn lent(&self, seen: A) -> T;
}
/// Whoever lends it: if the view itself had the trait, rustc would propose to borrow the function.
impl<W, T> Lent<T, T> for W {
    #[inline(always)]
    fn lent(&self, seen: T) -> T {
        seen
    }
}

/// What a function gives for what has come. The function stands first: what it takes is known before `lent`, which is
/// [`Lent::lent`] at the function, is asked.
#[inline(always)]
pub fn decided<F: FnOnce(T) -> B, T, B, A>(function: F, seen: A, lent: fn(&(), A) -> T) -> B {
    function(lent(&(), seen))
}

/// The message behind a reference that is written at a closure which nothing leads to: `String` of `&str`.
pub trait Behind {
    /// The message.
    type Message;
}
impl<T> Behind for T {
    type Message = T;
}
impl<T> Behind for [T] {
    type Message = Vec<T>;
}
impl Behind for str {
    type Message = String;
}
impl Behind for std::path::Path {
    type Message = std::path::PathBuf;
}
impl Behind for std::ffi::OsStr {
    type Message = std::ffi::OsString;
}
impl Behind for std::ffi::CStr {
    type Message = std::ffi::CString;
}
