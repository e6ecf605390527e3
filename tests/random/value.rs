//! Messages of random pipelines, as values whose type is known only while the test runs.

use crate::library::{Digest, Tagged, combined};
use std::fmt;

/// The type of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ty {
    Number,
    Text,
    List,
    Tagged,
    Tuple(Vec<Ty>),
    /// The type parameter of the function around.
    Parameter,
}

impl Ty {
    /// As it is written in Rust.
    pub(crate) fn written(&self) -> String {
        match self {
            Ty::Number => "u64".to_owned(),
            Ty::Text => "String".to_owned(),
            Ty::List => "Vec<u64>".to_owned(),
            Ty::Tagged => "Tagged".to_owned(),
            Ty::Tuple(parts) => {
                let parts: Vec<_> = parts.iter().map(Ty::written).collect();
                format!("({})", parts.join(", "))
            }
            Ty::Parameter => "T".to_owned(),
        }
    }
}

/// A message.
#[derive(Clone)]
pub(crate) enum Value {
    Number(u64),
    Text(String),
    List(Vec<u64>),
    Tagged(Tagged),
    Tuple(Vec<Value>),
}

/// Prints what the message itself prints.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(x) => x.fmt(f),
            Value::Text(text) => text.fmt(f),
            Value::List(list) => list.fmt(f),
            Value::Tagged(tagged) => tagged.fmt(f),
            Value::Tuple(parts) => {
                let mut tuple = f.debug_tuple("");
                parts.iter().for_each(|part| {
                    tuple.field(part);
                });
                tuple.finish()
            }
        }
    }
}

impl Digest for Value {
    fn digest(&self) -> u64 {
        match self {
            Value::Number(x) => x.digest(),
            Value::Text(text) => text.digest(),
            Value::List(list) => list.digest(),
            Value::Tagged(tagged) => tagged.digest(),
            Value::Tuple(parts) => combined(parts.iter().map(Digest::digest)),
        }
    }
}

/// A Rust type that a value can hold.
pub(crate) trait Held: Sized {
    fn wrapped(self) -> Value;
    /// Nothing if the value holds another type.
    fn unwrapped(value: Value) -> Option<Self>;
}

macro_rules! held {
    ($($ty:ty = $variant:ident),+) => {$(
        impl Held for $ty {
            fn wrapped(self) -> Value {
                Value::$variant(self)
            }
            fn unwrapped(value: Value) -> Option<Self> {
                if let Value::$variant(inner) = value { Some(inner) } else { None }
            }
        }
    )+};
}
held!(u64 = Number, String = Text, Vec<u64> = List, Tagged = Tagged);

impl Held for Value {
    fn wrapped(self) -> Value {
        self
    }
    fn unwrapped(value: Value) -> Option<Self> {
        Some(value)
    }
}
