//! What user code cannot do where it stands, as far as its words tell: read the standard input, leave by `?`, give what
//! is still to be done.
//!
//! Only what is certain is refused; the rest is rustc's.

use crate::ast::{Choice, Role};
use crate::at::At;
use crate::diagnostics::Diagnostics;
use crate::graph::{Graph, Kind};
use crate::user::holds;
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Block, Expr, ExprClosure, Local, Pat, ReturnType, Stmt, Type};

pub(super) fn check(graph: &Graph<'_>, diagnostics: &mut Diagnostics) {
    for node in graph.nodes() {
        let about = graph.node(node);
        let Kind::Stage(role, code) = about.kind else { continue };
        if code.words.has("stdin")
            && let Some(place) = standard_input(code.tokens.clone())
            && !(role == Role::Source && is_given(about.options, "stdin"))
        {
            diagnostics.error(At::from(place), no_standard_input(role, about.name.map(ToString::to_string)));
        }
        if let Some(Expr::Closure(closure)) = code.parsed.as_deref()
            && let Expr::Async(later) = &*closure.body
        {
            let text = "a future is no message, and nobody would wait for it here: leave `async` out, and let the closure \
                        wait for what it needs";
            diagnostics.error(At::from(later.async_token.span), text);
        }
        if let Some(Expr::Closure(closure)) = code.parsed.as_deref()
            && let Some((place, text)) = changed_in_place(role, closure)
        {
            diagnostics.error(place, text);
        }
        if let Some(Expr::Closure(closure)) = code.parsed.as_deref()
            && let Some(instead) = nowhere_to_go(role, closure)
            && let Some(place) = question_mark(closure.body.to_token_stream())
        {
            diagnostics.error(At::from(place), format_args!("`?` has nowhere to go: {instead}"));
        }
    }
}

/// `|rows: &mut Vec<u64>|`: a closure has its message, or looks at it.
fn changed_in_place(role: Role, closure: &ExprClosure) -> Option<(At, String)> {
    let Some(Pat::Type(argument)) = closure.inputs.first() else { return None };
    let Type::Reference(reference) = &*argument.ty else { return None };
    reference.mutability?;
    let text = match role {
        Role::Filter => "a `filter` only looks at its message: leave `mut` out".to_owned(),
        _ => {
            let name = argument.pat.to_token_stream();
            format!(
                "a closure that changes its message has it by value: write `mut {name}`, and its type without `&mut`"
            )
        }
    };
    Some((At::of(reference), text))
}

fn is_given(options: &[Choice], name: &str) -> bool {
    options.iter().any(|option| option.name == name)
}

fn no_standard_input(role: Role, name: Option<String>) -> String {
    const WHY: &str = "in a process of its own this reads nothing";
    match (role, name) {
        (Role::Source, Some(name)) => {
            format!(
                "{WHY}: say that it is this source which has the standard input, `source {name} [stdin] = ..`"
            )
        }
        (Role::Source, None) => {
            format!("{WHY}: say that it is this source which has the standard input, `source(..) [stdin]`")
        }
        _ => format!("{WHY}: only a source can have the standard input, `source(..) [stdin]`"),
    }
}

/// `stdin()`, `io::stdin()`: the method of a `Command` is something else, and so is what lies elsewhere.
fn standard_input(code: TokenStream) -> Option<Span> {
    let tokens: Vec<TokenTree> = code.into_iter().collect();
    let is_punct = |at: Option<usize>, mark: char| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark))
    };
    let is_word = |at: Option<usize>, word: &str| {
        at.and_then(|at| tokens.get(at))
            .is_some_and(|token| matches!(token, TokenTree::Ident(ident) if ident == word))
    };
    tokens.iter().enumerate().find_map(|(at, token)| match token {
        TokenTree::Group(group) => standard_input(group.stream()),
        TokenTree::Ident(word) if word == "stdin" => {
            let is_called = matches!(tokens.get(at + 1), Some(TokenTree::Group(group))
                if group.delimiter() == Delimiter::Parenthesis && group.stream().is_empty());
            let of_io = is_punct(at.checked_sub(1), ':') && is_word(at.checked_sub(3), "io");
            let is_alone = !is_punct(at.checked_sub(1), ':') && !is_punct(at.checked_sub(1), '.');
            (is_called && (of_io || is_alone)).then(|| word.span())
        }
        _ => None,
    })
}

/// What to write in place of a `?`, where it is certain that the closure gives no `Result`, and no `Option`.
fn nowhere_to_go(role: Role, closure: &ExprClosure) -> Option<&'static str> {
    let is_certain = matches!(closure.output, ReturnType::Default) && is_no_result(&closure.body);
    match role {
        Role::Filter => Some(
            "a `filter` gives `true` or `false`; decide here, `.is_ok_and(..)`, or put a `try_map` in front, which may fail",
        ),
        Role::Sink => Some(
            "the closure of a `sink` gives nothing; implement `Sink`, whose `consume` may fail, or put a `try_map` in front",
        ),
        Role::Processor if is_certain => Some(
            "a `processor` gives what it gives; write `try_map`, and `Ok(..)` around its value: an error ends the run",
        ),
        _ => None,
    }
}

