//! CV009 across declarations: a pipeline does not contain itself.

use crate::ast::{Declaration, ElementKind};
use crate::at::At;
use crate::diagnostics::Diagnostics;

/// Only what a declaration says of itself can be seen here; where several contain each other, rustc finds the cycle.
pub(super) fn check(declaration: &Declaration, diagnostics: &mut Diagnostics) {
    let Some(name) = &declaration.header.name else { return };
    for named in &declaration.named {
        if let ElementKind::Pipeline(inner) = &named.element.kind
            && inner.path.is_ident(name)
        {
            let text = format!(
                "CV009: `{name}` would contain itself without end: what repeats belongs into a processor"
            );
            diagnostics.error(At::of(&inner.path), text);
        }
    }
}
