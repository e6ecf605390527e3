//! Every function that a random pipeline may use: how it is written, and what it does to a stream of values.

use crate::library::{self as lib, Digest};
use crate::model::Role::{self, Filter, FilterMap, FlatMap, Processor, Sink, Source, TryMap};
use crate::value::Ty::{self, List, Number, Tagged, Text};
use crate::value::{Held, Value};

/// A row of the catalogue.
pub(crate) struct Function {
    pub(crate) role: Role,
    /// `None`: anything.
    pub(crate) takes: Option<Ty>,
    /// `None`: what it takes.
    pub(crate) gives: Option<Ty>,
    /// Equal ways to write it. `{T}` stands for the type that it takes, `{K}` for the number of a sink.
    pub(crate) ways: &'static [&'static str],
    /// What it makes of all of its inputs.
    pub(crate) apply: fn(Vec<Value>) -> Vec<Value>,
    /// Does the order of its inputs matter, or how they are shared out?
    pub(crate) has_state: bool,
    /// Gives more than it takes.
    pub(crate) expands: bool,
}

impl Function {
    pub(crate) fn is_one_to_one(&self) -> bool {
        matches!(self.role, Processor | TryMap) && !self.expands && !self.drops()
    }

    /// A `processor` that gives less than it takes.
    fn drops(&self) -> bool {
        self.ways.iter().any(|way| way.contains("Summary"))
    }

    pub(crate) fn fits(&self, ty: &Ty) -> bool {
        self.takes.as_ref().is_none_or(|takes| takes == ty)
    }

    pub(crate) fn is_identity(&self) -> bool {
        self.role == Processor && self.takes.is_none() && self.gives.is_none()
    }

    const fn new(
        role: Role,
        takes: Option<Ty>,
        gives: Option<Ty>,
        ways: &'static [&'static str],
        apply: fn(Vec<Value>) -> Vec<Value>,
    ) -> Function {
        Function { role, takes, gives, ways, apply, has_state: false, expands: false }
    }

    const fn with_state(mut self) -> Function {
        self.has_state = true;
        self
    }

    const fn expanding(mut self) -> Function {
        self.expands = true;
        self
    }
}

