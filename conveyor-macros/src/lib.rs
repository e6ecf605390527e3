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
#[cfg(test)]
mod mutants;
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

/// Parse; resolve and check; expand: each shows all of its errors, and the next one starts only without any.
fn expansion(paths: &Paths, input: TokenStream, in_editor: bool) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let declaration = parse::declaration(input.clone(), &mut diagnostics);
    if in_editor && diagnostics.has_errors() {
        return expansion_of_the_rest(paths, input, &diagnostics);
    }
    if diagnostics.has_errors() {
        return expand::fallback(declaration, paths, &diagnostics);
    }
    let mut graph = resolve::graph(&declaration, &mut diagnostics);
    rules::check(&declaration, &mut graph, &mut diagnostics);
    if in_editor && diagnostics.has_errors() {
        return expansion_of_the_rest(paths, input, &diagnostics);
    }
    if diagnostics.has_errors() {
        return expand::fallback(declaration, paths, &diagnostics);
    }
    let sorted = complete::complete(&mut graph);
    expand::declared(&Plan::new(paths, &declaration, &graph, sorted, in_editor), &diagnostics)
}

/// In an editor something is always half-typed: what can be understood of a declaration is expanded as if the rest
/// were not there, so that names and types are.
fn expansion_of_the_rest(paths: &Paths, input: TokenStream, diagnostics: &Diagnostics) -> TokenStream {
    let mut said_already = Diagnostics::default();
    let declaration = parse::declaration(parse::mended(input), &mut said_already);
    let mut graph = resolve::graph(&declaration, &mut said_already);
    graph.cut_cycles();
    let sorted = complete::complete(&mut graph);
    expand::declared(&Plan::new(paths, &declaration, &graph, sorted, true), diagnostics)
}

/// Gives the items that it carries: see `expand::identity`.
#[proc_macro_attribute]
pub fn __carried(items: proc_macro::TokenStream, _: proc_macro::TokenStream) -> proc_macro::TokenStream {
    items
}

/// Makes a struct or an enum a message. What it makes, and its options `#[message(...)]`, are described at the trait
/// `conveyor::Message`.
#[proc_macro_derive(Message, attributes(message))]
pub fn derive_message(input: proc_macro::TokenStream) -> proc_macro::TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    message::derive(&input).into()
}
