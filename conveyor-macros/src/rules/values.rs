//! Numbers that can be seen to be wrong: CV015.

use crate::ast::{Code, Count, Declaration, Policy};
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use syn::{Expr, Lit, UnOp};

pub(super) fn check(declaration: &Declaration, graph: &Graph<'_>, diagnostics: &mut Diagnostics) {
    let mut not_zero = |code: &Code, what: &str| {
        if literal(code) == Some(0) || is_negative(code) {
            diagnostics.error(code.at, format_args!("CV015: {what} is at least 1"));
        }
    };
    for node in graph.nodes() {
        let about = graph.node(node);
        match about.kind {
            Kind::Pipe(Some(capacity)) if !is_a_copy(graph, node) => {
                not_zero(capacity, "the capacity of a pipe")
            }
            Kind::Fork(Policy::Workers(Count::Fixed(count))) => not_zero(count, "the number of workers"),
            _ => {}
        }
        for option in about.options.iter().filter(|_| !is_a_copy(graph, node)) {
            if let Some(value) = &option.value {
                not_zero(value, &format!("`{}`", option.name));
            }
        }
    }
    for pool in &declaration.pools {
        not_zero(&pool.chunks, "the number of chunks in a pool");
        not_zero(&pool.elements, "the number of elements in a chunk");
    }
}

/// One written pipe stands behind each of several branches: what is wrong with it is said once.
pub(super) fn is_a_copy(graph: &Graph<'_>, node: petgraph::graph::NodeIndex) -> bool {
    let about = graph.node(node);
    matches!(about.kind, Kind::Pipe(_))
        && graph.nodes().any(|other| {
            let other_node = graph.node(other);
            other < node && matches!(other_node.kind, Kind::Pipe(_)) && other_node.order == about.order
        })
}

fn is_negative(code: &Code) -> bool {
    let Some(Expr::Unary(unary)) = code.parsed.as_deref() else { return false };
    matches!(unary.op, UnOp::Neg(_)) && matches!(*unary.expr, Expr::Lit(_))
}

/// The value of an integer literal.
pub(super) fn literal(code: &Code) -> Option<u128> {
    match code.parsed.as_deref()? {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Int(number) => number.base10_parse().ok(),
            _ => None,
        },
        _ => None,
    }
}
