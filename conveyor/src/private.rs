//! The one door for what macros expand to. Nothing here is meant for users, and nothing here is stable.

pub use crate::Failure;
#[cfg(all(feature = "proof", target_os = "linux"))]
pub use crate::context::{Figures, Root, Stand};
pub use crate::element::accept::{AcceptedSource, Borrowing};
pub use crate::element::accepted::{
    Accepted, AcceptedFilterMap, AcceptedFlatMap, AcceptedSink, AcceptedTryMap,
};
pub use crate::element::compose::{At, Feed, Then};
pub use crate::element::given::{Behind, Given, Lent, decided, shown};
pub use crate::element::rate::{Branched, Many, Merged, One, OneToOne, Rate, Rated, Straight};
pub use crate::element::role::{Fails, consume, filter_map, flat_map, map, try_map};
pub use crate::element::travels::{Owned, Pooled, Travels};
pub use crate::graph::options::{FuseWith as Fuse, OnPoison, Policy, Restart, WhenFull};
pub use crate::graph::ports::{
    Agrees, Begins, ClosedBySinks, ClosedBySources, Copies, Ends, Enters, FlowsInto, IsDeclared, Leaves,
    Node, Port, between, closed, ends, port, rate, same, through,
};
pub use crate::graph::settings::{Amount, Condition, Settings, Time, evaluated};
pub use crate::graph::written::Written;
pub use crate::memory::{AnyPool, Pool};
pub use crate::message::Encoded;
pub use crate::pipeline::declare::declare;
#[cfg(all(feature = "bench", target_os = "linux"))]
pub use crate::pipeline::run_alone;
#[cfg(all(feature = "proof", target_os = "linux"))]
pub use crate::pipeline::stand;
pub use crate::pipeline::unmade::Unmade;
pub use crate::ring::Span;
pub use crate::sync::mutant::Mutant;
#[cfg(all(feature = "proof", target_os = "linux"))]
pub use crate::sync::puppet::drive;
pub use crate::wiring::uncalled::Called;
pub use crate::wiring::{
    Acyclic, Element as Wired, Gives, Named, Pools, Scope, Wiring, graph_of_named, rate_of, shape_of, takes,
};
pub use conveyor_macros::{__carried, __pipeline};

/// The traits whose methods are called where an element has been refused. They have no names in an expansion.
pub mod fallbacks {
    pub use crate::element::keep::Forgets as _;
    pub use crate::element::travels::{Declared as _, Unsent as _};
    pub use crate::graph::ports::{
        Disagrees as _, Gives as _, GivesDeclared as _, HandsOn as _, IsWrong as _, Unclosed as _,
    };
    pub use crate::pipeline::declare::Undeclared as _;
    pub use crate::wiring::element::{OwnsNoView as _, OwnsView as _};
    pub use crate::wiring::row::Broken as _;
    pub use crate::wiring::source::{NoSource as _, RefusedSource as _, UnfitSource as _};
    pub use crate::wiring::uncalled::Makes as _;
    pub use crate::wiring::value::{
        Borrows as _, BorrowsOther as _, GivesBorrowed as _, Refused as _, TakesView as _, Unfit as _,
    };
}

/// Where an item should stand, rustc shows the name of this macro, and the label of the block.
#[doc(hidden)]
#[macro_export]
macro_rules! pipeline_without_a_name_is_an_expression {
    ($($block:tt)*) => {
        $($block)*
    };
}

/// rustc shows the name of this macro where something is captured, below its own words and the captured variable.
#[doc(hidden)]
#[macro_export]
macro_rules! make_what_is_captured_a_parameter_of_the_pipeline_or_a_constant {
    ($user:expr) => {{
        let captures = $user;
        captures
    }};
}
pub use crate::make_what_is_captured_a_parameter_of_the_pipeline_or_a_constant;
pub use crate::pipeline_without_a_name_is_an_expression;
