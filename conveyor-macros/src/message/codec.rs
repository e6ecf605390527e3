//! The impl of `Message`: the fields one after the other, behind the number of the variant if there are several.

use super::subject::{Field, Recursive, Subject, Variant};
use super::types;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use syn::parse_quote;

pub(super) fn expand(subject: &Subject) -> TokenStream {
    let Subject { ident, conveyor, generics, .. } = subject;
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let view = view_type(subject);
    let holds_chunks = subject.fields().map(|field| holds_chunks(subject, field));
    // in front of a variant's fields stands its number
    let tag_bytes = if subject.is_enum { quote!(4_usize) } else { quote!(0_usize) };
    let bytes = subject.fields().map(|field| bytes_max(subject, field));
    let as_view = as_view(subject);
    let inline = inline(subject);
    let encode = encode(subject);
    let decode = read(subject, ident, &quote!(decode));
    // whoever has a parameter is shown what is asked of it
    let shown = generics.params.is_empty().then(|| quote!(#[diagnostic::do_not_recommend]));
    let look = if subject.is_its_own_view() {
        quote!(<Self as #conveyor::Message>::decode(from))
    } else {
        read(subject, &subject.view, &quote!(view))
    };
    quote! {
        #shown
        #[automatically_derived]
        #[allow(trivial_bounds)]
        impl #impl_generics #conveyor::Message for #ident #ty_generics #where_clause {
            type View<'a> = #view;
            type Run<'a> = #conveyor::message::Seq<'a, Self>;
            const HOLDS_CHUNKS: ::core::primitive::bool = false #(|| #holds_chunks)*;
            const BYTES_MAX: ::core::primitive::usize = #tag_bytes #(.saturating_add(#bytes))*;
            #inline
            fn as_view(&self) -> Self::View<'_> {
                #as_view
            }
            fn as_run(items: &[Self]) -> Self::Run<'_> {
                #conveyor::message::Seq::values(items)
            }
            #inline
            fn encode(&self, to: &mut #conveyor::message::Encoder) {
                #encode
            }
            #inline
            fn decode(from: &mut #conveyor::message::Decoder<'_>) -> #conveyor::Result<Self> {
                #decode
            }
            #inline
            fn view<'a>(from: &mut #conveyor::message::Decoder<'a>) -> #conveyor::Result<Self::View<'a>> {
                #look
            }
            fn view_run<'a>(from: &mut #conveyor::message::Decoder<'a>) -> #conveyor::Result<Self::Run<'a>> {
                #conveyor::message::Seq::encoded(from)
            }
        }
    }
}

/// Up to here a type is inlined wherever it is a part, whatever the compiler thinks.
const INLINED_FIELDS_MAX: usize = 16;

/// A value that is returned through memory and then moved into a vector costs more than its decoding. Types that lead
/// back to themselves are left alone: their frames lie on the stack many times.
fn inline(subject: &Subject) -> TokenStream {
    let recursive = subject.fields().any(|field| field.recursive != Recursive::No);
    if recursive || subject.fields().count() > INLINED_FIELDS_MAX {
        quote!(#[inline])
    } else {
        quote!(#[inline(always)])
    }
}

fn view_type(subject: &Subject) -> TokenStream {
    if subject.is_its_own_view() {
        return quote!(Self);
    }
    let view = &subject.view;
    let params = subject.generics.params.iter().map(|param| match param {
        syn::GenericParam::Lifetime(param) => quote!(#param),
        syn::GenericParam::Type(param) => {
            let ident = &param.ident;
            quote!(#ident)
        }
        syn::GenericParam::Const(param) => {
            let ident = &param.ident;
            quote!(#ident)
        }
    });
    quote!(#view<'a #(, #params)*>)
}

/// A constant that asks itself does not compile: a type that leads back to itself is asked without that part, or counts
/// as holding chunks.
fn holds_chunks(subject: &Subject, field: &Field) -> TokenStream {
    let message = match field.recursive {
        Recursive::No => subject.as_message(&field.ty),
        Recursive::Seen => subject.as_message(&types::replace(&field.ty, &subject.ident, &parse_quote!(()))),
        Recursive::Declared => return quote!(true),
    };
    quote!(#message::HOLDS_CHUNKS)
}

/// All fields of all variants together, which is no less than any one of them takes.
fn bytes_max(subject: &Subject, field: &Field) -> TokenStream {
    if field.recursive != Recursive::No {
        return quote!(::core::primitive::usize::MAX);
    }
    let message = subject.as_message(&field.ty);
    quote!(#message::BYTES_MAX)
}

fn as_view(subject: &Subject) -> TokenStream {
    let target = if subject.is_its_own_view() { &subject.ident } else { &subject.view };
    let arms = subject.variants.iter().map(|variant| {
        let pattern = variant.pattern(&subject.ident);
        let view = variant.value(target, |Field { binding, ty, .. }| {
            let message = subject.as_message(ty);
            quote!(#message::as_view(#binding))
        });
        quote!(#pattern => #view)
    });
    quote!(match self { #(#arms),* })
}

fn encode(subject: &Subject) -> TokenStream {
    let count = count(subject);
    let arms = subject.variants.iter().enumerate().map(|(index, variant)| {
        let pattern = variant.pattern(&subject.ident);
        let index = number(index);
        let tag = subject.is_enum.then(|| quote!(to.variant(#index, #count);));
        let fields = variant.fields.iter().map(|Field { binding, ty, .. }| {
            let message = subject.as_message(ty);
            quote!(#message::encode(#binding, to);)
        });
        quote!(#pattern => { #tag #(#fields)* })
    });
    quote!(match self { #(#arms),* })
}

/// Reads the type itself (`decode`) or its view (`view`).
fn read(subject: &Subject, target: &syn::Ident, method: &TokenStream) -> TokenStream {
    let value = |variant: &Variant| {
        let value = variant.value(target, |Field { ty, .. }| {
            let message = subject.as_message(ty);
            quote!(#message::#method(from)?)
        });
        quote!(::core::result::Result::Ok(#value))
    };
    if !subject.is_enum {
        return value(&subject.variants[0]);
    }
    let count = count(subject);
    let arms = subject.variants.iter().enumerate().map(|(index, variant)| {
        let value = value(variant);
        // `variant` has checked that there is no number above the last one's.
        let number = if index + 1 == subject.variants.len() { quote!(_) } else { number(index) };
        quote!(#number => #value)
    });
    quote!(match from.variant(#count)? { #(#arms),* })
}

fn count(subject: &Subject) -> TokenStream {
    number(subject.variants.len())
}

fn number(number: usize) -> TokenStream {
    let literal = Literal::usize_unsuffixed(number);
    quote!(#literal)
}
