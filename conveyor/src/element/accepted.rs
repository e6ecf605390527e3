//! What stands behind each keyword, for the error at a value that is not accepted: is it a function at least? Then one of
//! its types is no message, and that is said at the element which gives it.
//!
//! Each keyword has a trait of its own, because what rustc says of a trait does not depend on its arguments.

use super::accept::{Known, Nothing, Unknown};
use crate::element::role::Role;
use std::marker::PhantomData;

/// Stands for every value that is accepted.
pub enum Fit {}

macro_rules! accepted {
    ($($(#[$about:meta])* $name:ident;)*) => {$(
        $(#[$about])*
        pub trait $name<R, M, K>: Sized {
            /// Stands at the value.
            fn accepted(_: PhantomData<(Self, R, M)>) {}
        }
        impl<F: FnMut(A) -> B, R: Role<B>, A, B> $name<R, fn(A) -> B, Known> for F {}
        impl<F: FnMut(A) -> B + Nothing, R: Role<B>, A, B> $name<R, fn(A) -> B, Unknown> for F {}
        /// Of a value that is accepted nothing more is asked.
        #[diagnostic::do_not_recommend]
        impl $name<(), (), Known> for Fit {}
    )*};
}
accepted! {
    /// `processor`
    #[diagnostic::on_unimplemented(
        message = "CV002: `{Self}` is not a Conveyor processor",
        label = "neither a processor nor a function from message to message",
        note = "behind `processor` stands a closure, `|x: T| ..`, a function of one argument, or a value that implements \
                `Processor` or `Expand`; a function of a view is called from a closure: `|x: NameView<'_>| function(x)`",
        note = "a constructor is called, `Name::new()`, with `?` behind it if it gives a `Result`; a function is not; a \
                pipeline with a name is declared: `pipeline name = Path;`"
    )]
    Accepted;
    /// `try_map`
    #[diagnostic::on_unimplemented(
        message = "CV002: `{Self}` cannot stand behind `try_map`",
        label = "no function from a message to a `Result`",
        note = "behind `try_map` stands a closure, `|x: T| ..`, or a function of one argument, which gives a `Result`; what \
                implements `Processor` or `Expand` stands behind `processor`, and may fail there, too",
        note = "a function is not called, `try_map(function)`; one of a view is, from a closure: `|x: NameView<'_>| function(x)`"
    )]
    AcceptedTryMap;
    /// `filter_map`
    #[diagnostic::on_unimplemented(
        message = "CV002: `{Self}` cannot stand behind `filter_map`",
        label = "no function from a message to an `Option`",
        note = "behind `filter_map` stands a closure, `|x: T| ..`, or a function of one argument, which gives an `Option`; what \
                implements `Processor` or `Expand` stands behind `processor`",
        note = "a function is not called, `filter_map(function)`; one of a view is, from a closure: `|x: NameView<'_>| \
                function(x)`"
    )]
    AcceptedFilterMap;
    /// `flat_map`
    #[diagnostic::on_unimplemented(
        message = "CV002: `{Self}` cannot stand behind `flat_map`",
        label = "no function from a message to something that iterates",
        note = "behind `flat_map` stands a closure, `|x: T| ..`, or a function of one argument, which gives what iterates over \
                messages; what implements `Processor` or `Expand` stands behind `processor`",
        note = "a function is not called, `flat_map(function)`; one of a view is, from a closure: `|x: NameView<'_>| \
                function(x)`"
    )]
    AcceptedFlatMap;
    /// `sink`
    #[diagnostic::on_unimplemented(
        message = "CV002: `{Self}` is not a Conveyor sink",
        label = "neither a sink nor a function that returns nothing",
        note = "behind `sink` stands a closure, `|x: T| ..`, or a function of one argument, which returns nothing, or a value \
                that implements `Sink`; what implements `Processor` stands behind `processor`",
        note = "a constructor is called, `Name::new()`, with `?` behind it if it gives a `Result`; a function is not; one of a \
                view is, from a closure: `|x: NameView<'_>| function(x)`"
    )]
    AcceptedSink;
}
