//! The graph as constant data: `conveyor::private::Table`.

use super::paths::private;
use super::plan::Plan;
use crate::ast::{Count, JoinKind, Policy, Role};
use crate::at::At;
use crate::graph;
use crate::kind::Kind;
use crate::user::mentions;
use petgraph::graph::NodeIndex;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

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
        Some(path) => quote_spanned!(At::of(path).ours()=> {
            let init: fn() = #path;
            ::core::option::Option::Some(init)
        }),
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
    let variant = Ident::new(&format!("{:?}", kind_of(&about.kind)), site);
    let from = plan.graph.before(node).into_iter().map(|node| plan.number(node));
    let within = about.lanes.iter().map(|node| plan.number(*node));
    let within = list("within", within.collect());
    let inserted = about.inserted.then(|| quote!(.inserted()));
    let pools = list("pools", mentioned_pools(plan, &about.kind));
    let detail = Some(detail(plan, &about.kind)).filter(|detail| !detail.is_empty());
    let detail = detail.map(|detail| quote!(.detail(#detail)));
    quote!(#element::new(#name, #kind::#variant, &[#(#from),*]) #within #inserted #pools #detail)
}

/// `.pools(&[0])`; nothing for an empty list: what is not written need not be read by the compiler.
fn list(method: &str, numbers: Vec<u32>) -> Option<TokenStream> {
    let method = Ident::new(method, Span::mixed_site());
    (!numbers.is_empty()).then(|| quote!(.#method(&[#(#numbers),*])))
}

/// What it is for the run-time.
pub(super) fn kind_of(kind: &graph::Kind<'_>) -> Kind {
    match kind {
        graph::Kind::Stage(Role::Source, _) => Kind::Source,
        graph::Kind::Stage(Role::Sink, _) => Kind::Sink,
        graph::Kind::Stage(..) | graph::Kind::Unknown => Kind::Processor,
        graph::Kind::Pipe(_) => Kind::Pipe,
        graph::Kind::Fork(Policy::Replicated) => Kind::Replicate,
        graph::Kind::Fork(_) => Kind::Balance,
        graph::Kind::Join(JoinKind::Merge) => Kind::Merge,
        graph::Kind::Join(JoinKind::Zip) => Kind::Zip,
        graph::Kind::Join(JoinKind::Ordered) => Kind::Ordered,
        graph::Kind::Input => Kind::Input,
        graph::Kind::Output => Kind::Output,
        graph::Kind::Pipeline(_) => Kind::Pipeline,
        graph::Kind::Relay => Kind::Relay,
    }
}

fn mentioned_pools(plan: &Plan<'_, '_>, kind: &graph::Kind<'_>) -> Vec<u32> {
    let graph::Kind::Stage(_, code) = kind else { return Vec::new() };
    let pools = (0..).zip(&plan.declaration.pools);
    pools.filter(|(_, pool)| mentions(code.tokens.clone(), &pool.name)).map(|(number, _)| number).collect()
}

/// The source text of a capacity or a count, or the type of an open end.
pub(super) fn detail(plan: &Plan<'_, '_>, kind: &graph::Kind<'_>) -> String {
    let code = |tokens: &TokenStream| tight(tokens, "([.:!", ")],.;?:");
    let ty = |ty: &Type| tight(&ty.to_token_stream(), "([<&:", ")]>,;:");
    match (kind, &plan.declaration.header.types) {
        (graph::Kind::Pipe(Some(capacity)), _) => code(&capacity.tokens),
        (graph::Kind::Fork(Policy::Workers(Count::Fixed(count))), _) => code(&count.tokens),
        (graph::Kind::Fork(Policy::Workers(Count::Auto)), _) => "auto".to_owned(),
        (graph::Kind::Input, Some((takes, _))) => ty(takes),
        (graph::Kind::Output, Some((_, gives))) => ty(gives),
        _ => String::new(),
    }
}

/// As people write it: `Vec<u8>`, and not `Vec < u8 >`. No space stands behind what opens, before what closes, and
/// between a word and what opens.
fn tight(tokens: &TokenStream, opens: &str, closes: &str) -> String {
    let source = tokens.to_string();
    let mut text = String::new();
    let mut rest = source.chars().peekable();
    while let Some(letter) = rest.next() {
        let before = text.chars().next_back().unwrap_or(' ');
        let behind = rest.peek().copied().unwrap_or(' ');
        let is_between = opens.contains(before)
            || closes.contains(behind)
            || before.is_alphanumeric() && opens.contains(behind);
        if letter != ' ' || !is_between {
            text.push(letter);
        }
    }
    text
}