/// All of them.
pub(crate) static FUNCTIONS: &[Function] = &[
    // anything
    Function::new(Processor, None, None, &["|x| x", "std::convert::identity::<{T}>"], |all| all),
    Function::new(Processor, None, Some(Number), &["|x: {T}| x.digest()", "|x| Digest::digest(&x)"], |all| {
        one(all, |x: Value| x.digest())
    }),
    Function::new(Filter, None, None, &["|x| x.digest() % 4 != 1"], |all| {
        keep(all, |x: &Value| x.digest() % 4 != 1)
    }),
    // numbers
    Function::new(
        Processor,
        Some(Number),
        Some(Number),
        &[
            "double",
            "library::double",
            "|x| double(x)",
            "|x: u64| x.wrapping_mul(2)",
            "{ |x: u64| double(x) }",
        ],
        |all| one(all, lib::double),
    ),
    Function::new(
        Processor,
        Some(Number),
        Some(Number),
        &["|x| keyed(x, *key)", "{ let key = *key; move |x| keyed(x, key) }"],
        |all| one(all, |x| lib::keyed(x, lib::KEY)),
    ),
    Function::new(Processor, Some(Number), Some(Number), &["uneven", "|x| uneven(x)"], |all| {
        one(all, lib::uneven)
    }),
    Function::new(Processor, Some(Number), Some(Number), &["Squares", "{ Squares }"], |all| {
        one(all, lib::square)
    }),
    Function::new(
        Processor,
        Some(Number),
        Some(Number),
        &["Sum::starting(\"0\")?", "{ let mut sum = 0; move |x| summed(&mut sum, x) }"],
        |all| {
            let mut sum = 0;
            one(all, |x| lib::summed(&mut sum, x))
        },
    )
    .with_state(),
    Function::new(
        Processor,
        Some(Number),
        Some(Text),
        &["digits", "|x: u64| digits(x)", "|x: &u64| digits(*x)"],
        |all| one(all, lib::digits),
    ),
    Function::new(Processor, Some(Number), Some(List), &["spread", "|x| spread(x)"], |all| {
        one(all, lib::spread)
    }),
    Function::new(Processor, Some(Number), Some(Tagged), &["tagged", "|x| tagged(x)"], |all| {
        one(all, lib::tagged)
    }),
    Function::new(TryMap, Some(Number), Some(Number), &["|x| checked(x)", "checked"], |all| {
        one(all, |x| lib::checked(x).expect("it is small enough"))
    }),
    Function::new(
        Filter,
        Some(Number),
        Some(Number),
        &["is_kept", "|x| is_kept(x)", "|x| *x % 3 != 0"],
        |all| keep(all, |x: &Value| matches!(x, Value::Number(x) if lib::is_kept(x))),
    ),
    Function::new(
        FilterMap,
        Some(Number),
        Some(Number),
        &["half", "|x| half(x)", "|x: u64| half(x)"],
        |all| many(all, lib::half),
    ),
    Function::new(FlatMap, Some(Number), Some(Number), &["both", "|x| both(x)", "|x: u64| both(x)"], |all| {
        many(all, lib::both)
    })
    .expanding(),
    Function::new(Processor, Some(Number), Some(Number), &["Twice"], |all| many(all, lib::both)).expanding(),
    Function::new(Processor, Some(Number), Some(Number), &["Summary(0)", "Summary::default()"], |all| {
        let mut sum = 0;
        one(all, |x| lib::summed(&mut sum, x));
        vec![Value::Number(sum)]
    })
    .with_state(),
    // texts
    Function::new(Processor, Some(Text), Some(Text), &["shouted", "|text| shouted(text)"], |all| {
        one(all, lib::shouted)
    }),
    Function::new(Processor, Some(Text), Some(Number), &["|text: &str| length(text)"], |all| {
        one(all, |text: String| lib::length(&text))
    }),
    Function::new(Filter, Some(Text), Some(Text), &["|text| is_long(text)"], |all| {
        keep(all, |text: &Value| matches!(text, Value::Text(text) if lib::is_long(text)))
    }),
    Function::new(
        FlatMap,
        Some(Text),
        Some(Text),
        &["|text: &str| pieces(text)", "|text: String| pieces(&text)"],
        |all| many(all, |text: String| lib::pieces(&text)),
    )
    .expanding(),
    // lists
    Function::new(Processor, Some(List), Some(List), &["reversed", "|list| reversed(list)"], |all| {
        one(all, lib::reversed)
    }),
    Function::new(Processor, Some(List), Some(Number), &["|list: &[u64]| total(list)"], |all| {
        one(all, |list: Vec<u64>| lib::total(&list))
    }),
    Function::new(
        FlatMap,
        Some(List),
        Some(Number),
        &["|list| list", "|list: Vec<u64>| list.into_iter()"],
        |all| many(all, |list: Vec<u64>| list),
    )
    .expanding(),
    // structs
    Function::new(Processor, Some(Tagged), Some(Text), &["retold", "|tagged| retold(tagged)"], |all| {
        one(all, lib::retold)
    }),
    Function::new(Processor, Some(Tagged), Some(Number), &["|tagged: Tagged| tagged.number"], |all| {
        one(all, |tagged: lib::Tagged| tagged.number)
    }),
    // ends
    Function::new(Source, None, Some(Number), &["0..*count", "(0..*count).into_iter()"], |_| {
        (0..lib::COUNT).map(Held::wrapped).collect()
    }),
    Function::new(Source, None, Some(Number), &["Countdown(17)"], |_| {
        (1..=17u64).rev().map(Held::wrapped).collect()
    }),
    Function::new(Source, None, Some(Text), &["[\"a\", \"15\", \"bcd\"].map(str::to_owned)"], |_| {
        ["a", "15", "bcd"].map(|text| text.to_owned().wrapped()).into()
    }),
    Function::new(
        Sink,
        None,
        None,
        &["|x| record(sinks, {K}, &x)", "Record::<{T}>::new(sinks, {K})"],
        |all| all,
    ),
];

/// One output for each input.
fn one<A: Held, B: Held>(all: Vec<Value>, mut function: impl FnMut(A) -> B) -> Vec<Value> {
    many(all, |x| Some(function(x)))
}

/// Any number of outputs for each input.
fn many<A: Held, B: Held, I: IntoIterator<Item = B>>(
    all: Vec<Value>,
    function: impl FnMut(A) -> I,
) -> Vec<Value> {
    let typed = all.into_iter().map(|value| A::unwrapped(value).expect("the generator looks at types"));
    typed.flat_map(function).map(Held::wrapped).collect()
}

/// Some of the inputs.
fn keep(mut all: Vec<Value>, function: impl Fn(&Value) -> bool) -> Vec<Value> {
    all.retain(|value| function(value));
    all
}
