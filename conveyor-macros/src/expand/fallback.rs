//! What stands in for a declaration with errors: just enough that rustc adds none of its own.

use super::paths::Paths;
use crate::ast::Declaration;
use crate::diagnostics::Diagnostics;
use proc_macro2::{Span, TokenStream};
use quote::quote;

/// The errors, and a value or an item of the right type.
pub(crate) fn fallback(declaration: &Declaration, paths: &Paths, diagnostics: &Diagnostics) -> TokenStream {
    let errors = diagnostics.errors();
    let (Some(name), header) = (&declaration.header.name, &declaration.header) else {
        // The last error is the value: its type agrees with everything.
        return quote!({ #(#errors)* });
    };
    let site = Span::mixed_site();
    let (visibility, attributes) = (&header.visibility, &header.attributes);
    let pipeline = paths.private("Pipeline", site);
    let graph = paths.public("Graph", site);
    let params = header.params.iter().map(|param| {
        let (name, ty) = (&param.name, &param.ty);
        quote!(#name: #ty)
    });
    let names = header.params.iter().map(|param| &param.name);
    let made = header.types.as_ref().map(|(takes, gives)| {
        quote! {
            #visibility fn pipeline(#(#params),*) -> #pipeline<#takes, #gives> {
                let _ = (#(#names,)*);
                loop {}
            }
        }
    });
    quote! {
        #(#attributes)*
        #visibility struct #name;
        impl #name {
            #made
            #visibility fn graph() -> #graph {
                loop {}
            }
        }
        #(#errors)*
    }
}
