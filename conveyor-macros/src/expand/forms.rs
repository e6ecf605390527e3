//! The two forms of a declaration: an expression, or an item with a name.

use super::paths::variable;
use super::picture::mermaid;
use super::plan::Plan;
use super::settings::settings;
use super::table::table;
use super::wiring::wiring;
use crate::ast::{Header, Param};
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
    let (types, values, table) = (plan.scope.params_type(), plan.scope.params_value(), table(plan));
    let table_type = plan.paths.private("Table", site);
    let params = variable("params", site);
    let declare = declare(plan, quote!(&__TABLE), params.to_token_stream());
    let declared = variable("declared", site);
    quote! {
        let #params: #types = #values;
        let #declared = #declare;
        static __TABLE: #table_type = #table;
        #messages
        #declared
    }
}

fn declare(plan: &Plan<'_, '_>, table: TokenStream, params: TokenStream) -> TokenStream {
    let pipeline = plan.paths.private("Pipeline", Span::mixed_site());
    let (settings, wiring) = (settings(plan), wiring(plan, &table));
    quote!(#pipeline::declare(#table, #params, #settings, #wiring))
}

fn item(plan: &Plan<'_, '_>, name: &Ident) -> TokenStream {
    let site = Span::mixed_site();
    let Header { attributes, visibility, params, .. } = &plan.declaration.header;
    let [pipeline, table_type, graph_of] =
        ["Pipeline", "Table", "graph_of"].map(|item| plan.paths.private(item, site));
    let graph = plan.paths.public("Graph", site);
    let (takes, gives) = ends(&plan.declaration.header);
    let arguments = params.iter().map(|Param { name, ty, .. }| quote!(#name: #ty));
    let values = params.iter().map(|param| &param.name);
    let table = table(plan);
    let declare = declare(plan, quote!(Self::__table()), quote!((#(#values,)*)));
    let picture = format!("Its graph:\n\n```mermaid\n{}```", mermaid(plan));
    let about = format!("The pipeline `{name}` with these parameters, ready to be run.");
    quote! {
        #(#attributes)*
        #[doc = ""]
        #[doc = #picture]
        #visibility struct #name;
        impl #name {
            #[doc = #about]
            #visibility fn pipeline(#(#arguments),*) -> #pipeline<#takes, #gives> {
                #declare
            }
            #[doc = "Its graph, without running anything."]
            #visibility fn graph() -> #graph {
                #graph_of(Self::__table())
            }
            fn __table() -> &'static #table_type {
                static TABLE: #table_type = #table;
                &TABLE
            }
        }
    }
}

/// Without types in the header both ends are closed.
fn ends(header: &Header) -> (TokenStream, TokenStream) {
    let tokens = |ty: &Type| ty.to_token_stream();
    header.types.as_ref().map_or((quote!(()), quote!(())), |(takes, gives)| (tokens(takes), tokens(gives)))
}
