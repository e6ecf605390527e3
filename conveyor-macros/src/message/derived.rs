//! What is wrong with a type is said once, where it is declared: its fields that are no messages, or that it cannot be
//! one at all.
//!
//! A constant says it. Whoever is told what the type is by way of this constant gets no type at all if it does not
//! compile, and of that rustc says nothing more.

use super::attributes::TypeOptions;
use super::bounds;
use super::subject::{Field, Recursive, Subject};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{DeriveInput, Generics, Ident, Path};

/// Of a type with fields. Those that depend on a parameter are bounds here: what is wrong with them is not known.
pub(super) fn expand(subject: &Subject) -> TokenStream {
    let Subject { ident, conveyor, open, .. } = subject;
    let parts = subject.fields().filter(|field| {
        let is_known = bounds::is_concrete(&field.ty, open);
        is_known && field.recursive == Recursive::No
    });
    let messages = parts.map(|Field { ty, .. }| subject.as_message(ty));
    derived(ident, open, conveyor, &quote!(#(_ = #messages::encode;)*))
}

/// Of one with `#[message(plain)]`.
pub(super) fn plain(subject: &Subject) -> TokenStream {
    let Subject { ident, conveyor, open, .. } = subject;
    let copies = quote_spanned!(ident.span()=> <#ident as #conveyor::message::Copies>);
    derived(ident, open, conveyor, &quote!(_ = #copies::copies;))
}

/// Of one that cannot be a message, with the errors that say so.
pub(super) fn stand_in(input: &DeriveInput, errors: &TokenStream) -> TokenStream {
    let TypeOptions { conveyor, .. } = TypeOptions::parse(&input.attrs).unwrap_or_default();
    derived(&input.ident, &input.generics, &conveyor, errors)
}

fn derived(ident: &Ident, generics: &Generics, conveyor: &Path, check: &TokenStream) -> TokenStream {
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        #[allow(trivial_bounds)]
        impl #impl_generics #conveyor::message::Derived for #ident #ty_generics #where_clause {
            type Seen = <Self as #conveyor::message::Sound<{ #check true }>>::Itself;
        }
    }
}
