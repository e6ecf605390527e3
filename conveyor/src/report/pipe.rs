//! One pipe that may drop messages.

/// A pipe with `[when_full = drop_newest]` or `[when_full = drop_oldest]`; see [`Report::pipes`](crate::Report::pipes).
#[derive(Clone, Debug)]
pub struct PipeReport {
    pub(crate) name: String,
    pub(crate) dropped: u64,
}

impl PipeReport {
    /// The declared name, or one made from its place in the graph.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Messages that were dropped there because it was full. The one who gave them counts them as given, nobody as
    /// taken. What is dropped by the readers of a replicated fork counts for each branch that misses it.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}
