//! The one door for what macros expand to. Nothing here is meant for users, and nothing here is stable.

pub use crate::Failure;
pub use crate::element::accept::{Accepted, AcceptedSource};
pub use crate::element::compose::{At, Feed, Then};
pub use crate::element::rate::{Branched, Many, Merged, One, OneToOne, Rate, Rated, Straight};
pub use crate::element::role::{Fails, consume, filter_map, flat_map, map, try_map};
pub use crate::element::travels::{Pooled, Travels};
pub use crate::graph::options::{FuseWith as Fuse, OnPoison, Policy, Restart, WhenFull};
pub use crate::graph::ports::{
    Begins, ClosedBySinks, ClosedBySources, Copies, Ends, Enters, FlowsInto, IsDeclared, Leaves, Node, Port,
    between, closed, ends, port, rate, same, through,
};
pub use crate::graph::settings::{Amount, Condition, Settings, Time, evaluated};
pub use crate::graph::written::Written;
pub use crate::memory::{AnyPool, Pool};
pub use crate::message::Encoded;
pub use crate::pipeline::declare::declare;
#[cfg(all(feature = "bench", target_os = "linux"))]
pub use crate::pipeline::run_alone;
pub use crate::ring::Span;
pub use crate::wiring::{
    Acyclic, Element as Wired, Gives, Named, Pools, Scope, Wiring, graph_of_named, rate_of, shape_of, takes,
};
pub use conveyor_macros::__pipeline;

/// The traits whose methods are called where an element has been refused. They have no names in an expansion.
pub mod fallbacks {
    pub use crate::element::keep::Forgets as _;
    pub use crate::element::travels::{Declared as _, Unsent as _};
    pub use crate::graph::ports::{Gives as _, GivesDeclared as _, HandsOn as _};
    pub use crate::pipeline::declare::Undeclared as _;
    pub use crate::wiring::row::Broken as _;
    pub use crate::wiring::value::{Borrows as _, BorrowsOther as _, Refused as _, Unfit as _};
}

/// rustc shows the name of this macro where an item should stand.
#[doc(hidden)]
#[macro_export]
macro_rules! pipeline_without_a_name_is_an_expression {
    ($block:tt) => {
        $block
    };
}
pub use crate::pipeline_without_a_name_is_an_expression;
