//! The graph as Mermaid text, for rustdoc.

use super::plan::Plan;
use std::fmt::Write;

/// Inserted elements are dashed, as in the pictures of the run-time.
pub(super) fn mermaid(plan: &Plan<'_, '_>) -> String {
    let mut text = String::from("flowchart LR\n");
    for (number, (node, name)) in plan.sorted.iter().zip(&plan.names).enumerate() {
        let about = plan.graph.node(*node);
        let class = if about.inserted { ":::inserted" } else { "" };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {number}[\"{name}\"]{class}");
        for before in plan.graph.before(*node) {
            let _ = writeln!(text, "  {} --> {number}", plan.number(before));
        }
    }
    text.push_str("  classDef inserted stroke-dasharray: 4\n");
    text
}
