//! The rules.

use crate::ast::Declaration;
use crate::diagnostics::Diagnostics;
use crate::graph::Graph;

/// Checks everything that can be known without types.
pub(crate) fn check(_declaration: &Declaration, _graph: &Graph<'_>, _diagnostics: &mut Diagnostics) {}
