//! What stands in for a declaration with errors: just enough that rustc adds none of its own.

use super::named::stub;
use super::paths::Paths;
use crate::ast::{Declaration, Header};
use crate::diagnostics::Diagnostics;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The errors, and a value or an item of the right type.
pub(crate) fn fallback(declaration: &Declaration, paths: &Paths, diagnostics: &Diagnostics) -> TokenStream {
    let errors = diagnostics.errors();
    match &declaration.header.name {
        Some(name) => item(declaration, name, paths, errors),
        // The last error is the value: its type agrees with everything.
        // One alone may also stand where an item was meant.
        None if errors.len() == 1 => quote!(#(#errors)*),
        None => quote!({ #(#errors)* }),
    }
}

fn item(declaration: &Declaration, name: &Ident, paths: &Paths, errors: Vec<TokenStream>) -> TokenStream {
    let Header { visibility, attributes, params, types, .. } = &declaration.header;
    let named = stub(paths, declaration, name);
    let [pipeline, graph] = ["Pipeline", "Graph"].map(|item| paths.public(item));
    let arguments = params.iter().map(|param| {
        let (name, ty) = (&param.name, &param.ty);
        quote!(#name: #ty)
    });
    let names = params.iter().map(|param| &param.name);
    let made = match types {
        Some((takes, gives)) => quote!(#pipeline<#takes, #gives>),
        // Only an item with closed ends may leave them out.
        None => quote!(#pipeline<(), ()>),
    };
    quote! {
        #(#attributes)*
        #visibility struct #name;
        impl #name {
            #visibility fn pipeline(#(#arguments),*) -> #made {
                let _ = (#(&#names,)*);
                loop {}
            }
            #visibility fn graph() -> #graph {
                loop {}
            }
        }
        #named
        #(#errors)*
    }
}
