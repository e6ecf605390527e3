//! What the derive promises beside coming back whole: names, paths, constants, and errors at the right place.

use conveyor::Message;
use conveyor::message::{Decoder, Encoder, Seq};
use conveyor::private::Encoded;
use std::collections::HashMap;
use std::marker::PhantomData;

/// The derive's code must not depend on what the names around it mean.
mod shadowed {
    #![allow(dead_code, non_camel_case_types)]

    pub(crate) struct Result;
    pub(crate) struct Option;
    pub(crate) struct Some;
    pub(crate) struct Ok;
    pub(crate) struct bool;
    pub(crate) struct usize;
    pub(crate) mod core {}
    pub(crate) mod std {}
    pub(crate) mod conveyor {}
    pub(crate) trait Clone {}
    pub(crate) trait Debug {}
    pub(crate) trait PartialEq {}

    #[derive(::conveyor::Message)]
    pub(crate) enum Choice<T> {
        Left(T),
        Right { f: u8, to: u16, from: u32, other: u64 },
    }

    #[derive(::conveyor::Message, ::core::clone::Clone, ::core::marker::Copy)]
    #[message(plain)]
    #[repr(C)]
    pub(crate) struct Plain(u8, u8);
}

#[test]
fn names_around_the_derive_do_not_matter() {
    let choice = shadowed::Choice::<u8>::Right { f: 1, to: 2, from: 3, other: 4 };
    let encoded = Encoded::of(&choice).expect("it can be encoded");
    assert!(encoded.view::<shadowed::Choice<u8>>().expect("it is not damaged") == choice.as_view());
    assert!(shadowed::Plain::PLAIN.is_some());
}

mod elsewhere {
    pub(crate) use conveyor as moved;
}

#[derive(Message)]
#[message(crate = crate::elsewhere::moved)]
struct Moved {
    text: String,
}

#[derive(Clone, Copy, Message)]
#[message(plain, crate = elsewhere::moved)]
#[repr(C)]
struct MovedPlain(u32);

#[test]
fn the_crate_may_be_found_elsewhere() {
    let moved = Moved { text: "there".into() };
    assert_eq!(moved.as_view().text, "there");
    assert_eq!(MovedPlain(3).as_view().0, 3);
}

trait Model {
    type Out;
}

/// Is no message itself.
struct Bayes;

impl Model for Bayes {
    type Out = (bool, String);
}

#[derive(Message)]
struct Verdict<M: Model> {
    out: Vec<M::Out>,
    by: PhantomData<M>,
}

#[test]
fn a_field_may_be_a_projection() {
    let verdict = Verdict::<Bayes> { out: vec![(true, "spam".into())], by: PhantomData };
    let encoded = Encoded::of(&verdict).expect("it can be encoded");
    assert_eq!(encoded.decode::<Verdict<Bayes>>().expect("it is not damaged").out, verdict.out);
}

/// Neither it nor its view is `Debug`, `Clone` or comparable, and the derive must not mind.
#[derive(Message)]
struct Bare {
    silent: Silent,
    text: String,
}

#[derive(Message)]
enum Silent {
    Quiet,
}

#[test]
fn types_that_are_not_debug_come_back() {
    let encoded = Encoded::of(&Bare { silent: Silent::Quiet, text: "sh".into() }).expect("it can be encoded");
    let Bare { silent: Silent::Quiet, text } = encoded.decode().expect("it is not damaged");
    assert_eq!(text, "sh");
    let BareView { silent: Silent::Quiet, text } = encoded.view::<Bare>().expect("it is not damaged");
    assert_eq!(text, "sh");
}

/// What a chunk will be: a message by hand that has to be handed back.
struct Handle(u64);

impl Message for Handle {
    type View<'a> = u64;
    type Run<'a> = Seq<'a, Handle>;
    const HOLDS_CHUNKS: bool = true;
    fn as_view(&self) -> u64 {
        self.0
    }
    fn as_run(items: &[Self]) -> Seq<'_, Handle> {
        Seq::values(items)
    }
    fn encode(&self, to: &mut Encoder) {
        to.value(self.0);
    }
    fn decode(from: &mut Decoder<'_>) -> conveyor::Result<Self> {
        from.value().map(Handle)
    }
    fn view(from: &mut Decoder<'_>) -> conveyor::Result<u64> {
        from.value()
    }
    fn view_run<'a>(from: &mut Decoder<'a>) -> conveyor::Result<Seq<'a, Handle>> {
        Seq::encoded(from)
    }
}

