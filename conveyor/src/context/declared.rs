//! What there is to run.

use super::Backend;
use crate::graph::plan::Plan;
use crate::graph::settings::Settings;
use crate::graph::table::Table;
use crate::message::Encoded;
use crate::wiring::Entry;
use std::sync::Arc;

/// Everything about a pipeline that has no type.
pub(crate) struct Declared {
    pub(crate) table: &'static Table,
    pub(crate) settings: Settings,
    /// Encoded once; every worker reads its own copy. Not encoded: why not.
    pub(crate) params: Result<Encoded, String>,
    pub(crate) entry: Entry,
}

/// What a context is asked to run.
#[derive(Clone)]
pub(crate) struct Job {
    pub(crate) declared: Arc<Declared>,
    pub(crate) plan: Arc<Plan>,
    /// Of the processes context.
    pub(crate) backend: Backend,
}
