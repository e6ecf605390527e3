//! The one door for what macros expand to. Nothing here is meant for users, and nothing here is stable.

pub use crate::element::accept::{Accepted, AcceptedSource};
pub use crate::element::compose::{At, Feed, Then};
pub use crate::element::rate::{Branched, Many, Merged, One, OneToOne, Rate, Rated, Straight};
pub use crate::element::role::{consume, filter_map, flat_map, map, try_map};
pub use crate::element::travels::Travels;
pub use crate::graph::options::{Fuse, OnPoison, Policy, Restart, WhenFull};
pub use crate::graph::ports::{
    ClosedBySinks, ClosedBySources, Copies, Ends, Enters, FlowsInto, IsDeclared, Leaves, Node, Port, between,
    closed, ends, port, rate, same, through,
};
pub use crate::graph::settings::Settings;
pub use crate::graph::table::{Element, Kind, Place, Table};
pub use crate::memory::{AnyPool, Pool};
pub use crate::message::Encoded;
pub use crate::pipeline::Pipeline;
#[cfg(all(feature = "bench", target_os = "linux"))]
pub use crate::pipeline::run_alone;
pub use crate::ring::Span;
pub use crate::wiring::row::Broken;
pub use crate::wiring::{
    Element as Wired, Named, Pools, Scope, Wiring, graph_of_named, rate_of, shape_of, takes,
};
pub use conveyor_macros::__pipeline;
