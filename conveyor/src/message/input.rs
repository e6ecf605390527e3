//! How a processor takes its input: `type In = String` owns it, `type In = Ref<String>` borrows it as `&str`.

use crate::ring::Span;
use crate::{Message, Result};
use std::marker::PhantomData;

/// Takes the message as its borrowed view: `Ref<String>` gives `&str`, `Ref<Vec<f32>>` gives `&[f32]`.
///
/// ```
/// use conveyor::{Processor, Ref, Result};
///
/// struct Words;
///
/// impl Processor for Words {
///     type In = Ref<String>;
///     type Out = usize;
///     fn process(&mut self, line: &str) -> Result<usize> {
///         Ok(line.split_whitespace().count())
///     }
/// }
/// # assert_eq!(Words.process("two words").unwrap(), 2);
/// ```
pub struct Ref<T> {
    _message: PhantomData<T>,
    /// No value of it exists, and it has no size: that tells it apart from all that is taken owned.
    _unsized: [()],
}

/// What `process` receives, for a processor with `type In = I`: `I` itself, or the view of the message if that is a [`Ref`].
///
/// ```
/// use conveyor::{Arg, Ref};
///
/// fn is_long(line: Arg<'_, Ref<String>>) -> bool {
///     line.len() > 80 // a `&str`
/// }
/// assert!(!is_long("short"));
/// ```
pub type Arg<'a, I> = <I as Takes>::Arg<'a>;

/// What user code receives for any type at all, so that a type that is no message is refused where it is named, and not
/// again at the method that takes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no input of a processor",
    label = "neither a message nor `Ref<message>`",
    note = "write `#[derive(conveyor::Message)]` above the type of the message; to borrow a message, write \
            `type In = Ref<String>` and take `&str`"
)]
pub trait Takes {
    /// What the user's code receives.
    type Arg<'a>;
}

impl<T: 'static> Takes for T {
    type Arg<'a> = T;
}

#[diagnostic::do_not_recommend]
impl<T: Message> Takes for Ref<T> {
    type Arg<'a> = T::View<'a>;
}

/// Implemented for every message (owned) and for `Ref<message>` (borrowed); not by users.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no input of a processor",
    label = "neither a message nor `Ref<message>`",
    note = "write `#[derive(conveyor::Message)]` above the type of the message; to borrow a message, write \
            `type In = Ref<String>` and take `&str`"
)]
pub trait Input: Takes + 'static {
    /// The message that travels.
    type Message: Message;
    /// From a slot of a ring.
    ///
    /// # Errors
    /// When the message is damaged.
    fn read<'a>(span: Span<'a>, index: usize) -> Result<Arg<'a, Self>>;
    /// From a value in this process (serial context, threads, fused stages).
    fn lend<R>(message: Self::Message, use_it: impl FnOnce(Arg<'_, Self>) -> R) -> R;
}

#[diagnostic::do_not_recommend]
impl<T: Message> Input for T {
    type Message = T;
    #[inline(always)]
    fn read<'a>(span: Span<'a>, index: usize) -> Result<T> {
        T::read(span, index)
    }
    #[inline(always)]
    fn lend<R>(message: T, use_it: impl FnOnce(T) -> R) -> R {
        use_it(message)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Message> Input for Ref<T> {
    type Message = T;
    #[inline(always)]
    fn read<'a>(span: Span<'a>, index: usize) -> Result<T::View<'a>> {
        T::read_view(span, index)
    }
    #[inline(always)]
    fn lend<R>(message: T, use_it: impl FnOnce(T::View<'_>) -> R) -> R {
        use_it(message.as_view())
    }
}
