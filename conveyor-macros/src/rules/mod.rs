//! Everything that can be known without types. Each file is a group of rules; each error stands at its token and says
//! what to write instead.
//!
//! An error never causes a second one: rules that walk the graph run only when the rules they rely on hold.

mod code;
mod connected;
mod cycles;
mod ends;
mod generics;
mod header;
mod inlets;
mod inner;
mod lanes;
pub(crate) mod options;
mod order;
mod params;
mod regions;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use generics::type_parameters;

use crate::ast::Declaration;
use crate::diagnostics::Diagnostics;
use crate::graph::Graph;

/// Reports every rule that is broken.
pub(crate) fn check(declaration: &Declaration, graph: &Graph<'_>, diagnostics: &mut Diagnostics) {
    refuse(declaration, graph, diagnostics);
    // What seems unused may be what is missing.
    if !diagnostics.has_errors() {
        params::check(declaration, graph, diagnostics);
    }
}

fn refuse(declaration: &Declaration, graph: &Graph<'_>, diagnostics: &mut Diagnostics) {
    let names_are_known = !diagnostics.has_errors();
    generics::check(declaration, diagnostics);
    values::check(declaration, graph, diagnostics);
    code::check(graph, diagnostics);
    inner::check(declaration, diagnostics);
    options::check(graph, diagnostics);
    let before = diagnostics.count();
    order::check(graph, names_are_known, declaration.allows_implicit_pipe, diagnostics);
    if !names_are_known || !cycles::check(graph, diagnostics) {
        return;
    }
    let is_connected = connected::check(declaration, graph, diagnostics);
    if is_connected && inlets::check(graph, diagnostics) && lanes::check(graph, diagnostics) {
        regions::check(graph, diagnostics);
        // What a place cannot obey is clear only where forks and joins are.
        if diagnostics.count() == before {
            options::check_in_place(graph, diagnostics);
        }
        if ends::check(graph, diagnostics) {
            header::check(declaration, graph, diagnostics);
        }
    }
}
