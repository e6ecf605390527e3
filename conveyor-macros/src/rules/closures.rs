//! The forms of user code that a keyword takes.

use crate::ast::{Code, Role};
use crate::at::At;
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use crate::user::Form;

pub(super) fn check(graph: &Graph<'_>, diagnostics: &mut Diagnostics) {
    for node in graph.nodes() {
        if let Kind::Stage(role, code) = graph.node(node).kind {
            user_code(role, code, diagnostics);
        }
    }
}

/// Closures that no keyword can take.
fn user_code(role: Role, code: &Code, diagnostics: &mut Diagnostics) {
    let form = Form::of(code);
    let is_closure = matches!(code.parsed.as_deref(), Some(syn::Expr::Closure(_)));
    if role == Role::Filter && matches!(form, Form::Value | Form::Block(_)) && !is_closure {
        let text = "`filter` takes a closure or the path of a function: write `filter(|x| ..)`";
        diagnostics.error(code.at, text);
    }
    if let Some(syn::Expr::Closure(closure)) = code.parsed.as_deref()
        && role != Role::Source
        && !matches!(form, Form::Closure(_))
    {
        let keyword = role.keyword();
        match closure.inputs.len() {
            1 => {
                let text = format!(
                    "a closure behind `{keyword}` is `|x| ..` or `move |x| ..`: leave other words out"
                );
                diagnostics.error(code.at, text);
            }
            _ => {
                let text = format!(
                    "the closure behind `{keyword}` takes one argument: `|x| ..`; what a `join zip` gives is one tuple, \
                     `|(a, b)| ..`"
                );
                diagnostics.error(At::of(closure.inputs_begin), text);
            }
        }
    }
}
