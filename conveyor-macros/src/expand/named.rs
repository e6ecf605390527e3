//! What a declared pipeline shows to others: the trait by which they can use it inside. Its wiring is a function, whose
//! rate a constant can compute.

use super::editor;
use super::forms::ends;
use super::identity::Identity;
use super::inner;
use super::paths::{Paths, variable};
use super::plan::Plan;
use super::scope::Scope;
use super::settings::settings;
use super::table::table;
use super::wiring::body;
use crate::ast::Declaration;
use crate::at::At;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

/// `impl Name { fn __wire(w: &mut Wiring<'_, Scope<(A, B,), ()>>) -> Ends<impl Message + use<>, ..> { .. } }`
///
/// The types of the ends are not named: where those of the header differ, that is said once, at the header.
pub(super) fn wire(plan: &Plan<'_, '_>, name: &Ident, identity: &Identity<'_>) -> TokenStream {
    // rustc shows a cycle of pipelines at what is written here
    let site = At::of(name).ours();
    let [wiring, scope] = ["Wiring", "Scope"].map(|item| plan.paths.hidden(item));
    let message = plan.paths.public("Message");
    let end = match plan.declaration.header.types {
        Some(_) => quote!(impl #message + use<>),
        None => quote!(()),
    };
    let [table_type, ends_type, rate] = ["Written", "Ends", "Rate"].map(|item| plan.paths.hidden(item));
    let (params, pools) = (plan.scope.params_type(), plan.scope.pools_type(|_| plan.paths.hidden("Pool")));
    let (import, table, w) = (plan.paths.import(), table(plan), variable("w", site));
    let (ends, body) = (variable("ends", site), body(plan, &quote!(&__TABLE)));
    let body = match plan.in_editor {
        // there all code of the user stands in one place, with all names around it
        true => {
            let evaluated = evaluated(plan, &params);
            editor::around(plan, quote!(#evaluated #body))
        }
        false => body,
    };
    let head = quote_spanned! {site=>
        fn __wire(#w: &mut #wiring<'_, #scope<#params, #pools>>) -> #ends_type<#end, #end, impl #rate + use<>>
    };
    let place = identity.path();
    let wire = quote! {
        #head {
            #import
            // an editor finds its cursor by what stands before it: so the table stands behind
            let #ends = #body;
            static __TABLE: #table_type = #table;
            #ends
        }
    };
    quote_spanned!(site=> #[doc(hidden)] impl #place { #wire })
}

/// `impl Named<fn(A, B) -> (A, B,), (In, Out, ())> for Name { .. }`
pub(super) fn named(plan: &Plan<'_, '_>, name: &Ident, identity: &Identity<'_>) -> TokenStream {
    let site = At::of(name).ours();
    let rated = plan.paths.hidden("Rated");
    let [rate_of, shape_of] = ["rate_of", "shape_of"].map(|item| plan.paths.hidden(item));
    let place = identity.path();
    let [w, params, values, evaluate] =
        ["w", "params", "values", "evaluate"].map(|name| variable(name, site));
    let (import, evaluated) = (plan.paths.import(), evaluated(plan, &quote!(Self::Params)));
    let face = Face {
        pools: plan.scope.pools_type(|_| plan.paths.hidden("Pool")),
        rate: quote_spanned!(site=> #rated<{ #rate_of(&#place::__wire) }, { #shape_of(&#place::__wire) }>),
        settings: match plan.in_editor {
            true => quote!(loop {}),
            false => quote!(#import #evaluated #evaluate(#params, #values)),
        },
        wire: quote!(#place::__wire(#w);),
        inside: if plan.in_editor { Vec::new() } else { inner::inside(plan) },
    };
    implementation(plan.paths, plan.declaration, identity, face)
}

/// `let evaluate: fn(&Params, &mut Settings) = |..| { .. };`
fn evaluated(plan: &Plan<'_, '_>, params: &TokenStream) -> TokenStream {
    let settings_type = plan.paths.hidden("Settings");
    let evaluate = variable("evaluate", At::of(plan.declaration.header.name.as_ref()).ours());
    let settings = settings(plan);
    quote!(let #evaluate: fn(&#params, &mut #settings_type) = #settings;)
}

/// The same of a declaration with errors, so that they cause none where it is used.
pub(super) fn stub(paths: &Paths, declaration: &Declaration, identity: &Identity<'_>) -> TokenStream {
    let rate = paths.hidden("One");
    let face = Face {
        pools: quote!(()),
        rate,
        settings: quote!(loop {}),
        wire: quote!(loop {}),
        inside: Vec::new(),
    };
    implementation(paths, declaration, identity, face)
}

/// What differs between the two.
struct Face {
    pools: TokenStream,
    rate: TokenStream,
    settings: TokenStream,
    wire: TokenStream,
    /// The pipelines in it.
    inside: Vec<TokenStream>,
}

fn implementation(
    paths: &Paths,
    declaration: &Declaration,
    identity: &Identity<'_>,
    face: Face,
) -> TokenStream {
    let site = identity.at().ours();
    let place = identity.path();
    let [named, scope, wiring, settings_type] =
        ["Named", "Scope", "Wiring", "Settings"].map(|item| paths.hidden(item));
    let [w, params, values] = ["w", "params", "values"].map(|name| variable(name, site));
    let header = &declaration.header;
    let arguments = || header.params.iter().map(|param| &param.name);
    let types = header.params.iter().map(|param| &param.ty);
    let (all, own) = (arguments(), arguments());
    let (takes, gives) = ends(header);
    let params_type = Scope::of(declaration, false).params_type();
    let make = quote!(fn(#(#types),*) -> #params_type);
    let Face { pools, rate, settings, wire, inside } = face;
    let [acyclic, gives_type] = ["Acyclic", "Gives"].map(|item| paths.hidden(item));
    let itself = match inside.is_empty() {
        true => place.clone(),
        false => quote_spanned!(site=> <(#(#inside,)*) as #gives_type<#place>>::It),
    };
    let conditions = declaration.header.conditions();
    quote_spanned! {site=>
        #conditions
        #[doc(hidden)]
        #[diagnostic::do_not_recommend]
        impl #acyclic for #place {
            type Itself = #itself;
        }
        #conditions
        #[doc(hidden)]
        #[allow(unused_variables)]
        impl #named<#make, (#takes, #gives, #pools)> for #place {
            type In = #takes;
            type Out = #gives;
            type Params = #params_type;
            type Pools = #pools;
            type Rate = #rate;
            const PARAMS: #make = |#(#all),*| (#(#own,)*);
            fn settings(#params: &Self::Params, #values: &mut #settings_type) {
                #settings
            }
            fn wire(#w: &mut #wiring<'_, #scope<Self::Params, Self::Pools>>) {
                #wire
            }
        }
    }
}
