//! The one door for what macros expand to. Nothing here is meant for users, and nothing here is stable.

pub use crate::element::compose::{At, Feed, Then};
pub use crate::element::rate::{Branched, Many, Merged, One, Rate, Rated};
pub use crate::element::role::{Consume, FilterMap, FlatMap, Map, TryMap};
pub use crate::graph::options::{Fuse, OnPoison, Policy, Restart, WhenFull};
pub use crate::graph::ports::{Ends, Node, Port, between, closed, ends, port, rate, through};
pub use crate::graph::settings::Settings;
pub use crate::graph::table::{Element, Kind, Place, Table};
pub use crate::memory::{AnyPool, Pool};
pub use crate::message::Encoded;
pub use crate::pipeline::Pipeline;
pub use crate::ring::Span;
pub use crate::wiring::row::Broken;
pub use crate::wiring::{
    Element as Wired, Named, Pools, Scope, Wiring, graph_of_named, rate_of, shape_of, takes,
};
pub use conveyor_macros::__pipeline;
