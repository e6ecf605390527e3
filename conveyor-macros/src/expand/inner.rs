//! A pipeline inside another: one call of the wiring, and what only types can tell about its ends.

use super::paths::{blamed, captures_nothing, private, variable};
use super::plan::Plan;
use crate::ast::Inner;
use crate::at::At;
use crate::graph::Kind;
use petgraph::Direction::{self, Incoming};
use petgraph::graph::NodeIndex;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

/// `let e5 = w.nested::<<Spam as Acyclic>::Itself, _, _, _>(5, |(words, limit,): &_, params| Ok(params(words.clone(), *limit)));`
pub(super) fn constructor(plan: &Plan<'_, '_>, node: NodeIndex, inner: &Inner) -> TokenStream {
    let Inner { path, arguments } = inner;
    let at = At::of(path).ours();
    let (number, name, w) = (plan.number(node), plan.variable(node, at), variable("w", at));
    let (scope, params, tokens) =
        (plan.scope.params_of(arguments), variable("params", at), &arguments.tokens);
    let itself = if plan.in_editor { quote!(#path) } else { itself(plan, inner) };
    let given = quote_spanned!(arguments.at.ours()=> (#tokens));
    let captures_nothing = captures_nothing(&quote_spanned!(at=> #name.recipe), at);
    quote_spanned! {at=>
        let #name = #w.nested::<#itself, _, _, _>(
            #number,
            |#scope: &_, #params| ::core::result::Result::Ok(#params #given),
        );
        let _: fn(&_, _) -> _ = #captures_nothing;
    }
}

/// The pipelines inside, in the order of the table.
pub(super) fn inside(plan: &Plan<'_, '_>) -> Vec<TokenStream> {
    let inside = plan.sorted.iter().filter_map(|node| match plan.graph.node(*node).kind {
        Kind::Pipeline(inner) => Some(itself(plan, inner)),
        _ => None,
    });
    inside.collect()
}

/// `<Spam as Acyclic>::Itself`
fn itself(plan: &Plan<'_, '_>, Inner { path, .. }: &Inner) -> TokenStream {
    let (at, acyclic) = (At::of(path).ours(), plan.paths.hidden("Acyclic"));
    quote_spanned!(at=> <#path as #acyclic>::Itself)
}

/// Nothing leads to it, or from it, and yet it is not the open end of the whole: then it has to be closed there.
pub(super) fn closed_ends(plan: &Plan<'_, '_>, node: NodeIndex) -> TokenStream {
    let place = plan.graph.place(node);
    let at = place.ours();
    let (name, closed) = (plan.variable(node, at), private("closed", at));
    let mut checks = TokenStream::new();
    if plan.graph.before(node).is_empty() {
        let rule = blamed(&["ClosedBySources", "by_sources"], place);
        checks.extend(quote_spanned!(at=> #closed(#name.node().input).holds(#rule);));
    }
    if plan.graph.behind(node).is_empty() {
        let rule = blamed(&["ClosedBySinks", "by_sinks"], place);
        checks.extend(quote_spanned!(at=> #closed(#name.node().output).holds(#rule);));
    }
    checks
}

/// The port that the header is compared with. Where a pipeline inside should be closed beside it, but is open, that is said
/// at its name, and it may be what the header means.
///
/// `closed(e5.node().output).beside(e3.node().output)`
pub(super) fn beside_closed_ends(
    plan: &Plan<'_, '_>,
    side: Direction,
    port: TokenStream,
    place: At,
) -> TokenStream {
    let at = place.ours();
    let (closed, end) = (private("closed", at), if side == Incoming { "input" } else { "output" });
    let end = Ident::new(end, at);
    let beside = plan.sorted.iter().filter(|node| {
        matches!(plan.graph.node(**node).kind, Kind::Pipeline(_))
            && plan.graph.arrows(**node, side).is_empty()
    });
    beside.fold(port, |port, node| {
        let name = plan.variable(*node, at);
        quote_spanned!(at=> #closed(#name.node().#end).beside(#port))
    })
}
