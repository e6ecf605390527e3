//! The two forms of a declaration: an expression, or an item with a name.

use super::editor;
use super::named::{named, wire};
use super::paths::{call, private, variable};
#[cfg(feature = "svg")]
use super::picture::picture;
use super::plan::Plan;
use super::settings::settings;
use super::table::table;
use super::wiring::wiring;
use crate::ast::{Declaration, Header, Param};
use crate::at::At;
use crate::diagnostics::Diagnostics;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

/// The code of a declaration. Errors are left only in an editor, and only in pieces of user code.
pub(crate) fn declared(plan: &Plan<'_, '_>, diagnostics: &Diagnostics) -> TokenStream {
    let header = &plan.declaration.header;
    let (warnings, errors) = (diagnostics.warnings(&header.attributes), diagnostics.errors());
    match &header.name {
        Some(name) => {
            let item = item(plan, name);
            quote!(#item #warnings #(#errors)*)
        }
        None => {
            let expression = expression(plan, &quote!(#warnings #(#errors)*));
            quote!({ #expression })
        }
    }
}

/// Nothing here may name a parameter's type in an item: the function around may be generic.
fn expression(plan: &Plan<'_, '_>, messages: &TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    let (import, table_type, table) = (plan.paths.import(), private("Written", site), table(plan));
    let (bound, params) = plan.scope.params_value();
    let (settings, wiring) = (settings(plan), wiring(plan, &quote!(&__TABLE)));
    let declare = editor::around(plan, declare(plan, &params, &settings, &wiring));
    let declared = variable("declared", site);
    quote! {
        #import
        #bound
        let #declared = #declare;
        static __TABLE: #table_type = #table;
        #messages
        #declared
    }
}

/// `Pipeline::declare(params, settings, wiring).typed::<In, Out>()`
fn declare(
    plan: &Plan<'_, '_>,
    params: &TokenStream,
    settings: &TokenStream,
    wiring: &TokenStream,
) -> TokenStream {
    let at = declared_types(plan.declaration);
    let declared = call(&["Pipeline", "declare"], quote!(#params, #settings, #wiring), at);
    let typed = plan.declaration.header.types.as_ref();
    let typed = typed.map(|(takes, gives)| quote!(.typed::<#takes, #gives>()));
    quote!(#declared #typed)
}

/// From the type of the first parameter or pool to that of the last: one of them is to blame when it cannot travel.
fn declared_types(Declaration { header, pools, .. }: &Declaration) -> At {
    let params = header.params.iter().map(|param| &param.ty);
    let mut places = params.chain(pools.iter().map(|pool| &pool.item)).map(At::of);
    let first = places.next().unwrap_or_else(At::everything);
    let last = places.next_back().unwrap_or(first);
    At { start: first.start, end: last.end }
}

/// The struct with its functions, and what it shows to other pipelines.
fn item(plan: &Plan<'_, '_>, name: &Ident) -> TokenStream {
    let Header { attributes, visibility, params, .. } = &plan.declaration.header;
    let place = Ident::new(&name.to_string(), At::of(name).ours());
    let [pipeline, graph] = ["Pipeline", "Graph"].map(|item| plan.paths.public(item));
    let [graph_of, named_trait] = ["graph_of_named", "Named"].map(|item| plan.paths.hidden(item));
    let import = plan.paths.import();
    let (takes, gives) = ends(&plan.declaration.header);
    let arguments = params.iter().map(|Param { name, ty, .. }| quote!(#name: #ty));
    let (bound, values) = plan.scope.params_value();
    let settings = quote!(<Self as #named_trait<_>>::settings);
    let declare = declare(plan, &values, &settings, &quote!(Self::__wire));
    let (wire, named) = (wire(plan, name), named(plan, name));
    let conditions = plan.declaration.header.conditions();
    // What rustc says about them points at the name, not at the whole macro.
    let [pipeline_fn, graph_fn] = ["pipeline", "graph"].map(|function| {
        let function = Ident::new(function, At::of(name).item());
        quote_spanned!(At::of(name).item()=> fn #function)
    });
    let declared = quote_spanned!(At::of(name).item()=> struct #name;);
    // Hovering over the name would show its source.
    let picture = (!plan.in_editor).then(|| shown(plan, name));
    let about = format!("The pipeline `{name}` with these parameters, ready to be run.");
    quote! {
        #(#attributes)*
        #[doc = ""]
        #[doc = "A pipeline: [`pipeline`](Self::pipeline) gives it ready to be run, [`graph`](Self::graph) draws it."]
        #picture
        #visibility #declared
        #conditions
        impl #place {
            #[doc = #about]
            #visibility #pipeline_fn(#(#arguments),*) -> #pipeline<#takes, #gives> {
                #import
                #bound
                #declare
            }
            #[doc = "Its graph, without running anything."]
            #visibility #graph_fn() -> #graph {
                #graph_of::<Self, _>()
            }
        }
        #conditions
        #wire
        #conditions
        #named
    }
}

/// What only rustdoc shows.
#[cfg(feature = "svg")]
fn shown(plan: &Plan<'_, '_>, name: &Ident) -> TokenStream {
    if !crate::editor::is_rustdoc() {
        return TokenStream::new();
    }
    let picture = picture(plan, &name.to_string());
    quote! {
        #[doc = ""]
        #[doc = #picture]
    }
}

#[cfg(not(feature = "svg"))]
fn shown(_: &Plan<'_, '_>, _: &Ident) -> TokenStream {
    TokenStream::new()
}

/// Without types in the header both ends are closed.
pub(super) fn ends(header: &Header) -> (TokenStream, TokenStream) {
    let tokens = |ty: &Type| ty.to_token_stream();
    header.types.as_ref().map_or((quote!(()), quote!(())), |(takes, gives)| (tokens(takes), tokens(gives)))
}
