//! The macros of Conveyor: `pipeline!` and `#[derive(Message)]`. Use them through the crate `conveyor`, which documents
//! them and hands its own path to them, so that it may be renamed.
//!
//! - `parse` gives a declaration (`ast`), `resolve` a graph, `rules` check it, `complete` adds what nobody writes,
//!   `expand` writes it out
//! - `message`: the derive

mod ast;
mod at;
mod complete;
mod diagnostics;
mod editor;
mod expand;
mod graph;
// Public in the run-time, which compiles the same file.
#[allow(unreachable_pub)]
mod kind;
mod message;
mod parse;
#[cfg(feature = "svg")]
mod picture;
mod regions;
mod resolve;
mod rules;
#[cfg(test)]
mod testing;
mod user;

use diagnostics::Diagnostics;
use expand::{Paths, Plan};
use proc_macro2::TokenStream;

/// `conveyor::pipeline!`, with the crate's path in front.
#[proc_macro]
pub fn __pipeline(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let mut input = TokenStream::from(input).into_iter();
    match input.next() {
        Some(krate) => expansion(&Paths::new(krate), input.collect(), editor::runs_the_macro()).into(),
        None => proc_macro::TokenStream::new(),
    }
}

/// Parse, resolve, check, expand. Each phase shows all of its errors; the next one starts only without any.
fn expansion(paths: &Paths, input: TokenStream, in_editor: bool) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    // In an editor some expression is always half-typed: the graph around it goes on.
    let fails = |diagnostics: &Diagnostics| match in_editor {
        true => diagnostics.has_errors_outside_code(),
        false => diagnostics.has_errors(),
    };
    let declaration = parse::declaration(input, &mut diagnostics);
    if fails(&diagnostics) {
        return expand::fallback(&declaration, paths, &diagnostics, in_editor);
    }
    let mut graph = resolve::graph(&declaration, &mut diagnostics);
    rules::check(&declaration, &graph, &mut diagnostics);
    if fails(&diagnostics) {
        return expand::fallback(&declaration, paths, &diagnostics, in_editor);
    }
    let sorted = complete::complete(&mut graph);
    expand::declared(&Plan::new(paths, &declaration, &graph, sorted), &diagnostics)
}

/// Makes a struct or an enum a message. What it makes, and its options `#[message(...)]`, are described at the trait
/// `conveyor::Message`.
#[proc_macro_derive(Message, attributes(message))]
pub fn derive_message(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    message::derive(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}
