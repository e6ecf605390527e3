//! Everything that can be known without types. Each file is a group of rules; each error stands at its token and says
//! what to write instead.
//!
//! An error never causes a second one: what a rule has refused takes part in no other one, a walk along the flow stops
//! there, and what seems to be missing is reported only if nothing that has been reported could be it (`certain`). All
//! else is checked.

mod certain;
mod closures;
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
mod several;
#[cfg(test)]
mod tests;
mod values;

pub(crate) use generics::type_parameters;

use crate::ast::Declaration;
use crate::diagnostics::Diagnostics;
use crate::graph::Graph;

/// Reports every rule that is broken.
pub(crate) fn check(declaration: &Declaration, graph: &mut Graph<'_>, diagnostics: &mut Diagnostics) {
    refuse(declaration, graph, diagnostics);
    // What seems unused may be what is missing.
    if !diagnostics.has_errors() {
        params::check(declaration, graph, diagnostics);
    }
}

fn refuse(declaration: &Declaration, graph: &mut Graph<'_>, diagnostics: &mut Diagnostics) {
    let names_are_clear = !diagnostics.has_errors();
    generics::check(declaration, diagnostics);
    values::check(declaration, graph, diagnostics);
    code::check(graph, diagnostics);
    closures::check(graph, diagnostics);
    inner::check(declaration, diagnostics);
    options::check(graph, diagnostics);
    let before = diagnostics.count();
    order::check(graph, declaration.allows_implicit_pipe, diagnostics);
    cycles::check(graph, diagnostics);
    connected::check(declaration, graph, diagnostics);
    inlets::check(graph, diagnostics);
    lanes::check(graph, diagnostics);
    regions::check(graph, diagnostics);
    ends::check(graph, diagnostics);
    let holds = names_are_clear && diagnostics.count() == before;
    header::check(declaration, graph, holds, diagnostics);
    options::check_in_place(graph, holds, diagnostics);
}
