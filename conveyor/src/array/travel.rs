//! How an array gets to those who read a pipeline's parameters: its memory stays where it is, and what travels says
//! where.

#[cfg(target_os = "linux")]
use super::borrowed::borrowed;
use super::element::Element;
use super::handle::SharedArray;
use super::lent::Lent;
use super::memory::{Access, Id, Memory};
use super::shape::{Order, Shape};
use crate::message::{Decoder, Encoder, Message, Seq, keep};
use crate::{Failure, Result};
use std::any::type_name;
use std::sync::Arc;

/// Whose it is and its number there; element type, order, shape; where other processes find it, empty if they cannot.
type Text = ((u32, u64), (String, bool, Vec<u64>), String);

#[diagnostic::do_not_recommend]
impl<T: Element> Message for SharedArray<T> {
    /// Another handle.
    type View<'a> = SharedArray<T>;
    type Run<'a> = Seq<'a, Self>;

    fn as_view(&self) -> SharedArray<T> {
        self.clone()
    }

    fn as_run(items: &[Self]) -> Seq<'_, Self> {
        Seq::values(items)
    }

    fn encode(&self, to: &mut Encoder) {
        self.lend(to, Access::Read);
    }

    fn decode(from: &mut Decoder<'_>) -> Result<Self> {
        Self::arrived(from, Access::Read)
    }

    fn view(from: &mut Decoder<'_>) -> Result<SharedArray<T>> {
        Self::decode(from)
    }

    fn view_run<'a>(from: &mut Decoder<'a>) -> Result<Seq<'a, Self>> {
        Seq::encoded(from)
    }
}

impl<T: Element> SharedArray<T> {
    /// Encodes it for somebody who may do so much with it.
    pub(super) fn lend(&self, to: &mut Encoder, access: Access) {
        if !keep(Lent::of(self.memory(), access)) {
            to.fail(Failure::new(
                "a shared array does not travel through pipes, because nobody would keep it until it arrives: make it a \
                 parameter of the pipeline, `<In -> Out>(name: SharedArray<..>);`, and send what tells it from others",
            ));
        }
        match ticket(self.memory()) {
            Ok(ticket) => text_of(self, ticket).encode(to),
            Err(error) => to.fail(error.into()),
        }
    }

    /// The array that was encoded here or in another process.
    pub(super) fn arrived(from: &mut Decoder<'_>, access: Access) -> Result<Self> {
        if !from.may_refer() {
            return Err(Failure::new(
                "a shared array comes with the parameters of a pipeline, or with a share of a map, and not in other messages",
            ));
        }
        let ((pid, number), (element, is_row_major, shape), ticket) = Text::decode(from)?;
        let shape: Vec<usize> = shape.into_iter().map(|length| length as usize).collect();
        let shape = Shape::from(&shape[..]);
        let id = Id { pid, number };
        let memory = match Lent::find(id, access).filter(|memory| memory.is_mapped_for(access)) {
            Some(memory) => memory,
            None if element != type_name::<T>() => return Err(damaged()),
            None => borrow::<T>(id, &ticket, &shape, access)?,
        };
        if !shape.elements().is_some_and(|elements| memory.holds::<T>(elements)) {
            return Err(damaged());
        }
        let order = if is_row_major { Order::RowMajor } else { Order::ColumnMajor };
        Ok(SharedArray::of(memory, shape, order))
    }
}

fn text_of<T: Element>(array: &SharedArray<T>, ticket: String) -> Text {
    let Id { pid, number } = array.memory().id();
    let shape = array.shape().iter().map(|length| *length as u64).collect();
    ((pid, number), (type_name::<T>().to_owned(), array.order() == Order::RowMajor, shape), ticket)
}

#[cfg(target_os = "linux")]
fn ticket(memory: &Memory) -> Result<String, crate::Error> {
    Ok(memory.ticket()?.map(|ticket| ticket.to_string()).unwrap_or_default())
}

#[cfg(not(target_os = "linux"))]
fn ticket(_: &Memory) -> Result<String, crate::Error> {
    Ok(String::new())
}

/// Of another process. In this one the array would have been found.
#[cfg(target_os = "linux")]
fn borrow<T: Element>(id: Id, ticket: &str, shape: &Shape, access: Access) -> Result<Arc<Memory>> {
    let bytes = super::memory::size_in_bytes::<T>(shape.elements()).ok_or_else(damaged)?;
    if id.pid == std::process::id() {
        return Err(Failure::damaged("an array that nobody keeps"));
    }
    borrowed::<T>(id, ticket, bytes, access)
}

#[cfg(not(target_os = "linux"))]
fn borrow<T: Element>(_: Id, _: &str, _: &Shape, _: Access) -> Result<Arc<Memory>> {
    Err(Failure::damaged("an array that nobody keeps"))
}

#[cold]
fn damaged() -> Failure {
    Failure::damaged("an array of another type or size")
}
