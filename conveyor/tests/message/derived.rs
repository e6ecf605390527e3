//! Derived messages of every shape.

use super::random::{Random, Sample, samples};
use conveyor::Message;
use std::marker::PhantomData;

#[derive(Message, Clone, Debug, PartialEq)]
pub(crate) struct Sms {
    id: u64,
    pub(crate) text: String,
    pub(crate) scores: Vec<f32>,
    pub reply_to: Option<u64>,
}

#[derive(Message, Clone, Debug, PartialEq)]
pub(crate) struct Pair<A, B = String>(pub(crate) A, pub(crate) Vec<B>);

#[derive(Message, Clone, Debug, PartialEq)]
pub(crate) struct Unit;

#[derive(Message, Clone, Debug, PartialEq)]
pub(crate) struct Braces {}

#[derive(Message, Clone, Copy, Debug, PartialEq)]
pub(crate) enum Color {
    Red,
    Green,
    Blue,
}

#[derive(Message, Clone, Debug, PartialEq)]
#[message(view = Outline)]
pub(crate) enum Shape<T> {
    Nothing,
    Circle(f32, Color),
    Polygon { corners: Vec<[T; 2]>, name: String },
}

#[derive(Message, Clone, Debug, PartialEq)]
pub(crate) enum Tree<T> {
    Leaf,
    Node(Box<Tree<T>>, T, Box<Self>),
}

#[derive(Message, Clone, Debug, PartialEq)]
pub(crate) struct Folder {
    name: String,
    folders: Vec<Folder>,
    first: Option<Box<self::Folder>>,
}

#[derive(Message, Clone, Debug, PartialEq)]
pub(crate) struct Chicken {
    #[message(recursive)]
    eggs: Vec<Egg>,
}

#[derive(Message, Clone, Debug, PartialEq)]
pub(crate) struct Egg {
    chicken: Option<Box<Chicken>>,
}

#[derive(Message, Clone, Copy, Debug, PartialEq)]
#[message(plain)]
#[repr(C)]
pub(crate) struct Point {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) tags: [u32; 2],
}

#[derive(Message, Clone, Copy, Debug, PartialEq)]
#[message(plain)]
#[repr(transparent)]
pub(crate) struct Meters(pub(crate) f64);

/// Is no message itself.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bayes;

#[derive(Message, Clone, Debug, PartialEq)]
pub(crate) struct Table<K, V, const N: usize>
where
    K: Clone,
{
    rows: Vec<(K, [V; N])>,
    r#type: u8,
    marker: PhantomData<for<'b> fn(&'b K)>,
}

samples! {
    [] Sms: |random| Sms {
        id: random.value(),
        text: random.value(),
        scores: random.value(),
        reply_to: random.value(),
    };
    [A: Sample, B: Sample] Pair<A, B>: |random| Pair(random.value(), random.value());
    [] Unit: |_| Unit;
    [] Braces: |_| Braces {};
    [] Color: |random| [Color::Red, Color::Green, Color::Blue][random.below(3)];
    [T: Sample] Shape<T>: |random| match random.below(3) {
        0 => Shape::Nothing,
        1 => Shape::Circle(random.value(), random.value()),
        _ => Shape::Polygon { corners: random.value(), name: random.value() },
    };
    [T: Sample] Tree<T>: |random| random
        .deeper(|random| Tree::Node(random.value(), random.value(), random.value()))
        .unwrap_or(Tree::Leaf);
    [] Folder: |random| Folder { name: random.value(), folders: random.value(), first: random.value() };
    [] Chicken: |random| Chicken { eggs: random.value() };
    [] Egg: |random| Egg { chicken: random.value() };
    [] Point: |random| Point { x: random.value(), y: random.value(), tags: random.value() };
    [] Meters: |random| Meters(random.value());
    [K: Sample + Clone, V: Sample, const N: usize] Table<K, V, N>: |random| Table {
        rows: random.value(),
        r#type: random.value(),
        marker: PhantomData,
    };
}
