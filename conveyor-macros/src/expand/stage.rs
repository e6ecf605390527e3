//! One call of the wiring per processor, source or sink: which one depends on what the user wrote.

use super::paths::{blamed, call, captures_nothing, private, variable};
use super::plan::Plan;
use crate::ast::{Code, Role};
use crate::at::At;
use crate::graph::Kind;
use crate::user::{Argument, Closure, Form};
use petgraph::graph::NodeIndex;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Expr, Pat, PatType, Type};

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

/// `e4.recipe.kept()`: a value may have a checkpoint, and only where its type is known a method call finds it.
pub(super) fn kept(plan: &Plan<'_, '_>, node: NodeIndex, name: &Ident, at: Span) -> TokenStream {
    match plan.graph.node(node).kind {
        Kind::Stage(Role::Source, _) => quote_spanned!(at=> #name.recipe.source_kept()),
        Kind::Stage(role, code) if is_constructor(role, plan.form(code)) => {
            quote_spanned!(at=> #name.recipe.kept())
        }
        _ => quote!(#name.recipe),
    }
}

/// Does nothing but the caller lead to it?
pub(super) fn is_head(plan: &Plan<'_, '_>, node: NodeIndex) -> bool {
    let input = plan.graph.only_before(node).and_then(|pipe| plan.graph.only_before(pipe));
    input.is_some_and(|input| matches!(plan.graph.node(input).kind, Kind::Input))
}

/// `let e4 = w.element(map(), |scope| Ok(Clean::new(words)?)).accepted(Accepted::accepted);`
pub(super) fn constructor(plan: &Plan<'_, '_>, node: NodeIndex, role: Role, code: &Code) -> TokenStream {
    let at = code.at.ours();
    let name = plan.variable(node, at);
    let (scope, tokens) = (plan.scope.pattern(code, at), &code.tokens);
    let make = quote_spanned!(at=> |#scope: &_| ::core::result::Result::Ok(#tokens));
    let wired = match role_call(role, code.at) {
        None => {
            let accepted = blamed(&[accepted_by(role), "accepted"], code.at);
            let value = wired("source", quote!(#make, #accepted), code.at);
            quote_spanned!(at=> #value.started())
        }
        Some(call) => {
            let mut value = wired("element", quote!(#call, #make), code.at);
            if is_like_a_constructor(code) {
                let called = blamed(&["Called", "called"], code.at);
                value = quote_spanned!(at=> #value.called(#called));
            }
            let accepted = blamed(&[accepted_by(role), "accepted"], code.at);
            let borrowing = blamed(&["Borrowing", "borrowing"], borrows_at(plan, code));
            quote_spanned!(at=> #value.accepted(#accepted, #borrowing))
        }
    };
    let captures_nothing = checked_captures(plan, &name, 1, at);
    quote_spanned!(at=> let #name = #wired; #captures_nothing)
}

/// `Scale`, `Scale::new`: a path that might rather be called.
fn is_like_a_constructor(code: &Code) -> bool {
    let Some(Expr::Path(path)) = code.parsed.as_deref() else { return false };
    let last = path.path.segments.last().map(|last| last.ident.to_string());
    last.is_some_and(|last| last == "new" || last.starts_with(char::is_uppercase))
}

/// What a value borrows is said at the type that is written there, or else at the value.
fn borrows_at(plan: &Plan<'_, '_>, code: &Code) -> At {
    match plan.form(code) {
        Form::Block(Argument::Borrowed(Some(behind))) => At::of(behind),
        _ => code.at,
    }
}

/// Closures, and blocks that end in one. Also tells whether the code itself says what it takes.
pub(super) fn on_the_edge(plan: &Plan<'_, '_>, place: &Place<'_>) -> (TokenStream, bool) {
    let Place { node, role, code, .. } = *place;
    let at = code.at.ours();
    let name = plan.variable(node, at);
    let form = plan.form(code);
    let hidden = if let Form::Closure(closure) = form { names(&closure.input) } else { TokenStream::new() };
    let scope = plan.scope.pattern_beside(code, &hidden, at);
    let role_call = role_call(role, code.at);
    let (wired, arguments, knows) = match form {
        Form::Closure(closure) => {
            let (port, knows) = port(plan, place, &closure.argument());
            let (wired, arguments) = closure_call(place, closure, &scope, &port, role_call);
            (no_view(place, closure, wired), arguments, knows)
        }
        Form::Block(argument) => {
            let (port, knows) = port(plan, place, argument);
            let (takes, from) = (private("takes", at), variable("from", at));
            let block = &code.tokens;
            let make = quote_spanned!(at=> |#scope: &_, #from| #takes(#from, #block));
            (wired("block", quote!(#role_call, #port, #make), code.at), 2, knows)
        }
        Form::Path | Form::Value => {
            let (function, input) = (&code.tokens, variable("input", at));
            let (port, _) = port(plan, place, &Argument::Borrowed(None));
            let (decided, lent) = (private("decided", at), blamed(&["Lent", "lent"], code.at));
            let keeps = quote_spanned!(at=> |#scope: &_, #input| #decided(#function, #input, #lent));
            (wired("filter", quote!(#port, #keeps), code.at), 2, false)
        }
    };
    let captures_nothing = checked_captures(plan, &name, arguments, at);
    (quote_spanned!(at=> let #name = #wired; #captures_nothing), knows)
}

/// The argument of a closure without its type.
fn names(argument: &Pat) -> TokenStream {
    match argument {
        Pat::Type(typed) => typed.pat.to_token_stream(),
        argument => argument.to_token_stream(),
    }
}

/// `.owned(Owned::owned)`: a type that may be a view is asked whether it is one. With a lifetime it would be a type that
/// borrows.
fn no_view(place: &Place<'_>, closure: &Closure, wired: TokenStream) -> TokenStream {
    match &closure.input {
        Pat::Type(PatType { ty, .. }) if place.role != Role::Filter && may_be_a_view(ty) => {
            let owned = blamed(&["Owned", "owned"], At::of(ty));
            quote_spanned!(place.code.at.ours()=> #wired.owned(#owned))
        }
        _ => wired,
    }
}

/// Types of Rust itself with small letters in front are none, nor is what has arguments.
fn may_be_a_view(ty: &Type) -> bool {
    let Type::Path(path) = ty else { return false };
    path.path.segments.last().is_some_and(|name| {
        name.arguments.is_none()
            && name.ident != "String"
            && name.ident.to_string().starts_with(char::is_uppercase)
    })
}

/// The method with its arguments, and how many arguments the closure has by then.
fn closure_call(
    place: &Place<'_>,
    closure: &Closure,
    scope: &TokenStream,
    port: &TokenStream,
    role: Option<TokenStream>,
) -> (TokenStream, usize) {
    let at = place.code.at.ours();
    let Closure { capture, output, .. } = closure;
    let borrows = matches!(closure.argument(), Argument::Borrowed(_));
    let (input, body) = looked_at(place, closure);
    match place.role {
        Role::Filter => {
            let keeps = quote_spanned!(at=> #capture |#scope: &_, #input| #output #body);
            (wired("filter", quote!(#port, #keeps), place.code.at), 2)
        }
        Role::FlatMap if !closure.returns_early() => {
            let method = if borrows { "flat_map_ref" } else { "flat_map" };
            let out = variable("out", at);
            let each = quote_spanned!(at=> #capture |#scope: &_, #input, #out| #out.extend(#body));
            (wired(method, quote!(#port, #each), place.code.at), 3)
        }
        _ => {
            let method = if borrows { "closure_ref" } else { "closure" };
            let each = match place.role == Role::TryMap && closure.leaves_its_error_open() {
                true => {
                    let failure = private("Failure", at);
                    quote_spanned!(at=> #capture |#scope: &_, #input| -> ::core::result::Result<_, #failure> { #body })
                }
                false => quote_spanned!(at=> #capture |#scope: &_, #input| #output #body),
            };
            (wired(method, quote!(#role, #port, #each), place.code.at), 2)
        }
    }
}

/// The argument of a closure and its body. What it only looks at comes as its message says: a type that is written there
/// stands at a variable of its own, where it is said if they differ.
fn looked_at(place: &Place<'_>, closure: &Closure) -> (TokenStream, TokenStream) {
    let Closure { input, body, .. } = closure;
    let looks = match closure.argument() {
        Argument::Open => false,
        Argument::Owned => place.role == Role::Filter,
        Argument::Borrowed(_) => true,
    };
    match input {
        Pat::Type(PatType { pat, ty, .. }) if looks => {
            let at = At::of(ty);
            let (seen, shown) = (variable("seen", at.ours()), private("shown", at.ours()));
            let given = blamed(&["Given", "given"], at);
            let body = quote_spanned!(at.ours()=> { let #pat: #ty = #shown(#seen, #given); #body });
            (seen.into_token_stream(), body)
        }
        _ => (input.to_token_stream(), body.clone()),
    }
}

/// Where a closure's argument type comes from: the edge, or its annotation. An annotated one is then checked at the
/// arrow, like a value.
fn port(plan: &Plan<'_, '_>, place: &Place<'_>, argument: &Argument) -> (TokenStream, bool) {
    let at = place.code.at.ours();
    let is_typed = plan.declaration.header.types.is_some() || !is_head(plan, place.node);
    match argument {
        Argument::Owned if place.role != Role::Filter => {
            (call(&["port"], TokenStream::new(), place.code.at), true)
        }
        Argument::Borrowed(Some(behind)) if !is_typed => {
            let [port, message] = ["port", "Behind"].map(|item| private(item, at));
            (quote_spanned!(at=> #port::<<#behind as #message>::Message>()), false)
        }
        Argument::Open if place.role != Role::Filter => (place.from.clone(), false),
        _ => {
            let from = &place.from;
            (quote_spanned!(at=> #from.seen()), false)
        }
    }
}

fn checked_captures(plan: &Plan<'_, '_>, name: &Ident, arguments: usize, at: Span) -> TokenStream {
    if plan.in_editor {
        return TokenStream::new();
    }
    let more = std::iter::repeat_n(quote_spanned!(at=> _), arguments - 1);
    let user = captures_nothing(&quote_spanned!(at=> #name.recipe.user), at);
    quote_spanned!(at=> let _: fn(&_ #(, #more)*) -> _ = #user;)
}

/// `Wiring::closure(w, map(), ..)`: whatever is wrong with it is blamed on all of the code.
fn wired(method: &str, arguments: TokenStream, at: At) -> TokenStream {
    let w = variable("w", at.ours());
    call(&["Wiring", method], quote!(#w, #arguments), at)
}

/// The trait that says what stands behind a keyword.
fn accepted_by(role: Role) -> &'static str {
    match role {
        Role::Source => "AcceptedSource",
        Role::Sink => "AcceptedSink",
        Role::FilterMap => "AcceptedFilterMap",
        Role::FlatMap => "AcceptedFlatMap",
        Role::TryMap => "AcceptedTryMap",
        Role::Processor | Role::Filter => "Accepted",
    }
}

/// The run-time's role of a keyword; sources have none.
fn role_call(role: Role, at: At) -> Option<TokenStream> {
    let (function, arguments) = match role {
        Role::Source => return None,
        Role::Sink => ("consume", TokenStream::new()),
        Role::FilterMap => ("filter_map", TokenStream::new()),
        Role::FlatMap => ("flat_map", TokenStream::new()),
        Role::TryMap => ("try_map", blamed(&["Fails", "fails"], at).into_token_stream()),
        Role::Processor | Role::Filter => ("map", TokenStream::new()),
    };
    Some(call(&[function], arguments, at))
}
