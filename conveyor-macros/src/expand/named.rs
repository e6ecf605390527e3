//! What a declared pipeline shows to others: the trait by which they can use it inside. Its wiring is a function, whose
//! rate a constant can compute.

use super::paths::variable;
use super::plan::Plan;
use super::settings::settings;
use super::table::table;
use super::wiring::body;
use crate::at::At;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

/// `impl Name { fn __wire(w: &mut Wiring<'_, Scope<(A, B,), ()>>) -> Ends<In, Out, impl Rate + use<>> { .. } }`
pub(super) fn wire(
    plan: &Plan<'_, '_>,
    name: &Ident,
    takes: &TokenStream,
    gives: &TokenStream,
) -> TokenStream {
    // rustc shows a circle of pipelines at what is written here
    let site = At::of(name).ours();
    let [wiring, scope, pool] = ["Wiring", "Scope", "Pool"].map(|item| plan.paths.hidden(item));
    let [table_type, ends, rate] = ["Table", "Ends", "Rate"].map(|item| plan.paths.hidden(item));
    let (params, pools) = (plan.scope.params_type(), plan.scope.pools_type(&pool));
    let (import, table, w) = (plan.paths.import(), table(plan), variable("w", site));
    let body = body(plan, &quote!(&__TABLE));
    let head = quote_spanned! {site=>
        fn __wire(#w: &mut #wiring<'_, #scope<#params, #pools>>) -> #ends<#takes, #gives, impl #rate + use<>>
    };
    let wire = quote! {
        #head {
            #import
            static __TABLE: #table_type = #table;
            #body
        }
    };
    quote_spanned!(site=> #[doc(hidden)] impl #name { #wire })
}

/// `impl Named<fn(A, B) -> (A, B,)> for Name { .. }`
pub(super) fn named(
    plan: &Plan<'_, '_>,
    name: &Ident,
    takes: &TokenStream,
    gives: &TokenStream,
) -> TokenStream {
    let site = At::of(name).ours();
    let [named, rated, scope, pool] = ["Named", "Rated", "Scope", "Pool"].map(|item| plan.paths.hidden(item));
    let [rate_of, shape_of] = ["rate_of", "shape_of"].map(|item| plan.paths.hidden(item));
    let [wiring, settings_type] = ["Wiring", "Settings"].map(|item| plan.paths.hidden(item));
    let [w, params, values, evaluate] =
        ["w", "params", "values", "evaluate"].map(|name| variable(name, site));
    let arguments = || plan.declaration.header.params.iter().map(|param| &param.name);
    let types = plan.declaration.header.params.iter().map(|param| &param.ty);
    let (all, own) = (arguments(), arguments());
    let (params_type, pools_type) = (plan.scope.params_type(), plan.scope.pools_type(&pool));
    let (import, settings) = (plan.paths.import(), settings(plan));
    let make = quote!(fn(#(#types),*) -> #params_type);
    quote_spanned! {site=>
        #[doc(hidden)]
        impl #named<#make> for #name {
            type In = #takes;
            type Out = #gives;
            type Params = #params_type;
            type Pools = #pools_type;
            type Rate = #rated<{ #rate_of(&#name::__wire) }, { #shape_of(&#name::__wire) }>;
            const PARAMS: #make = |#(#all),*| (#(#own,)*);
            fn settings(#params: &Self::Params, #values: &mut #settings_type) {
                #import
                let #evaluate: fn(&Self::Params, &mut #settings_type) = #settings;
                #evaluate(#params, #values)
            }
            fn wire(#w: &mut #wiring<'_, #scope<Self::Params, Self::Pools>>) {
                #name::__wire(#w);
            }
        }
    }
}