#[derive(Message)]
enum Tree<T> {
    Leaf(T),
    Node(Vec<(Tree<T>, u8)>),
}

#[derive(Message)]
struct Two<A, B> {
    a: Option<A>,
    b: HashMap<u8, B>,
}

mod inner {
    use super::{Handle, Message};

    /// Another type of the same name.
    #[derive(Message)]
    pub(crate) struct Frame {
        pub(crate) pixels: Handle,
    }
}

#[derive(Message)]
struct Frame {
    inner: Vec<inner::Frame>,
    r#type: u8,
}

#[test]
fn a_namesake_is_another_type() {
    const { assert!(Frame::HOLDS_CHUNKS) };
    let frame = Frame { inner: vec![inner::Frame { pixels: Handle(1) }], r#type: 2 };
    assert_eq!(format!("{:?}", frame.as_view()), "FrameView { inner: [FrameView { pixels: 1 }], type: 2 }");
}

#[test]
fn a_message_holds_chunks_if_a_field_does() {
    const { assert!(<[Box<Handle>; 2]>::HOLDS_CHUNKS && <(u8, Result<u8, Vec<Handle>>)>::HOLDS_CHUNKS) };
    const { assert!(Two::<u8, Handle>::HOLDS_CHUNKS && Two::<Handle, u8>::HOLDS_CHUNKS) };
    const { assert!(!Two::<u8, String>::HOLDS_CHUNKS) };
    const { assert!(Tree::<Handle>::HOLDS_CHUNKS && !Tree::<u8>::HOLDS_CHUNKS) };
    let tree = Tree::Node(vec![(Tree::Leaf(Handle(1)), 2)]);
    let two = Two { a: Some(tree), b: HashMap::from([(3, Handle(4))]) };
    assert_eq!(format!("{:?}", two.as_view()), "TwoView { a: Some(Node([(Leaf(1), 2)])), b: {3: 4} }");
}

/// One of `COUNT` variants, as the derive would write it.
struct Wide<const COUNT: u32>(u32);

impl<const COUNT: u32> Message for Wide<COUNT> {
    type View<'a> = u32;
    type Run<'a> = Seq<'a, Self>;
    fn as_view(&self) -> u32 {
        self.0
    }
    fn as_run(items: &[Self]) -> Seq<'_, Self> {
        Seq::values(items)
    }
    fn encode(&self, to: &mut Encoder) {
        to.variant(self.0, COUNT);
    }
    fn decode(from: &mut Decoder<'_>) -> conveyor::Result<Self> {
        from.variant(COUNT).map(Wide)
    }
    fn view(from: &mut Decoder<'_>) -> conveyor::Result<u32> {
        from.variant(COUNT)
    }
    fn view_run<'a>(from: &mut Decoder<'a>) -> conveyor::Result<Seq<'a, Self>> {
        Seq::encoded(from)
    }
}

fn variants<const COUNT: u32>() -> usize {
    let last = Encoded::of(&Wide::<COUNT>(COUNT - 1)).expect("it can be encoded");
    assert_eq!(last.view::<Wide<COUNT>>().expect("it is not damaged"), COUNT - 1);
    last.bytes().len()
}

#[test]
fn the_number_of_a_variant_takes_as_many_bytes_as_it_needs() {
    assert_eq!([variants::<1>(), variants::<0x100>()], [1, 1]);
    assert_eq!([variants::<0x101>(), variants::<0x1_0000>()], [2, 2]);
    assert_eq!([variants::<0x1_0001>(), variants::<{ u32::MAX }>()], [4, 4]);
}

#[test]
fn mistakes_are_reported_where_they_are() {
    let files = |extension: &str| {
        let files = std::fs::read_dir("tests/ui-message").expect("the directory is there").flatten();
        files.filter(|file| file.path().extension().is_some_and(|it| it == extension)).count()
    };
    // A mistake without its text would only be shown.
    assert!(files("rs") > 0 && files("rs") == files("stderr"));
    trybuild::TestCases::new().compile_fail("tests/ui-message/*.rs");
}
