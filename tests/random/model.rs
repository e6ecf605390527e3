//! A random pipeline by what it means: not yet how it is written.
//!
//! Strands are rows of steps that lead from one knot to another. A region, a fork with the join that closes it, is one
//! step. Everything that is not such a region, any acyclic graph, is strands between knots.

use crate::catalog::Function;
use crate::value::Ty;

/// The keyword in front of user code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Processor,
    Source,
    Sink,
    Filter,
    FilterMap,
    FlatMap,
    TryMap,
}

impl Role {
    pub(crate) fn keyword(self) -> &'static str {
        match self {
            Role::Processor => "processor",
            Role::Source => "source",
            Role::Sink => "sink",
            Role::Filter => "filter",
            Role::FilterMap => "filter_map",
            Role::FlatMap => "flat_map",
            Role::TryMap => "try_map",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Join {
    Merge,
    Zip,
    Ordered,
}

impl Join {
    pub(crate) fn keyword(self) -> &'static str {
        match self {
            Join::Merge => "merge",
            Join::Zip => "zip",
            Join::Ordered => "ordered",
        }
    }
}

/// How a fork hands on its messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    Replicated,
    /// Branches that do the same, each in its own way: so it does not matter which gets a message.
    Shared,
    Workers(Count),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Count {
    Fixed(usize),
    /// `workers`, a parameter.
    Parameter,
    Auto,
}

/// A whole pipeline.
#[derive(Clone)]
pub(crate) struct Graph {
    /// Those that lead to one zip are in the order of its parts.
    pub(crate) strands: Vec<Strand>,
    pub(crate) knots: Vec<Knot>,
    /// Forks and joins among the knots that belong together.
    pub(crate) regions: Vec<(usize, usize)>,
    /// The open head.
    pub(crate) takes: Option<Ty>,
    /// The open end.
    pub(crate) gives: Option<Ty>,
    pub(crate) sinks: usize,
    /// Pipelines that are elements of this one, or of those behind them in this list.
    pub(crate) parts: Vec<Part>,
}

/// A pipeline that is an element of others.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) takes: Ty,
    pub(crate) gives: Ty,
    pub(crate) steps: Chain,
    /// It may stand anywhere: it is one-to-one, has no state, and nothing leaves it.
    pub(crate) is_plain: bool,
}

/// A row of steps. Where it comes from no knot, it begins with a source or is the open head; the same at the end.
#[derive(Clone)]
pub(crate) struct Strand {
    pub(crate) from: Option<usize>,
    pub(crate) steps: Chain,
    pub(crate) to: Option<usize>,
    /// Is it a part of a branch that a zip closes?
    pub(crate) in_zip: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Knot {
    Fork(Policy),
    Join(Join),
}

pub(crate) type Chain = Vec<Step>;

#[derive(Clone)]
pub(crate) enum Step {
    Stage(Stage),
    Region(Region),
    /// A use of a part, by its number.
    Part(usize),
}

/// A use of a function.
#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) function: &'static Function,
    /// Which of its ways it is written in.
    pub(crate) way: usize,
    pub(crate) takes: Ty,
    /// The number of a sink.
    pub(crate) sink: usize,
}

/// A fork with its branches and the join that closes it. Branches may end in sinks; without a join all or all but one
/// do. A branch without steps hands messages on.
#[derive(Clone)]
pub(crate) struct Region {
    pub(crate) fork: Policy,
    pub(crate) branches: Vec<Chain>,
    pub(crate) join: Option<Join>,
}

impl Stage {
    pub(crate) fn gives(&self) -> Ty {
        self.function.gives.clone().unwrap_or_else(|| self.takes.clone())
    }

    pub(crate) fn role(&self) -> Role {
        self.function.role
    }

    pub(crate) fn code(&self) -> String {
        let way = self.function.ways[self.way];
        way.replace("{T}", &self.takes.written()).replace("{K}", &self.sink.to_string())
    }
}

/// Does nothing come out of this chain?
pub(crate) fn ends_in_sinks(chain: &[Step]) -> bool {
    match chain.last() {
        Some(Step::Stage(stage)) => stage.role() == Role::Sink,
        Some(Step::Region(region)) => {
            region.join.is_none() && region.branches.iter().all(|branch| ends_in_sinks(branch))
        }
        Some(Step::Part(_)) | None => false,
    }
}
