//! The borrowed view: the type once more, with the view of each field in place of the field.
//!
//! It is `Clone`, `Debug` and `PartialEq` as far as the views of its fields are. Those bounds are left out for fields
//! that lead back to the type, whose views are as good as this one.

use super::subject::{Field, Recursive, Style, Subject, Variant};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{GenericParam, Generics, Member, parse_quote};

pub(super) fn expand(subject: &Subject) -> TokenStream {
    if subject.is_its_own_view() {
        return TokenStream::new();
    }
    let definition = definition(subject);
    let clone = clone(subject);
    let debug = debug(subject);
    let eq = eq(subject);
    let derived = derived(subject);
    quote!(#definition #clone #debug #eq #derived)
}

/// The type's generics, with the view's lifetime in front.
fn generics(subject: &Subject) -> Generics {
    let mut generics = subject.generics.clone();
    generics.params.insert(0, parse_quote!('a));
    generics
}

fn definition(subject: &Subject) -> TokenStream {
    let Subject { ident, vis, view, .. } = subject;
    let mut generics = generics(subject);
    // The defaults of the type's parameters hold for its view, too; attributes on them have done their work.
    for param in &mut generics.params {
        if let GenericParam::Type(param) = param {
            param.attrs.clear();
        }
    }
    let where_clause = &generics.where_clause;
    let doc = format!("The borrowed view of [`{ident}`].");
    let body = if subject.is_enum {
        let variants = subject.variants.iter().map(|variant| {
            let (name, fields) = (&variant.name, fields(subject, variant));
            let doc = format!("The view of [`{ident}::{}`].", quote!(#name));
            quote!(#[doc = #doc] #name #fields)
        });
        quote!(enum #view #generics #where_clause { #(#variants),* })
    } else {
        let variant = &subject.variants[0];
        let fields = fields(subject, variant);
        match variant.style {
            Style::Named => quote!(struct #view #generics #where_clause #fields),
            Style::Tuple | Style::Unit => quote!(struct #view #generics #fields #where_clause;),
        }
    };
    quote!(#[doc = #doc] #[allow(dead_code, trivial_bounds)] #vis #body)
}

fn fields(subject: &Subject, variant: &Variant) -> TokenStream {
    let fields = variant.fields.iter().map(|field| {
        let Field { member, vis, ty, .. } = field;
        let message = subject.as_message(ty);
        let doc = format!("The view of `{}`.", label(member));
        let name = (variant.style == Style::Named).then(|| quote!(#member:));
        quote!(#[doc = #doc] #vis #name #message::View<'a>)
    });
    match variant.style {
        Style::Named => quote!({ #(#fields),* }),
        Style::Tuple => quote!(( #(#fields),* )),
        Style::Unit => TokenStream::new(),
    }
}

/// `impl Trait for View`, where the views of all fields implement it.
fn implement(subject: &Subject, of_trait: &TokenStream, body: &TokenStream) -> TokenStream {
    let mut generics = generics(subject);
    let bounds = subject.fields().filter(|field| field.recursive == Recursive::No).map(|field| {
        let message = subject.as_message(&field.ty);
        parse_quote!(#message::View<'a>: #of_trait)
    });
    let bounds: Vec<syn::WherePredicate> = bounds.collect();
    generics.make_where_clause().predicates.extend(bounds);
    let view = &subject.view;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        #[allow(trivial_bounds)]
        impl #impl_generics #of_trait for #view #ty_generics #where_clause { #body }
    }
}

/// It is known as a view, so that it is not taken for a message.
fn derived(subject: &Subject) -> TokenStream {
    let Subject { conveyor, view, .. } = subject;
    let generics = generics(subject);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        #[allow(trivial_bounds)]
        impl #impl_generics #conveyor::message::DerivedView for #view #ty_generics #where_clause {}
    }
}

fn clone(subject: &Subject) -> TokenStream {
    let arms = subject.variants.iter().map(|variant| {
        let pattern = variant.pattern(&subject.view);
        let value = variant
            .value(&subject.view, |Field { binding, .. }| quote!(::core::clone::Clone::clone(#binding)));
        quote!(#pattern => #value)
    });
    let body = quote! {
        fn clone(&self) -> Self {
            match self { #(#arms),* }
        }
    };
    implement(subject, &quote!(::core::clone::Clone), &body)
}

fn debug(subject: &Subject) -> TokenStream {
    let arms = subject.variants.iter().map(|variant| {
        let pattern = variant.pattern(&subject.view);
        let name = variant.name.as_ref().unwrap_or(&subject.view).to_string();
        let fields = variant.fields.iter().map(|Field { member, binding, .. }| match variant.style {
            Style::Named => {
                let label = label(member);
                quote!(.field(#label, #binding))
            }
            Style::Tuple | Style::Unit => quote!(.field(#binding)),
        });
        let debug = match variant.style {
            Style::Named => quote!(debug_struct),
            Style::Tuple | Style::Unit => quote!(debug_tuple),
        };
        quote!(#pattern => f.#debug(#name)#(#fields)*.finish())
    });
    let body = quote! {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            match self { #(#arms),* }
        }
    };
    implement(subject, &quote!(::core::fmt::Debug), &body)
}

fn label(member: &Member) -> String {
    match member {
        Member::Named(name) => name.unraw().to_string(),
        Member::Unnamed(index) => index.index.to_string(),
    }
}

fn eq(subject: &Subject) -> TokenStream {
    let view = &subject.view;
    let arms = subject.variants.iter().map(|variant| {
        let path = variant.path(view);
        let theirs = |field: &Field| format_ident!("other_{}", field.binding);
        let pattern = variant.pattern(view);
        let others = variant.fields.iter().map(|field| {
            let (member, theirs) = (&field.member, theirs(field));
            quote!(#member: #theirs)
        });
        let equal = variant.fields.iter().map(|field| {
            let (ours, theirs) = (&field.binding, theirs(field));
            quote!(&& #ours == #theirs)
        });
        quote!((#pattern, #path { #(#others),* }) => true #(#equal)*)
    });
    let otherwise = (subject.variants.len() > 1).then(|| quote!(, _ => false));
    let body = quote! {
        fn eq(&self, other: &Self) -> ::core::primitive::bool {
            match (self, other) { #(#arms),* #otherwise }
        }
    };
    implement(subject, &quote!(::core::cmp::PartialEq), &body)
}
