//! A pipeline inside another: one call of the wiring, and what only types can tell about its ends.

use super::paths::{private, variable};
use super::plan::Plan;
use crate::ast::Inner;
use crate::at::At;
use petgraph::graph::NodeIndex;
use proc_macro2::TokenStream;
use quote::quote_spanned;

/// `let e5 = w.nested::<Spam, _, _>(5, |(words, limit,): &_, params| Ok(params(words.clone(), *limit)));`
pub(super) fn constructor(plan: &Plan<'_, '_>, node: NodeIndex, inner: &Inner) -> TokenStream {
    let Inner { path, arguments } = inner;
    let at = At::of(path).ours();
    let (number, name, w) = (plan.number(node), plan.variable(node, at), variable("w", at));
    let (scope, params, tokens) =
        (plan.scope.params_of(arguments), variable("params", at), &arguments.tokens);
    let given = quote_spanned!(arguments.at.ours()=> (#tokens));
    quote_spanned! {at=>
        let #name = #w.nested::<#path, _, _>(
            #number,
            |#scope: &_, #params| ::core::result::Result::Ok(#params #given),
        );
        let _: fn(&_, _) -> _ = #name.recipe;
    }
}

/// Nothing leads to it, or from it, and yet it is not the open end of the whole: then it has to be closed there.
pub(super) fn closed_ends(plan: &Plan<'_, '_>, node: NodeIndex) -> TokenStream {
    let at = plan.graph.place(node).ours();
    let (name, closed) = (plan.variable(node, at), private("closed", at));
    let mut checks = TokenStream::new();
    if plan.graph.before(node).is_empty() {
        checks.extend(quote_spanned!(at=> #closed(#name.node().input).by_sources();));
    }
    if plan.graph.behind(node).is_empty() {
        checks.extend(quote_spanned!(at=> #closed(#name.node().output).by_sinks();));
    }
    checks
}