/// The first `?` of the closure itself. Where others are inside it is not looked for.
fn question_mark(body: TokenStream) -> Option<Span> {
    let is_inner = |token: &TokenTree| match token {
        TokenTree::Punct(punct) => punct.as_char() == '|',
        TokenTree::Ident(word) => word == "async" || word == "fn" || word == "impl",
        _ => false,
    };
    if holds(body.clone(), &is_inner) { None } else { first_question_mark(body) }
}

fn first_question_mark(body: TokenStream) -> Option<Span> {
    body.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => first_question_mark(group.stream()),
        TokenTree::Punct(punct) if punct.as_char() == '?' => Some(punct.span()),
        _ => None,
    })
}

/// Whatever the names in it mean, this is neither a `Result` nor an `Option`.
fn is_no_result(value: &Expr) -> bool {
    match value {
        Expr::Lit(_)
        | Expr::Binary(_)
        | Expr::Unary(_)
        | Expr::Cast(_)
        | Expr::Tuple(_)
        | Expr::Array(_)
        | Expr::Range(_)
        | Expr::Reference(_)
        | Expr::Struct(_) => true,
        Expr::Paren(inner) => is_no_result(&inner.expr),
        Expr::Macro(call) => ["format", "vec", "matches"].iter().any(|name| call.mac.path.is_ident(name)),
        Expr::Try(inner) => is_parsed(&inner.expr),
        Expr::Block(block) if block.label.is_none() => gives_no_result(&block.block),
        _ => false,
    }
}

/// `text.parse()`, `text.parse::<u64>()`: what is parsed is neither.
fn is_parsed(value: &Expr) -> bool {
    matches!(value, Expr::MethodCall(call) if call.method == "parse" && call.args.is_empty())
}

/// A block whose last expression is none, or the name of a variable that is declared as a number.
fn gives_no_result(block: &Block) -> bool {
    match block.stmts.last() {
        Some(Stmt::Expr(Expr::Path(last), None)) => block.stmts.iter().any(|statement| match statement {
            Stmt::Local(Local { pat: Pat::Type(typed), .. }) => {
                let name = typed.pat.to_token_stream().to_string();
                let is_a_number =
                    matches!(&*typed.ty, Type::Path(ty) if ty.path.get_ident().is_some_and(|ty| is_number(&ty.to_string())));
                is_a_number && last.path.is_ident(&name)
            }
            _ => false,
        }),
        Some(Stmt::Expr(last, None)) => is_no_result(last),
        _ => false,
    }
}

fn is_number(name: &str) -> bool {
    name.strip_prefix(['u', 'i', 'f']).is_some_and(|bits| bits == "size" || bits.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use crate::testing::says;

    #[track_caller]
    fn body(chains: &str, expected: &[&str]) {
        says(&format!("<u64 -> u64>;\n{chains}"), expected);
    }

    #[test]
    fn the_standard_input_belongs_to_a_source_that_says_so() {
        let at = |source: &str, expected: &[&str]| says(&format!("{source} -> pipe -> sink(a);"), expected);
        at("source(stdin().lines())", &["1:8 in a process of its own this reads nothing: say"]);
        at(
            "source(read(std::io::stdin().lock()))",
            &["1:22 in a process of its own this reads nothing: say"],
        );
        at("source(std::io::stdin().lines()) [stdin]", &[]);
        at("source(Command::new(a).stdin(b).spawn()?)", &[]);
        at("source(child.stdin())", &[]);
        at("source(mine::stdin())", &[]);
        says(
            "source lines = io::stdin().lines(); lines -> pipe -> sink(a);",
            &[
                "1:20 in a process of its own this reads nothing: say that it is this source which has the standard \
               input, `source lines [stdin] = ..`",
            ],
        );
        body(
            "processor(|x| { io::stdin().read_line(a); x });",
            &["2:21 in a process of its own this reads nothing: only"],
        );
    }

    #[test]
    fn a_question_mark_that_cannot_leave() {
        body("processor(|x| x.parse()?);", &["2:24 `?` has nowhere to go: a `processor` gives"]);
        body("processor(|x| x.parse::<u64>()?);", &["2:31 `?` has nowhere to go: a `processor` gives"]);
        body("processor(|x| { let n: u64 = x.parse()?; n });", &["2:39 `?` has nowhere to go"]);
        body("processor(|x| f(x)? + 1);", &["2:19 `?` has nowhere to go"]);
        body("filter(|x| f(x)? > 3);", &["2:16 `?` has nowhere to go: a `filter` gives"]);
        body(
            "processor(|x| x) -> pipe -> sink(|x| { write(x)?; });",
            &["2:48 `?` has nowhere to go: the closure of a `sink`"],
        );
    }

    #[test]
    fn a_question_mark_that_may_leave() {
        body("processor(|x| { let n = f(x)?; Some(n) });", &[]);
        body("processor(|x| x?);", &[]);
        body("processor(|x| -> Option<u64> { Some(x? + 1) });", &[]);
        body("processor(|x| x.iter().map(|y| f(y)?).sum::<u64>() + 1);", &[]);
        body("try_map(|x| Ok(f(x)?));", &[]);
    }
}
