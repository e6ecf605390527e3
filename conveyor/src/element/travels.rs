//! What leaves an element is a message. Where it is not, that is said once, at the element.

use crate::Message;
use crate::element::port::{Port, port};

/// A message, for what reads a stream.
///
/// There are two implementations to choose from, and no type has the second. So for a type that is no message there is
/// none: then rustc does not learn what leaves the element, and does not repeat the error at whatever reads it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot travel through a Conveyor pipe",
    label = "`{Self}` is not a `Message`",
    note = "your own types derive it, `#[derive(Message)]`; foreign serde types travel as `conveyor::message::Serde<..>`"
)]
pub trait Travels<M>: Message {
    /// The type itself.
    type Same: Message;
    /// The value itself.
    fn same(self) -> Self::Same;
    /// The port itself; stands at a type of the header, or at the code whose messages leave the pipeline.
    fn port(_: Port<Self>) -> Port<Self::Same> {
        port()
    }
}

/// Marks messages.
pub enum Known {}
impl<T: Message> Travels<Known> for T {
    type Same = T;
    #[inline(always)]
    fn same(self) -> T {
        self
    }
}

/// Marks nothing.
pub enum Unknown {}
impl<T: Message + Nothing> Travels<Unknown> for T {
    type Same = T;
    fn same(self) -> T {
        self
    }
}

/// What nothing is.
pub trait Nothing {}
