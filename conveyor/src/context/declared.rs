//! What there is to run.

use crate::graph::settings::Settings;
use crate::graph::table::Table;
use crate::message::Encoded;
use crate::wiring::Entry;

/// Everything about a pipeline that has no type.
pub(crate) struct Declared {
    pub(crate) table: &'static Table,
    pub(crate) settings: Settings,
    /// Encoded once; every worker reads its own copy.
    pub(crate) params: Encoded,
    pub(crate) entry: Entry,
    /// What a worker process runs.
    #[cfg(target_os = "linux")]
    pub(crate) main: crate::sys::order::Main,
}
