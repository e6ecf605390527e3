//! What a declared pipeline shows to others: the trait by which they can use it inside.

use super::paths::{private, variable};
use super::plan::Plan;
use super::settings::settings;
use crate::at::At;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

/// `impl Named<fn(A, B) -> (A, B,)> for Name { .. }`, beside the function `__wire`.
pub(super) fn named(
    plan: &Plan<'_, '_>,
    name: &Ident,
    takes: &TokenStream,
    gives: &TokenStream,
) -> TokenStream {
    // rustc shows a circle of pipelines at what is written here
    let site = At::of(name).ours();
    let [named, rated, scope] = ["Named", "Rated", "Scope"].map(|item| private(item, site));
    let [rate_of, shape_of] = ["rate_of", "shape_of"].map(|item| private(item, site));
    let [wiring, settings_type] = ["Wiring", "Settings"].map(|item| private(item, site));
    let [w, params, values, evaluate] =
        ["w", "params", "values", "evaluate"].map(|name| variable(name, site));
    let arguments = || plan.declaration.header.params.iter().map(|param| &param.name);
    let types = plan.declaration.header.params.iter().map(|param| &param.ty);
    let (all, own) = (arguments(), arguments());
    let (params_type, pools_type) = (plan.scope.params_type(), plan.scope.pools_type());
    let settings = settings(plan);
    let make = quote!(fn(#(#types),*) -> #params_type);
    quote_spanned! {site=>
        #[doc(hidden)]
        impl #named<#make> for #name {
            type In = #takes;
            type Out = #gives;
            type Params = #params_type;
            type Pools = #pools_type;
            type Rate = #rated<{ #rate_of(&__wire) }, { #shape_of(&__wire) }>;
            const PARAMS: #make = |#(#all),*| (#(#own,)*);
            fn settings(#params: &Self::Params, #values: &mut #settings_type) {
                let #evaluate: fn(&Self::Params, &mut #settings_type) = #settings;
                #evaluate(#params, #values)
            }
            fn wire(#w: &mut #wiring<'_, #scope<Self::Params, Self::Pools>>) {
                __wire(#w);
            }
        }
    }
}
