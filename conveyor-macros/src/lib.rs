//! The macros of Conveyor. Use them through the crate `conveyor`.

mod message;

use proc_macro::TokenStream;

/// `conveyor::pipeline!`, with the crate's path in front.
#[proc_macro]
pub fn __pipeline(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// `conveyor::Message`.
#[proc_macro_derive(Message, attributes(message))]
pub fn derive_message(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    message::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
