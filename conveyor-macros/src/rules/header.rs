//! The header: how much it may declare, and what it must say because nothing else does.

use super::ends::certain_heads;
use crate::ast::{Code, Declaration, Role};
use crate::at::At;
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use crate::user::{Argument, Form};

/// What can be said of the types only if nothing else is wrong `holds`.
pub(super) fn check(
    declaration: &Declaration,
    graph: &Graph<'_>,
    holds: bool,
    diagnostics: &mut Diagnostics,
) {
    limits(declaration, diagnostics);
    let header = &declaration.header;
    if header.types.is_some() {
        return;
    }
    if let Some(name) = &header.name {
        if holds && (!graph.open_heads().is_empty() || !graph.open_ends().is_empty()) {
            let text =
                format!("`{name}` has an open end: declare what it takes and gives, `{name}<In -> Out>;`");
            diagnostics.error(At::of(name), text);
        }
    } else if let [head] = certain_heads(graph)[..]
        && let Kind::Stage(role, code) = graph.node(head).kind
        && !says_what_it_takes(role, code)
    {
        let text = "CV017: nothing says what this closure takes: write `|x: T|`, or a header `<In -> Out>;`";
        diagnostics.error(code.at, text);
    }
}

/// Parameters are one message, pools one tuple.
fn limits(declaration: &Declaration, diagnostics: &mut Diagnostics) {
    if let Some(param) = declaration.header.params.get(PARAMS_MAX) {
        let text = format!("a pipeline has at most {PARAMS_MAX} parameters: put some into a struct");
        diagnostics.error(At::of(&param.name), text);
    }
    if let Some(pool) = declaration.pools.get(POOLS_MAX) {
        let text = format!(
            "a pipeline has at most {POOLS_MAX} pools: let code share one, or move some into a pipeline inside, which has its \
             own"
        );
        diagnostics.error(At::of(&pool.name), text);
    }
}

const PARAMS_MAX: usize = 12;
const POOLS_MAX: usize = 4;

fn says_what_it_takes(role: Role, code: &Code) -> bool {
    let argument = match Form::of(code) {
        Form::Closure(closure) => closure.argument(),
        Form::Block(argument) if role != Role::Filter => argument,
        Form::Path => return role != Role::Filter,
        // a filter of those has been refused
        Form::Block(_) | Form::Value => return true,
    };
    match argument {
        Argument::Open | Argument::Borrowed(None) => false,
        Argument::Owned => role != Role::Filter,
        Argument::Borrowed(Some(_)) => true,
    }
}
