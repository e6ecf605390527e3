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
pub struct Ref<T>(PhantomData<T>);

/// What `process` receives, for a processor with `type In = I`.
pub type Arg<'a, I> = <I as Input>::Arg<'a>;

/// Implemented for every message (owned) and for `Ref<message>` (borrowed); not by users.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no input of a processor",
    label = "neither a message nor `Ref<message>`",
    note = "derive `Message` for it; to borrow, write `type In = Ref<String>` and take `&str`"
)]
pub trait Input: 'static {
    /// The message that travels.
    type Message: Message;
    /// What the user's code receives.
    type Arg<'a>;
    /// From a slot of a ring.
    ///
    /// # Errors
    /// When the message is damaged.
    fn read<'a>(span: Span<'a>, index: usize) -> Result<Self::Arg<'a>>;
    /// From a value in this process (serial context, threads, fused stages).
    fn lend<R>(message: Self::Message, use_it: impl FnOnce(Self::Arg<'_>) -> R) -> R;
}

#[diagnostic::do_not_recommend]
impl<T: Message> Input for T {
    type Message = T;
    type Arg<'a> = T;
    #[inline(always)]
    fn read<'a>(span: Span<'a>, index: usize) -> Result<T> {
        T::read(span, index)
    }
    #[inline(always)]
    fn lend<R>(message: T, use_it: impl FnOnce(T) -> R) -> R {
        use_it(message)
    }
}

impl<T: Message> Input for Ref<T> {
    type Message = T;
    type Arg<'a> = T::View<'a>;
    #[inline(always)]
    fn read<'a>(span: Span<'a>, index: usize) -> Result<T::View<'a>> {
        T::read_view(span, index)
    }
    #[inline(always)]
    fn lend<R>(message: T, use_it: impl FnOnce(T::View<'_>) -> R) -> R {
        use_it(message.as_view())
    }
}
