//! The checked graph as plain data, which the run-time reads from what the macro has [`written`](super::written).
//!
//! The macro writes a table with one element for each pipeline that is used inside; `flatten` puts that pipeline's own
//! elements there, so everything behind it sees a table without any.
//!
//! Invariants (the macro's rules hold them; `plan` relies on them):
//! - an element's number is its index in `elements`; `from` lists its predecessors in textual order; their numbers are
//!   smaller;
//! - stages are `Input`, `Output`, `Source`, `Processor`, `Sink` and `Relay`; a stage's inlet is a pipe, a fork or a
//!   join; a fork's predecessor is one pipe; a join's predecessors are pipes; a pipe's predecessor is a stage, or a
//!   fork or join that it hands through (then its only successor is a stage, or anything below a *replicated* fork);
//! - where a pipe would have to start at a join or at a share of a balanced fork, a `Relay` stands before it;
//! - at most one `Input` and one `Output`.

pub use super::kind::Kind;
use std::panic::Location;

/// A declared pipeline.
#[derive(Debug)]
pub(crate) struct Table {
    /// The item's name, or `pipeline` for an expression.
    pub(crate) name: &'static str,
    /// Where it is declared.
    pub(crate) place: &'static Location<'static>,
    /// Elements by number.
    pub(crate) elements: &'static [Element],
    /// The names of the declared pools, in order.
    pub(crate) pools: &'static [&'static str],
    /// Rows of stages that one static loop can run; the index is the group's number. First those that are as long as one
    /// wiring makes them, which share no stage; then parts of them that may have to run as one, for the sake of options.
    /// A stage alone is no row.
    pub(crate) groups: &'static [&'static [u32]],
    /// `#![init = path]`: runs first in every worker.
    pub(crate) init: Option<fn()>,
}

impl Table {
    /// A number that another graph hardly has: FNV-1a over names, kinds and edges.
    pub(crate) fn fingerprint(&self) -> u64 {
        let mut print = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |byte: u8| print = (print ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        self.name.bytes().for_each(&mut add);
        for element in self.elements {
            element.name.bytes().for_each(&mut add);
            add(element.kind as u8);
            let edges = element.from.iter().chain([&u32::MAX]).chain(element.within).chain([&u32::MAX]);
            edges.flat_map(|edge| edge.to_le_bytes()).for_each(&mut add);
        }
        print
    }
}

/// One node of the graph.
#[derive(Debug)]
pub(crate) struct Element {
    /// The declared name, or one made from what the element does.
    pub(crate) name: &'static str,
    /// What it is.
    pub(crate) kind: Kind,
    /// Predecessors by number, in textual order.
    pub(crate) from: &'static [u32],
    /// The balanced forks `(N)` around it, outermost first: it stands there once per worker.
    pub(crate) within: &'static [u32],
    /// Not written by the user: a missing pipe, an open end, a relay.
    pub(crate) inserted: bool,
    /// The pools that its constructor or closure mentions, by number.
    pub(crate) pools: &'static [u32],
    /// The source text of a capacity or a count, or the type of an open end, for pictures; empty when there is none.
    pub(crate) detail: &'static str,
}

impl Kind {
    /// Does it run, as a process or a thread or in the caller?
    pub fn is_stage(self) -> bool {
        use Kind::{Input, Output, Processor, Relay, Sink, Source};
        matches!(self, Input | Output | Source | Processor | Sink | Relay)
    }
}
