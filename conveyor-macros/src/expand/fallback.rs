//! What stands in for a declaration with errors: just enough that rustc adds none of its own.

use super::forms::ends;
use super::identity::Identity;
use super::named::stub;
use super::paths::Paths;
use crate::ast::{Declaration, Header};
use crate::diagnostics::Diagnostics;
use crate::rules::type_parameters;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The errors, and a value or an item of the right type.
pub(crate) fn fallback(
    mut declaration: Declaration,
    paths: &Paths,
    diagnostics: &Diagnostics,
) -> TokenStream {
    tell_apart(&mut declaration.header);
    let errors = diagnostics.errors();
    match &declaration.header.name {
        Some(name) => item(&declaration, name, paths, errors),
        // The last error is the value: its type agrees with everything.
        // One alone may also stand where an item was meant.
        None if errors.len() == 1 => quote!(#(#errors)*),
        None => quote!({ #(#errors)* }),
    }
}

/// Parameters of one name have been reported; rustc would do so again.
fn tell_apart(header: &mut Header) {
    for last in 1..header.params.len() {
        let (before, [param, ..]) = header.params.split_at_mut(last) else { return };
        if before.iter().any(|other| other.name == param.name) {
            param.name = format_ident!("{}_{last}", param.name);
        }
    }
}

fn item(declaration: &Declaration, name: &Ident, paths: &Paths, mut errors: Vec<TokenStream>) -> TokenStream {
    let header = &declaration.header;
    let identity = Identity::of(header, name, false);
    let declared = identity.declared(paths, &TokenStream::new());
    let is_unknown = header.types.is_none() || header.lacks_params || !type_parameters(header).is_empty();
    let body = match is_unknown {
        true => unknown(header, paths, &identity, errors.remove(0)),
        false => known(declaration, paths, &identity),
    };
    identity.carried(paths, quote!(#declared #body #(#errors)*))
}

/// What a pipeline takes and gives is known, and its parameters are.
fn known(declaration: &Declaration, paths: &Paths, identity: &Identity<'_>) -> TokenStream {
    let Header { visibility, params, .. } = &declaration.header;
    let (named, place) = (stub(paths, declaration, identity), identity.path());
    let [pipeline, graph] = ["Pipeline", "Graph"].map(|item| paths.public(item));
    let arguments = params.iter().map(|param| {
        let (name, ty) = (&param.name, &param.ty);
        quote!(#name: #ty)
    });
    let names = params.iter().map(|param| &param.name);
    let (takes, gives) = ends(&declaration.header);
    let conditions = declaration.header.conditions();
    quote! {
        #conditions
        impl #place {
            #visibility fn pipeline(#(#arguments),*) -> #pipeline<#takes, #gives> {
                let _ = (#(&#names,)*);
                loop {}
            }
            #visibility fn graph() -> #graph {
                loop {}
            }
        }
        #named
    }
}

/// Nothing is known: rustc accepts whatever is done with a value whose type is an error, and says that error once.
fn unknown(header: &Header, paths: &Paths, identity: &Identity<'_>, error: TokenStream) -> TokenStream {
    let (visibility, place) = (&header.visibility, identity.path());
    let graph = paths.public("Graph");
    let [acyclic, named, scope, wiring, settings] =
        ["Acyclic", "Named", "Scope", "Wiring", "Settings"].map(|item| paths.hidden(item));
    let conditions = header.conditions();
    quote! {
        #conditions
        const _: () = {
            trait Refused<const ERROR: bool> {
                type Type;
            }
            type Unknown = <() as Refused<{ #error }>>::Type;
            #[allow(non_upper_case_globals)]
            impl #place {
                #visibility const pipeline: Unknown = loop {};
                #visibility fn graph() -> #graph {
                    loop {}
                }
            }
            #[diagnostic::do_not_recommend]
            impl #acyclic for #place {
                type Itself = #place;
            }
            impl #named<Unknown, Unknown> for #place {
                type In = Unknown;
                type Out = Unknown;
                type Params = Unknown;
                type Pools = Unknown;
                type Rate = Unknown;
                const PARAMS: Unknown = loop {};
                fn settings(_: &Self::Params, _: &mut #settings) {}
                fn wire(_: &mut #wiring<'_, #scope<Self::Params, Self::Pools>>) {}
            }
        };
    }
}
