//! The seam between the macro and the run-time: the checked graph as plain constant data.
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

/// A declared pipeline.
#[derive(Debug)]
pub struct Table {
    /// The item's name, or `pipeline` for an expression.
    pub name: &'static str,
    /// Where it is declared.
    pub place: Place,
    /// Elements by number.
    pub elements: &'static [Element],
    /// The names of the declared pools, in order.
    pub pools: &'static [&'static str],
    /// Rows of stages that one static loop can run; the index is the group's number. First those that are as long as one
    /// wiring makes them, which share no stage; then parts of them that may have to run as one, for the sake of options.
    /// A stage alone is no row.
    pub groups: &'static [&'static [u32]],
    /// `#![init = path]`: runs first in every worker.
    pub init: Option<fn()>,
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

/// Where something is declared.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// `file!()`
    pub file: &'static str,
    /// From 1.
    pub line: u32,
    /// From 1.
    pub column: u32,
}

/// One node of the graph.
#[derive(Debug)]
pub struct Element {
    /// The declared name, or one made from what the element does.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// Predecessors by number, in textual order.
    pub from: &'static [u32],
    /// The balanced forks `(N)` around it, outermost first: it stands there once per worker.
    pub within: &'static [u32],
    /// Not written by the user: a missing pipe, an open end, a relay.
    pub inserted: bool,
    /// The pools that its constructor or closure mentions, by number.
    pub pools: &'static [u32],
    /// The source text of a capacity or a count, or the type of an open end, for pictures; empty when there is none.
    pub detail: &'static str,
}

impl Element {
    /// One that the user wrote, in no braces, which mentions no pools.
    pub const fn new(name: &'static str, kind: Kind, from: &'static [u32]) -> Self {
        Element { name, kind, from, within: &[], inserted: false, pools: &[], detail: "" }
    }
    /// See the field.
    pub const fn within(self, within: &'static [u32]) -> Self {
        Element { within, ..self }
    }
    /// See the field.
    pub const fn inserted(self) -> Self {
        Element { inserted: true, ..self }
    }
    /// See the field.
    pub const fn pools(self, pools: &'static [u32]) -> Self {
        Element { pools, ..self }
    }
    /// See the field.
    pub const fn detail(self, detail: &'static str) -> Self {
        Element { detail, ..self }
    }
}

impl Kind {
    /// Does it run, as a process or a thread or in the caller?
    pub fn is_stage(self) -> bool {
        use Kind::{Input, Output, Processor, Relay, Sink, Source};
        matches!(self, Input | Output | Source | Processor | Sink | Relay)
    }
}
