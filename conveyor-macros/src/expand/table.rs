//! The graph as constant data: `conveyor::private::Table`.

use super::paths::private;
use super::plan::Plan;
use crate::ast::{Code, Count, JoinKind, Policy, Role};
use crate::graph::Kind;
use crate::user::mentions;
use petgraph::graph::NodeIndex;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// `Table { .. }`
pub(super) fn table(plan: &Plan<'_, '_>) -> TokenStream {
    let site = Span::mixed_site();
    let [table, place] = ["Table", "Place"].map(|item| private(item, site));
    let name = plan.declaration.header.name.as_ref().map_or("pipeline".to_owned(), ToString::to_string);
    let elements = plan.sorted.iter().map(|node| element(plan, *node));
    let pools = plan.declaration.pools.iter().map(|pool| pool.name.to_string());
    let groups = plan.rows.iter().map(|row| {
        let stages = row.iter().map(|node| plan.number(*node));
        quote!(&[#(#stages),*])
    });
    let init = match &plan.declaration.init {
        Some(path) => quote!(::core::option::Option::Some(#path)),
        None => quote!(::core::option::Option::None),
    };
    quote! {
        #table {
            name: #name,
            place: #place {
                file: ::core::file!(),
                line: ::core::line!(),
                column: ::core::column!(),
            },
            elements: &[#(#elements),*],
            pools: &[#(#pools),*],
            groups: &[#(#groups),*],
            init: #init,
        }
    }
}

fn element(plan: &Plan<'_, '_>, node: NodeIndex) -> TokenStream {
    let site = Span::mixed_site();
    let [element, kind] = ["Element", "Kind"].map(|item| private(item, site));
    let about = plan.graph.node(node);
    let name = &plan.names[plan.number(node) as usize];
    let variant = Ident::new(variant(&about.kind), site);
    let from = plan.graph.before(node).into_iter().map(|node| plan.number(node));
    let within = about.lanes.iter().map(|node| plan.number(*node));
    let within = list("within", within.collect());
    let inserted = about.inserted.then(|| quote!(.inserted()));
    let pools = list("pools", mentioned_pools(plan, &about.kind));
    let detail = Some(detail(&about.kind)).filter(|detail| !detail.is_empty());
    let detail = detail.map(|detail| quote!(.detail(#detail)));
    quote!(#element::new(#name, #kind::#variant, &[#(#from),*]) #within #inserted #pools #detail)
}

/// `.pools(&[0])`; nothing for an empty list: what is not written need not be read by the compiler.
fn list(method: &str, numbers: Vec<u32>) -> Option<TokenStream> {
    let method = Ident::new(method, Span::mixed_site());
    (!numbers.is_empty()).then(|| quote!(.#method(&[#(#numbers),*])))
}

fn variant(kind: &Kind<'_>) -> &'static str {
    match kind {
        Kind::Stage(Role::Source, _) => "Source",
        Kind::Stage(Role::Sink, _) => "Sink",
        Kind::Stage(..) | Kind::Unknown => "Processor",
        Kind::Pipe(_) => "Pipe",
        Kind::Fork(Policy::Replicated) => "Replicate",
        Kind::Fork(_) => "Balance",
        Kind::Join(JoinKind::Merge) => "Merge",
        Kind::Join(JoinKind::Zip) => "Zip",
        Kind::Join(JoinKind::Ordered) => "Ordered",
        Kind::Input => "Input",
        Kind::Output => "Output",
        Kind::Relay => "Relay",
    }
}

fn mentioned_pools(plan: &Plan<'_, '_>, kind: &Kind<'_>) -> Vec<u32> {
    let Kind::Stage(_, code) = kind else { return Vec::new() };
    let pools = (0..).zip(&plan.declaration.pools);
    pools.filter(|(_, pool)| mentions(code.tokens.clone(), &pool.name)).map(|(number, _)| number).collect()
}

/// The source text of a capacity or a count.
fn detail(kind: &Kind<'_>) -> String {
    match kind {
        Kind::Pipe(Some(Code { tokens, .. }))
        | Kind::Fork(Policy::Workers(Count::Fixed(Code { tokens, .. }))) => tokens.to_string(),
        Kind::Fork(Policy::Workers(Count::Auto)) => "auto".to_owned(),
        _ => String::new(),
    }
}
