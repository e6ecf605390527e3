//! The two forms of a declaration: an expression, or an item with a name.

use super::editor;
use super::named::{named, wire};
use super::paths::{private, variable};
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
use quote::{ToTokens, quote};
use syn::Type;

/// The code of a declaration. Errors are left only in an editor, and only in pieces of user code.
pub(crate) fn declared(plan: &Plan<'_, '_>, diagnostics: &Diagnostics) -> TokenStream {
    let header = &plan.declaration.header;
    let (warnings, errors) = (diagnostics.warnings(), diagnostics.errors());
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
    let (import, table_type, table) = (plan.paths.import(), private("Table", site), table(plan));
    let (bound, params) = plan.scope.params_value();
    let (settings, wiring) = (settings(plan), wiring(plan, &quote!(&__TABLE)));
    let declare = declare_path(plan.declaration);
    let declare = editor::around(plan, quote!(#declare(#params, #settings, #wiring)));
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

/// `Pipeline::declare`, from the first declared type to the last: one of them is to blame when it cannot travel.
fn declare_path(declaration: &Declaration) -> TokenStream {
    let Declaration { header, pools, .. } = declaration;
    let ends = header.types.iter().flat_map(|(takes, gives)| [takes, gives]);
    let params = header.params.iter().map(|param| &param.ty);
    let mut places = ends.chain(params).chain(pools.iter().map(|pool| &pool.item)).map(At::of);
    let first = places.next().unwrap_or_else(At::everything);
    let last = places.next_back().unwrap_or(first);
    let pipeline = private("Pipeline", first.ours());
    let declare = variable("declare", At::from(last.end).ours());
    quote!(#pipeline::#declare)
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
    let declare = declare_path(plan.declaration);
    let (wire, named) = (wire(plan, name), named(plan, name));
    // Hovering over the name would show its source.
    let picture = (!plan.in_editor).then(|| shown(plan, name));
    let about = format!("The pipeline `{name}` with these parameters, ready to be run.");
    quote! {
        #(#attributes)*
        #[doc = ""]
        #[doc = "A pipeline: [`pipeline`](Self::pipeline) gives it ready to be run, [`graph`](Self::graph) draws it."]
        #picture
        #visibility struct #name;
        impl #place {
            #[doc = #about]
            #visibility fn pipeline(#(#arguments),*) -> #pipeline<#takes, #gives> {
                #import
                #bound
                #declare(#values, <Self as #named_trait<_>>::settings, Self::__wire)
            }
            #[doc = "Its graph, without running anything."]
            #visibility fn graph() -> #graph {
                #graph_of::<Self, _>()
            }
        }
        #wire
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
