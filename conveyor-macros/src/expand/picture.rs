//! The graph as a picture in the documentation of an item.

use super::plan::Plan;
use super::table::{detail, kind_of};
use crate::picture::{Part, svg};
use petgraph::graph::NodeIndex;

/// As Markdown.
pub(super) fn picture(plan: &Plan<'_, '_>, name: &str) -> String {
    let numbers = |nodes: &[NodeIndex]| nodes.iter().map(|node| plan.number(*node) as usize).collect();
    let part = |(node, name): (&NodeIndex, &String)| {
        let about = plan.graph.node(*node);
        Part {
            name: name.clone(),
            kind: kind_of(&about.kind),
            from: numbers(&plan.graph.before(*node)),
            within: numbers(&about.lanes),
            inserted: about.inserted,
            detail: detail(plan, &about.kind),
        }
    };
    let parts: Vec<Part> = plan.sorted.iter().zip(&plan.names).map(part).collect();
    format!("<div>{}</div>", svg(&format!("The graph of {name}"), &parts))
}
