//! What stands in for a declaration with errors: just enough that rustc adds none of its own.

use super::forms::ends;
use super::identity::Identity;
use super::named::stub;
use super::paths::Paths;
use crate::ast::{Declaration, Header};
use crate::diagnostics::Diagnostics;
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

fn item(declaration: &Declaration, name: &Ident, paths: &Paths, errors: Vec<TokenStream>) -> TokenStream {
    let Header { visibility, params, .. } = &declaration.header;
    let identity = Identity::of(&declaration.header, name, false);
    let (declared, place) = (identity.declared(&TokenStream::new()), identity.path());
    let named = stub(paths, declaration, &identity);
    let [pipeline, graph] = ["Pipeline", "Graph"].map(|item| paths.public(item));
    let conditions = declaration.header.conditions();
    let arguments = params.iter().map(|param| {
        let (name, ty) = (&param.name, &param.ty);
        quote!(#name: #ty)
    });
    let names = params.iter().map(|param| &param.name);
    let (takes, gives) = ends(&declaration.header);
    quote! {
        #declared
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
        #conditions
        #named
        #(#errors)*
    }
}
