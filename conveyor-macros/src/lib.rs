//! The macros of Conveyor. Use them through the crate `conveyor`.

use proc_macro::TokenStream;

/// `conveyor::pipeline!`, with the crate's path in front.
#[proc_macro]
pub fn __pipeline(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}
