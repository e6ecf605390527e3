//! What leaves an element is a message. Where it is not, that is said once: at the element, or at the header's type.
//!
//! A method call takes what stands nearest: the port's own `checked` where it carries messages, and that of [`Unsent`]
//! where it does not. Then rustc does not learn what the port carries, and does not repeat the error at whatever reads it.

use crate::Message;
use crate::element::port::{Port, port};
use crate::message::{Derived, Plain};

/// A message, for the error at what gives it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot travel through a Conveyor pipe",
    label = "`{Self}` is not a `Message`",
    note = "write `#[derive(conveyor::Message)]` above your own type, also where it is a part of this one; foreign serde \
            types travel as `conveyor::message::Serde<..>`, and `try_map` takes the error out of a `Result`",
    note = "what travels is owned and has one owner: `String` for `&str`, `Vec<T>` for `&[T]`, a clone for `&T`, `T` for \
            `Rc<T>`, `Arc<T>` and `RefCell<T>`, an enum for `Box<dyn Trait>`, the text of an error for `Box<dyn Error>`"
)]
#[doc(hidden)]
pub trait Travels: Sized {
    /// Stands at the code that the messages come from, or at a type of the header.
    fn travels(_: Port<Self>) {}
}
impl<T: Message> Travels for T {}

/// A view may be an argument only where rustc sees that it borrows.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a view, and is written with its lifetime",
    label = "write `{Self}`",
    note = "the lifetime says that this closure only looks at the message; to have the message itself, write its own type"
)]
#[doc(hidden)]
pub trait Owned: Sized {
    /// Stands at the type.
    fn owned(_: Port<Self>) {}
}
#[diagnostic::do_not_recommend]
impl<T: Message> Owned for T {}

/// What chunks of a pool are made of, for the error at its type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not plain: not every bit pattern of it is a value, or it has padding",
    label = "not a plain type",
    note = "a pool is made of integers, floats, arrays of them and `#[message(plain)]` structs"
)]
pub trait Pooled: Sized {
    /// Stands at the type.
    fn pooled(_: Port<Self>) {}
}
#[diagnostic::do_not_recommend]
impl<T: Plain> Pooled for T {}

impl<T> Port<T> {
    /// Checks the type by a rule: `Pooled::pooled` of what a pool holds.
    pub fn is(self, _rule: fn(Port<T>)) {}
}

impl<T: Message> Port<T> {
    /// The port itself. `Travels::travels` is there for ports without messages.
    pub fn checked(self, _travels: fn(Port<()>)) -> Port<T> {
        self
    }
    /// The port itself, for code that looks at a view.
    pub fn seen(self) -> Port<T> {
        self
    }
    /// The port itself.
    pub fn or_closed(self) -> Port<T> {
        self
    }
}

/// A port of a type that derives `Message`, but has a part that is none: that was said where it is declared.
pub trait Declared<T: Derived> {
    /// The port itself.
    fn checked(self, _travels: fn(Port<()>)) -> Self;
    /// For code that looks at a view. There is none: whatever is done with it is right.
    fn seen(self) -> Port<T::Seen>;
}

impl<T: Derived> Declared<T> for Port<T> {
    fn checked(self, _travels: fn(Port<()>)) -> Self {
        self
    }
    fn seen(self) -> Port<T::Seen> {
        port()
    }
}

/// A port of what is no message.
pub trait Unsent<T> {
    /// A port of who knows what: the error has been reported.
    fn checked<U>(self, _travels: fn(Port<T>)) -> Port<U>;
    /// The same for code that looks at a view.
    fn seen<U>(self) -> Port<U>;
    /// A closed end, where the error was reported before.
    fn or_closed(self) -> Port<()>;
}

impl<T> Unsent<T> for &Port<T> {
    fn checked<U>(self, _travels: fn(Port<T>)) -> Port<U> {
        port()
    }
    fn seen<U>(self) -> Port<U> {
        port()
    }
    fn or_closed(self) -> Port<()> {
        port()
    }
}
