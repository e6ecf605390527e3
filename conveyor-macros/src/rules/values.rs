//! Numbers that can be seen to be wrong: CV015.

use crate::ast::{Code, Count, Declaration, Policy};
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use syn::{Expr, Lit, UnOp};

/// The run-time's own limits: it checks what is no literal.
const WORKERS_MAX: u128 = 1024;
const CHUNKS_MAX: u128 = 65_535;
const ANY: u128 = u128::MAX;

pub(super) fn check(declaration: &Declaration, graph: &Graph<'_>, diagnostics: &mut Diagnostics) {
    let mut within = |code: &Code, what: &str, most: u128| {
        let value = literal(code);
        if value == Some(0) || is_negative(code) {
            diagnostics.error(code.at, format_args!("CV015: {what} is at least 1"));
        } else if value.is_some_and(|value| value > most) {
            diagnostics.error(code.at, format_args!("CV015: {what} is at most {most}"));
        }
    };
    for node in graph.nodes() {
        let about = graph.node(node);
        match about.kind {
            Kind::Pipe(Some(capacity)) if !is_a_copy(graph, node) => {
                within(capacity, "the capacity of a pipe", ANY)
            }
            Kind::Fork(Policy::Workers(Count::Fixed(count))) => {
                within(count, "the number of workers", WORKERS_MAX)
            }
            _ => {}
        }
        for option in about.options.iter().filter(|_| !is_a_copy(graph, node)) {
            if let Some(value) = &option.value {
                within(value, &format!("`{}`", option.name), ANY);
            }
        }
    }
    for pool in &declaration.pools {
        within(&pool.chunks, "the number of chunks in a pool", CHUNKS_MAX);
        within(&pool.elements, "the number of elements in a chunk", ANY);
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
