//! Messages as they are read from the slots of a ring: in place, from the arena, gathered by a zip.

use super::{Encoded, Message};
use crate::ring::Span;

/// Slots that hold the values themselves.
fn plain<T: Message>(values: &[T]) -> Span<'_> {
    assert!(T::PLAIN.is_some());
    // SAFETY: the values are plain and live as long as the span.
    unsafe { Span::new(values.as_ptr().cast(), values.len(), &[]) }
}

/// One slot that holds offset and length of bytes in the arena.
fn encoded<'a>(place: &'a [u64; 2], arena: &'a [u8]) -> Span<'a> {
    // SAFETY: an array of two integers lies in memory as a `Place` does, and lives as long as the span.
    unsafe { Span::new(std::ptr::from_ref(place).cast(), 1, arena) }
}

fn place_of(message: &Encoded) -> [u64; 2] {
    [0, message.bytes().len() as u64]
}

#[test]
fn plain_tuples_and_arrays_are_read_where_they_lie() {
    let pairs = [(1_u64, 2_i64), (3, 4)];
    assert_eq!(<(u64, i64)>::read(plain(&pairs), 1).expect("it is there"), (3, 4));
    let (left, right) = <(u64, i64)>::read_view(plain(&pairs), 1).expect("it is there");
    assert!(std::ptr::eq(left, &pairs[1].0) && std::ptr::eq(right, &pairs[1].1));

    let rows = [[1_u16, 2, 3], [4, 5, 6]];
    assert_eq!(<[u16; 3]>::read(plain(&rows), 1).expect("it is there"), [4, 5, 6]);
    assert!(std::ptr::eq(<[u16; 3]>::read_view(plain(&rows), 1).expect("it is there"), &rows[1]));
}

#[test]
fn other_tuples_and_arrays_are_read_from_the_arena() {
    let tuple = (1_u8, "text".to_owned(), 2_u64);
    let message = Encoded::of(&tuple).expect("it can be encoded");
    let place = place_of(&message);
    let span = encoded(&place, message.bytes());
    assert_eq!(<(u8, String, u64)>::read(span, 0).expect("it is not damaged"), tuple);
    assert_eq!(<(u8, String, u64)>::read_view(span, 0).expect("it is not damaged"), (&1, "text", &2));

    let array = ["a".to_owned(), "b".to_owned()];
    let message = Encoded::of(&array).expect("it can be encoded");
    let place = place_of(&message);
    let span = encoded(&place, message.bytes());
    assert_eq!(<[String; 2]>::read(span, 0).expect("it is not damaged"), array);
    assert!(<[String; 2]>::read_view(span, 0).expect("it is not damaged").eq(["a", "b"]));
}

#[test]
fn a_zip_gathers_its_parts() {
    let numbers = [7_u64];
    let message = Encoded::of(&"seven".to_owned()).expect("it can be encoded");
    let place = place_of(&message);
    let parts = [plain(&numbers), encoded(&place, message.bytes())];
    let zip = Span::zip(&parts);
    assert_eq!(<(u64, String)>::read(zip, 0).expect("it is there"), (7, "seven".into()));
    assert_eq!(<(u64, String)>::read_view(zip, 0).expect("it is there"), (&7, "seven"));

    // The tuple is plain, but its parts lie apart.
    let others = [8_u64];
    let parts = [plain(&numbers), plain(&others)];
    let zip = Span::zip(&parts);
    assert_eq!(<(u64, u64)>::read(zip, 0).expect("it is there"), (7, 8));
    assert_eq!(<(u64, u64)>::read_view(zip, 0).expect("it is there"), (&7, &8));
}

#[test]
fn a_place_that_cannot_be_is_refused() {
    let message = Encoded::of(&vec![1_u64; 4]).expect("it can be encoded");
    for place in [[0, 4000], [8, 32], [u64::MAX, 8], [8, u64::MAX], [4000, 0], [1, 39]] {
        let error = <Vec<u64>>::read(encoded(&place, message.bytes()), 0).expect_err("there is no message");
        assert_eq!(error.to_string(), "damaged message: it ends too early");
    }
}
