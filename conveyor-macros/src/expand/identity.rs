//! The type that a pipeline with a name is.
//!
//! rustc goes on with the first of two types of one name, and would say of all that is implemented for the second that
//! it has been implemented before. So each is a type of its own, behind an alias: of two aliases rustc says one thing,
//! that the name is defined twice.

use crate::ast::Header;
use crate::at::At;
use crate::editor;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Attribute;
use syn::ext::IdentExt;

/// Attributes that say as much of an alias as of a type; others stand at the type.
const OF_AN_ALIAS: [&str; 8] = ["doc", "cfg", "allow", "warn", "deny", "expect", "forbid", "deprecated"];

pub(super) struct Identity<'h> {
    header: &'h Header,
    name: &'h Ident,
    /// The module that holds the type, unless it stands where it is declared.
    module: Option<Ident>,
}

impl<'h> Identity<'h> {
    pub(super) fn of(header: &'h Header, name: &'h Ident, in_editor: bool) -> Identity<'h> {
        // Whoever shows types would show an alias as one.
        let stands_there = in_editor || editor::is_rustdoc();
        let start = name.span().start();
        let module = format!("__{}_{}_{}", name.unraw(), start.line, start.column);
        let module = (!stands_there).then(|| Ident::new(&module, At::of(name).item()));
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

    /// Declares it, with what the documentation of every pipeline says.
    pub(super) fn declared(&self, documentation: &TokenStream) -> TokenStream {
        let Header { attributes, visibility, .. } = self.header;
        let (name, at) = (self.name, self.at().item());
        let type_itself = quote_spanned!(at=> struct #name;);
        let Some(module) = &self.module else {
            return quote!(#(#attributes)* #documentation #visibility #type_itself);
        };
        let conditions = self.header.conditions();
        let of_an_alias = |attribute: &&Attribute| OF_AN_ALIAS.iter().any(|of| attribute.path().is_ident(of));
        let (of_the_alias, of_the_type): (Vec<_>, Vec<_>) = attributes.iter().partition(of_an_alias);
        let alias = quote_spanned!(at=> type #name = #module::#name;);
        // Where a value should stand, what is wrong with this one is said, and not that there is none.
        let value = quote_spanned!(at=> const #name: #module::#name = #module::#name;);
        // The alias stands first: where an expression should stand, rustc stops there.
        quote! {
            #(#of_the_alias)*
            #documentation
            #visibility #alias
            #conditions
            mod #module {
                #(#of_the_type)*
                pub #type_itself
            }
            #conditions
            #[doc(hidden)]
            #[allow(non_upper_case_globals)]
            #visibility #value
        }
    }
}
