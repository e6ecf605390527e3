//! `#[derive(Message)]`: parse the type, decide on its bounds, write its view and its impl.

mod attributes;
mod bounds;
mod codec;
mod derived;
mod plain;
mod subject;
mod types;
mod view;

use proc_macro2::TokenStream;
use quote::quote;
use subject::Subject;
use syn::DeriveInput;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    message(input).unwrap_or_else(|error| derived::stand_in(input, &error.into_compile_error()))
}

fn message(input: &DeriveInput) -> syn::Result<TokenStream> {
    let subject = Subject::parse(input)?;
    if subject.plain {
        return plain::expand(&subject);
    }
    let view = view::expand(&subject);
    let (derived, message) = (derived::expand(&subject), codec::expand(&subject));
    Ok(quote!(#view #derived #message))
}
