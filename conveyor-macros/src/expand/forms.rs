//! The two forms of a declaration: an expression, or an item with a name.

use super::editor;
use super::identity::Identity;
use super::named::{named, wire};
use super::paths::{blamed, private, variable};
#[cfg(feature = "svg")]
use super::picture::picture;
use super::plan::Plan;
use super::settings::settings;
use super::table::table;
use super::wiring::{checked_port, wiring};
use crate::ast::{Declaration, Header, Param, Pool};
use crate::at::At;
use crate::diagnostics::Diagnostics;
use crate::editor::{is_rustdoc, runs_the_macro};
use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Lifetime, Type};

/// The code of a declaration. Errors are left only in an editor, and only in pieces of user code.
pub(crate) fn declared(plan: &Plan<'_, '_>, diagnostics: &Diagnostics) -> TokenStream {
    let header = &plan.declaration.header;
    let (warnings, errors) = (diagnostics.warnings(&header.attributes), diagnostics.errors());
    match &header.name {
        Some(name) => {
            let identity = Identity::of(header, name, plan.in_editor || is_rustdoc());
            let item = item(plan, name, &identity);
            identity.carried(plan.paths, quote!(#item #warnings #(#errors)*))
        }
        None => {
            let expression = expression(plan, &quote!(#warnings #(#errors)*));
            let mut block = Group::new(Delimiter::Brace, expression);
            // where an item should stand, rustc stops there, and names the macro
            let first = plan.declaration.first.unwrap_or_else(At::everything).ours();
            block.set_span(first);
            let label =
                Lifetime::new("'_a_pipeline_that_is_an_item_has_a_header_with_a_name_in_front", first);
            let told = plan.paths.hidden("pipeline_without_a_name_is_an_expression");
            match plan.in_editor {
                true => block.to_token_stream(),
                false => quote!(#told! { #label: #block }),
            }
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
    // where another pipeline is expected, that is said at the first token
    let value = variable("declared", place(plan));
    quote! {
        #import
        #bound
        let #declared = #declare;
        static __TABLE: #table_type = #table;
        #messages
        #value
    }
}

/// The first token that is known of a declaration without a name.
fn first(Declaration { header, named, chains, .. }: &Declaration) -> At {
    let types = header.types.as_ref().map(|(takes, _)| At::of(takes));
    let params = header.params.first().map(|param| At::of(&param.name));
    let named = named.first().map(|named| named.element.at);
    let chain = || chains.first().map(|chain| chain.links[0].element.at);
    types.or(params).or(named).or_else(chain).unwrap_or_else(At::everything)
}

/// Where rustc says what is wrong with all of it. In an editor, nothing of ours stands at a token of the user.
pub(super) fn place(plan: &Plan<'_, '_>) -> Span {
    if plan.in_editor { Span::mixed_site() } else { first(plan.declaration).ours() }
}

/// `declare(params, settings, wiring).pipeline_of::<In, Out>()`
fn declare(
    plan: &Plan<'_, '_>,
    params: &TokenStream,
    settings: &TokenStream,
    wiring: &TokenStream,
) -> TokenStream {
    // In a constant this cannot be called: that is said at its first token.
    let at = place(plan);
    let (declare, checked) = (private("declare", at), checked_types(plan.declaration));
    let declared = quote_spanned!(at=> #declare(#params, #settings, #wiring));
    match types(&plan.declaration.header) {
        Some((takes, gives)) => quote_spanned!(at=> { #checked #declared.pipeline_of::<#takes, #gives>() }),
        None => quote_spanned!(at=> { #checked #declared.pipeline() }),
    }
}

/// Parameters are messages, and pools hold what is plain: where not, that is said at their types.
fn checked_types(Declaration { header, pools, .. }: &Declaration) -> TokenStream {
    let port = |ty: &Type| {
        let at = At::of(ty).ours();
        let port = private("port", at);
        quote_spanned!(at=> #port::<#ty>())
    };
    if header.params.is_empty() && pools.is_empty() {
        return TokenStream::new();
    }
    let params = header.params.iter().map(|Param { ty, .. }| {
        let checked = checked_port(port(ty), At::of(ty));
        quote!(let _ = #checked;)
    });
    let pools = pools.iter().map(|Pool { item, .. }| {
        let (port, pooled) = (port(item), blamed(&["Pooled", "pooled"], At::of(item)));
        quote_spanned!(At::of(item).ours()=> #port.is(#pooled);)
    });
    // never called: only the types are to be checked
    quote!(let _ = || { #(#params)* #(#pools)* };)
}

/// The type with its functions, and what it shows to other pipelines.
fn item(plan: &Plan<'_, '_>, name: &Ident, identity: &Identity<'_>) -> TokenStream {
    let header = &plan.declaration.header;
    let Header { params, .. } = header;
    let [pipeline, graph] = ["Pipeline", "Graph"].map(|item| plan.paths.public(item));
    let [graph_of, named_trait] = ["graph_of_named", "Named"].map(|item| plan.paths.hidden(item));
    let import = plan.paths.import();
    let (takes, gives) = ends(header);
    let arguments = params.iter().map(|Param { name, ty, .. }| quote!(#name: #ty));
    let (bound, values) = plan.scope.params_value();
    let settings = quote!(<Self as #named_trait<_, _>>::settings);
    let declare = declare(plan, &values, &settings, &quote!(Self::__wire));
    let (wire, named) = (wire(plan, name, identity), named(plan, name, identity));
    // What rustc says about them points at the name, not at the whole macro.
    let [pipeline_fn, graph_fn] = ["pipeline", "graph"].map(|function| {
        let function = Ident::new(function, At::of(name).item());
        quote_spanned!(At::of(name).item()=> pub fn #function)
    });
    // Hovering over the name would show its source.
    let picture = (!plan.in_editor).then(|| shown(plan, name));
    let declared = identity.declared(plan.paths, &quote! {
        #[doc = ""]
        #[doc = "A pipeline: [`pipeline`](Self::pipeline) gives it ready to be run, [`graph`](Self::graph) draws it."]
        #picture
    });
    let (conditions, place) = (header.conditions(), identity.path());
    let about = format!("The pipeline `{name}` with these parameters, ready to be run.");
    quote! {
        #declared
        #conditions
        impl #place {
            #[doc = #about]
            #[doc(alias("run", "run_to_end", "start", "new"))]
            #pipeline_fn(#(#arguments),*) -> #pipeline<#takes, #gives> {
                #import
                #bound
                #declare
            }
            #[doc = "Its graph, without running anything."]
            #graph_fn() -> #graph {
                #graph_of::<Self, _, _>()
            }
        }
        #conditions
        #wire
        #named
    }
}

/// What only rustdoc shows.
#[cfg(feature = "svg")]
fn shown(plan: &Plan<'_, '_>, name: &Ident) -> TokenStream {
    if !is_rustdoc() {
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
    types(header).map_or((quote!(()), quote!(())), |(takes, gives)| (tokens(takes), tokens(gives)))
}

/// The types of the header as they are written out. Where both are the same, the first one stands for the second, too, so
/// that rustc says once what is wrong with it; an editor looks for both.
pub(super) fn types(header: &Header) -> Option<(&Type, &Type)> {
    let (takes, gives) = header.types.as_ref()?;
    let are_one = !runs_the_macro() && takes == gives;
    Some((takes, if are_one { takes } else { gives }))
}
