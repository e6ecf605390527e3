//! One call of the wiring per processor, source or sink: which one depends on what the user wrote.

use super::paths::{private, variable};
use super::plan::Plan;
use crate::ast::{Code, Role};
use crate::graph::Kind;
use crate::user::{Argument, Closure, Form};
use petgraph::graph::NodeIndex;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

/// A stage that has to know the edge in front of it.
pub(super) struct Place<'a> {
    pub(super) node: NodeIndex,
    pub(super) role: Role,
    pub(super) code: &'a Code,
    /// The port its messages come from.
    pub(super) from: TokenStream,
}

/// Is it wired by `Wiring::element` or `Wiring::source`, whatever leads to it?
pub(super) fn is_constructor(role: Role, form: &Form) -> bool {
    match (role, form) {
        (Role::Source, _) => true,
        (Role::Filter, _) | (_, Form::Closure(_)) => false,
        // A borrowed argument makes the closure general in its lifetime: the value knows its types.
        (_, Form::Block(argument)) => matches!(argument, Argument::Borrowed(_)),
        (_, Form::Path | Form::Value) => true,
    }
}

/// Does nothing but the caller lead to it?
pub(super) fn is_head(plan: &Plan<'_, '_>, node: NodeIndex) -> bool {
    let input = plan.graph.only_before(node).and_then(|pipe| plan.graph.only_before(pipe));
    input.is_some_and(|input| matches!(plan.graph.node(input).kind, Kind::Input))
}

/// `let e4 = w.element(4, Map, |scope| Ok(Clean::new(words)?));`
pub(super) fn constructor(plan: &Plan<'_, '_>, node: NodeIndex, role: Role, code: &Code) -> TokenStream {
    let at = code.at.ours();
    let (number, name, w) = (plan.number(node), plan.variable(node, at), variable("w", at));
    let (scope, tokens) = (plan.scope.pattern(code, at), &code.tokens);
    let make = quote_spanned!(at=> |#scope: &_| ::core::result::Result::Ok(#tokens));
    let call = match role_type(role) {
        None => quote_spanned!(at=> #w.source(#number, #make)),
        Some(role) => {
            let role = private(role, at);
            quote_spanned!(at=> #w.element(#number, #role, #make))
        }
    };
    let captures_nothing = captures_nothing(plan, &name, 1, at);
    quote_spanned!(at=> let #name = #call; #captures_nothing)
}

/// Closures, and blocks that end in one. Also tells whether the code itself says what it takes.
pub(super) fn on_the_edge(plan: &Plan<'_, '_>, place: &Place<'_>, form: Form) -> (TokenStream, bool) {
    let Place { node, role, code, .. } = *place;
    let at = code.at.ours();
    let (number, name, w) = (plan.number(node), plan.variable(node, at), variable("w", at));
    let scope = plan.scope.pattern(code, at);
    let role_path = role_type(role).map(|role| private(role, at));
    let (call, arguments, knows) = match form {
        Form::Closure(closure) => {
            let (port, knows) = port(plan, place, &closure.argument());
            let (call, arguments) = closure_call(place, number, &closure, &scope, &port, role_path);
            (call, arguments, knows)
        }
        Form::Block(argument) => {
            let (port, knows) = port(plan, place, &argument);
            let (takes, from) = (private("takes", at), variable("from", at));
            let block = &code.tokens;
            (
                quote_spanned!(at=> block(#number, #role_path, #port, |#scope: &_, #from| #takes(#from, #block))),
                2,
                knows,
            )
        }
        Form::Path | Form::Value => {
            let (function, input) = (&code.tokens, variable("input", at));
            let from = &place.from;
            (quote_spanned!(at=> filter(#number, #from, |#scope: &_, #input| #function(#input))), 2, false)
        }
    };
    let captures_nothing = captures_nothing(plan, &name, arguments, at);
    (quote_spanned!(at=> let #name = #w.#call; #captures_nothing), knows)
}

/// The method with its arguments, and how many arguments the closure has by then.
fn closure_call(
    place: &Place<'_>,
    number: u32,
    closure: &Closure,
    scope: &TokenStream,
    port: &TokenStream,
    role: Option<TokenStream>,
) -> (TokenStream, usize) {
    let at = place.code.at.ours();
    let Closure { capture, input, output, body } = closure;
    let borrows = matches!(closure.argument(), Argument::Borrowed(_));
    match place.role {
        Role::Filter => {
            (quote_spanned!(at=> filter(#number, #port, #capture |#scope: &_, #input| #output #body)), 2)
        }
        Role::FlatMap if !closure.returns_early() => {
            let method = Ident::new(if borrows { "flat_map_ref" } else { "flat_map" }, at);
            let out = variable("out", at);
            let call = quote_spanned!(at=> #method(#number, #port, #capture |#scope: &_, #input, #out| #out.extend(#body)));
            (call, 3)
        }
        _ => {
            let method = Ident::new(if borrows { "closure_ref" } else { "closure" }, at);
            let call = quote_spanned!(at=> #method(#number, #role, #port, #capture |#scope: &_, #input| #output #body));
            (call, 2)
        }
    }
}

/// Where a closure's argument type comes from: the edge, or its annotation. An annotated one is then checked at the
/// arrow, like a value.
fn port(plan: &Plan<'_, '_>, place: &Place<'_>, argument: &Argument) -> (TokenStream, bool) {
    let at = place.code.at.ours();
    let port = private("port", at);
    let is_typed = plan.declaration.header.types.is_some() || !is_head(plan, place.node);
    match argument {
        Argument::Owned if place.role != Role::Filter => (quote_spanned!(at=> #port()), true),
        Argument::Borrowed(Some(behind)) if !is_typed => {
            (quote_spanned!(at=> #port::<<#behind as ::std::borrow::ToOwned>::Owned>()), false)
        }
        _ => (place.from.clone(), false),
    }
}

/// CV018: only what captures nothing can become a `fn` pointer. rustc shows the variable.
fn captures_nothing(plan: &Plan<'_, '_>, name: &Ident, arguments: usize, at: Span) -> TokenStream {
    if plan.in_editor {
        return TokenStream::new();
    }
    let more = std::iter::repeat_n(quote_spanned!(at=> _), arguments - 1);
    quote_spanned!(at=> let _: fn(&_ #(, #more)*) -> _ = #name.recipe.user;)
}

/// The run-time's name of a role; sources have none.
fn role_type(role: Role) -> Option<&'static str> {
    match role {
        Role::Source => None,
        Role::Sink => Some("Consume"),
        Role::FilterMap => Some("FilterMap"),
        Role::FlatMap => Some("FlatMap"),
        Role::TryMap => Some("TryMap"),
        Role::Processor | Role::Filter => Some("Map"),
    }
}
