//! What an editor is shown in place of what is compiled: names that can be pointed at.
//!
//! Names of elements stand in front of everything, and learn their types at the end: so a name that is just being typed
//! stands at the same place of the expansion, whatever the graph is without it.

use super::paths::{private, variable};
use super::plan::Plan;
use super::wiring::output;
use crate::graph::Kind;
use petgraph::graph::NodeIndex;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::collections::HashSet;
use syn::Index;

/// In an editor, puts all names around the code of the user. The parameters have one variable for all user code, so that renaming one
/// at one place renames it everywhere: the closures capture it, which only rustc would refuse.
pub(super) fn around(plan: &Plan<'_, '_>, code: TokenStream) -> TokenStream {
    if !plan.in_editor {
        return code;
    }
    let (pattern, scope) = (plan.scope.names(&TokenStream::new(), Span::mixed_site()), plan.scope.type_of());
    let names = names(plan);
    quote!({
        #names
        let #pattern: &#scope = loop {};
        #code
    })
}

/// The elements' names, each mentioned once more at each of its uses. The statement behind them is where a name that is
/// about to be typed will stand.
fn names(plan: &Plan<'_, '_>) -> TokenStream {
    let site = Span::mixed_site();
    let [node, port] = ["Node", "port"].map(|item| private(item, site));
    let names = variable("names", site);
    let bound = bound_names(plan);
    let nodes = bound.iter().map(|_| quote!(#node { input: #port(), output: #port() }));
    let bindings = bound.iter().enumerate().map(|(index, (name, _))| {
        let index = Index::from(index);
        quote!(let #name = #names.#index;)
    });
    let mut uses = Vec::new();
    plan.declaration.chains.iter().for_each(|chain| chain.uses(&mut uses));
    quote! {
        let #names = (#(#nodes,)*);
        { #(#bindings)* #(let _ = #uses;)* let _ = #names; }
    }
}

/// `let _ = [names.0, e2.node()];`, where the types of the elements are known.
pub(super) fn names_agree(plan: &Plan<'_, '_>) -> TokenStream {
    let site = Span::mixed_site();
    let (names, through) = (variable("names", site), private("through", site));
    let agree = bound_names(plan).into_iter().enumerate().map(|(index, (_, node))| {
        let index = Index::from(index);
        let value = match plan.graph.node(node).kind {
            Kind::Stage(..) | Kind::Pipeline(_) => {
                let name = plan.variable(node, site);
                quote!(#name.node())
            }
            _ => {
                let port = output(plan, node, site);
                quote!(#through(#port))
            }
        };
        quote!(let _ = [#names.#index, #value];)
    });
    agree.collect()
}

/// A capitalised name could be a constant, which a pattern would compare with. A name that is declared twice is bound
/// once.
fn bound_names<'p>(plan: &'p Plan<'_, '_>) -> Vec<(&'p Ident, NodeIndex)> {
    let mut bound = HashSet::new();
    let named = plan.graph.nodes().filter_map(|node| Some((plan.graph.node(node).name?, node)));
    named
        .filter(|(name, _)| {
            let name = name.to_string();
            let can_be_bound =
                !name.starts_with(char::is_uppercase) && syn::parse_str::<Ident>(&name).is_ok();
            can_be_bound && bound.insert(name)
        })
        .collect()
}
