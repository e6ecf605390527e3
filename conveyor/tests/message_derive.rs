//! Derived messages of every shape.

use conveyor::Message;
use std::fmt::Debug;
use std::marker::PhantomData;

#[derive(Message, Clone, Debug, PartialEq)]
struct Sms {
    id: u64,
    text: String,
    scores: Vec<f32>,
    reply_to: Option<u64>,
}
#[derive(Message, Clone, Debug, PartialEq)]
struct Pair<A, B>(A, Vec<B>);
#[derive(Message, Clone, Debug, PartialEq)]
struct Unit;
#[derive(Message, Clone, Debug, PartialEq)]
enum Color {
    Red,
    Green,
}
#[derive(Message, Clone, Debug, PartialEq)]
enum Shape<T> {
    None,
    Circle(f32, Color),
    Poly { at: Vec<T>, name: String },
}
#[derive(Message, Clone, Debug, PartialEq)]
enum Tree {
    Leaf,
    Node(Box<Tree>, u64, Box<Self>),
}
#[derive(Message, Clone, Debug, PartialEq)]
struct Nest {
    kids: Vec<Nest>,
    p: PhantomData<u8>,
}
#[derive(Message, Clone, Copy, Debug, PartialEq)]
#[message(plain)]
#[repr(C)]
struct Pt {
    x: f32,
    y: f32,
    z: [u32; 2],
}
#[derive(Message)]
struct NoDebug {
    c: NoDebugColor,
    x: u8,
}
#[derive(Message)]
enum NoDebugColor {
    A,
}
trait Model {
    type Out;
}
#[derive(Message)]
struct Proj<M: Model> {
    out: Vec<M::Out>,
    p: PhantomData<M>,
}
#[derive(Message)]
struct Gen<T, const N: usize>
where
    T: Copy,
{
    a: [T; N],
    d: u8,
}

#[test]
fn views_are_clone_and_debug() {
    let v = Sms { id: 1, text: "x".into(), scores: vec![1.0], reply_to: None };
    println!("{:?}", v.as_view());
    assert_eq!(v.as_view().clone(), v.as_view());
    println!("{:?}", Tree::Node(Box::new(Tree::Leaf), 2, Box::new(Tree::Leaf)).as_view());
    println!("{:?}", Shape::Poly { at: vec!["x".to_owned()], name: "n".into() }.as_view());
    println!("{:?}", Nest { kids: vec![Nest { kids: vec![], p: PhantomData }], p: PhantomData }.as_view());
}
fn round<T: Message + PartialEq + Debug>(v: T)
where
    for<'a> T::View<'a>: PartialEq + Debug,
{
    let e = conveyor::private::Encoded::of(&v).unwrap();
    assert_eq!(e.decode::<T>().unwrap(), v);
    assert_eq!(e.view::<T>().unwrap(), v.as_view());
}
#[test]
fn derived_messages_come_back() {
    round(Sms { id: 1, text: "x".into(), scores: vec![1.0], reply_to: None });
    round(Tree::Node(Box::new(Tree::Leaf), 2, Box::new(Tree::Leaf)));
    round(Shape::Poly { at: vec!["x".to_owned()], name: "n".into() });
    round(Nest { kids: vec![Nest { kids: vec![], p: PhantomData }], p: PhantomData });
}
