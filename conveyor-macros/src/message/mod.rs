//! `#[derive(Message)]`: parse the type, decide on its bounds, write its view and its impl.

mod attributes;
mod bounds;
mod codec;
mod plain;
mod subject;
mod types;
mod view;

use proc_macro2::TokenStream;
use quote::quote;
use subject::Subject;
use syn::DeriveInput;

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    message(input).unwrap_or_else(|error| {
        let (error, stand_in) = (error.into_compile_error(), codec::stand_in(input));
        quote!(#error #stand_in)
    })
}

fn message(input: &DeriveInput) -> syn::Result<TokenStream> {
    let subject = Subject::parse(input)?;
    if subject.plain {
        return plain::expand(&subject);
    }
    let view = view::expand(&subject);
    let message = codec::expand(&subject);
    Ok(quote!(#view #message))
}
