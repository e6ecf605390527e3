//! The type that a pipeline with a name is.
//!
//! rustc goes on with the first of two types of one name, and would say of all that is implemented for the second that
//! it has been implemented before. So each is a type of its own, in a module of its own, and what is defined twice where
//! they are declared is a constant. Of two imports rustc would say how to rename one.

use super::paths::Paths;
use crate::ast::Header;
use crate::at::At;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;

pub(super) struct Identity<'h> {
    header: &'h Header,
    name: &'h Ident,
    /// The module that holds the type, unless it stands where it is declared.
    module: Option<Ident>,
}

impl<'h> Identity<'h> {
    /// `in_place`: the type itself stands where it is declared, for who looks at it there: an editor, or rustdoc.
    pub(super) fn of(header: &'h Header, name: &'h Ident, in_place: bool) -> Identity<'h> {
        let start = name.span().start();
        let module = format!("__{}_{}_{}", name.unraw(), start.line, start.column);
        let module = (!in_place).then(|| Ident::new(&module, At::of(name).item()));
        Identity { header, name, module }
    }

    pub(super) fn at(&self) -> At {
        At::of(self.name)
    }

    /// `Name`, or `__Name_3_13::Name`
    pub(super) fn path(&self) -> TokenStream {
        let mut name = self.name.clone();
        name.set_span(self.at().ours());
        let Some(module) = &self.module else { return name.to_token_stream() };
        quote_spanned!(self.at().item()=> #module::#name)
    }

    /// All items of the expansion, as one: where items cannot stand, as in an `impl`, rustc refuses each of them. Where an
    /// expression should stand, it stops at its name.
    pub(super) fn carried(&self, paths: &Paths, items: TokenStream) -> TokenStream {
        if self.module.is_none() {
            return items;
        }
        let carried = paths.hidden("__carried");
        let carrier =
            quote_spanned!(self.at().item()=> macro_rules! a_pipeline_with_a_name_is_an_item { () => {} });
        quote!(#[#carried(#items)] #carrier)
    }

    /// Declares it, with what the documentation of every pipeline says.
    pub(super) fn declared(&self, paths: &Paths, documentation: &TokenStream) -> TokenStream {
        let Header { attributes, visibility, .. } = self.header;
        let (name, at) = (self.name, self.at().item());
        let type_itself = quote_spanned!(at=> struct #name {});
        let Some(module) = &self.module else {
            return quote!(#(#attributes)* #documentation #visibility #type_itself);
        };
        let conditions = self.header.conditions();
        let import = quote_spanned!(at=> use #module::#name;);
        let unmade = paths.hidden("Unmade");
        let public = quote_spanned!(at=> pub);
        let value = quote_spanned!(at=> const #name: #unmade<#module::#name> = #unmade::VALUE;);
        let holds = quote_spanned!(at=> mod #module);
        quote! {
            #conditions
            #holds {
                #(#attributes)*
                #documentation
                #public #type_itself
            }
            #conditions
            #[allow(unused_imports, deprecated)]
            #visibility #import
            #conditions
            #[doc(hidden)]
            #[allow(non_upper_case_globals, deprecated)]
            #visibility #value
        }
    }
}
