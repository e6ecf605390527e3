//! What types and user code cannot do without: those that stand where nothing says what they take.

use crate::ast::{Code, Declaration, Role};
use crate::at::At;
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use crate::user::{Argument, Form};

pub(super) fn check(declaration: &Declaration, graph: &Graph<'_>, diagnostics: &mut Diagnostics) {
    limits(declaration, diagnostics);
    let header = &declaration.header;
    let head = graph.open_heads().first().copied();
    if header.types.is_none() {
        if let Some(name) = &header.name
            && (head.is_some() || !graph.open_ends().is_empty())
        {
            let text =
                format!("`{name}` has an open end: declare what it takes and gives, `{name}<In -> Out>;`");
            diagnostics.error(At::of(name), text);
        } else if let Some(Kind::Stage(role, code)) = head.map(|head| graph.node(head).kind)
            && !says_what_it_takes(role, code)
        {
            let text =
                "CV017: nothing says what this closure takes: write `|x: T|`, or a header `<In -> Out>;`";
            diagnostics.error(code.at, text);
        }
    }
    for node in graph.nodes() {
        if let Kind::Stage(role, code) = graph.node(node).kind {
            user_code(role, code, diagnostics);
        }
    }
}

/// Parameters are one message, pools one tuple.
fn limits(declaration: &Declaration, diagnostics: &mut Diagnostics) {
    if let Some(param) = declaration.header.params.get(PARAMS_MAX) {
        let text = format!("a pipeline has at most {PARAMS_MAX} parameters: put some into a struct");
        diagnostics.error(At::of(&param.name), text);
    }
    if let Some(pool) = declaration.pools.get(POOLS_MAX) {
        diagnostics.error(At::of(&pool.name), format_args!("a pipeline has at most {POOLS_MAX} pools"));
    }
}

const PARAMS_MAX: usize = 12;
const POOLS_MAX: usize = 4;

fn says_what_it_takes(role: Role, code: &Code) -> bool {
    let argument = match Form::of(code) {
        Form::Closure(closure) => closure.argument(),
        Form::Block(argument) => argument,
        Form::Path | Form::Value => return role != Role::Filter,
    };
    match argument {
        Argument::Open | Argument::Borrowed(None) => false,
        Argument::Owned => role != Role::Filter,
        Argument::Borrowed(Some(_)) => true,
    }
}

/// Closures that no keyword can take.
fn user_code(role: Role, code: &Code, diagnostics: &mut Diagnostics) {
    let form = Form::of(code);
    if role == Role::Filter && matches!(form, Form::Value | Form::Block(_)) {
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
