//! What to write instead, for what stands where an element or an arrow must.

use super::header::types;
use super::words::{self, Front};
use crate::at::At;
use crate::diagnostics::{is_near, nearest};
use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Lit, LitStr, Token, token};

/// Everything that stands where a parser begins.
pub(super) fn ahead(input: ParseStream<'_>) -> TokenStream {
    input.cursor().token_stream()
}

/// The place behind what has been read of `whole`: something is missing there.
pub(super) fn behind_read(whole: &TokenStream, input: ParseStream<'_>) -> At {
    last_read(whole, input).map_or_else(|| At::from(input.span()), |token| At::behind(&token))
}

fn last_read(whole: &TokenStream, input: ParseStream<'_>) -> Option<TokenTree> {
    let left = ahead(input).into_iter().count();
    let read = whole.clone().into_iter().count().saturating_sub(left);
    whole.clone().into_iter().nth(read.checked_sub(1)?)
}

/// No element begins here. `arrow` has been read just before.
pub(super) fn no_element(input: ParseStream<'_>, arrow: Option<At>) -> syn::Error {
    let here = At::from(input.span());
    if input.peek(Token![#]) {
        return attribute(input);
    }
    if input.is_empty() || input.peek(Token![,]) {
        return match arrow {
            Some(arrow) => {
                error(arrow, "CV001: nothing follows this `->`: write an element behind it, or leave it out")
            }
            None => error(here, "CV001: a branch is missing in front of this `,`: leave the comma out"),
        };
    }
    if input.peek(Token![->]) {
        let text = match arrow {
            Some(_) => "CV001: an element is missing between two arrows: leave one of them out",
            None => "CV001: an element is missing in front of this `->`: a chain starts with one",
        };
        return error(At::of(front(input, 2)), text);
    }
    if input.peek(Token![|]) || input.peek(Token![move]) {
        return error(here, "CV001: user code stands behind a keyword: `processor(|x| ..)`");
    }
    if input.peek(Token![<]) || input.peek(token::Paren) && is_parameters(input) {
        return error(here, "a header is one statement, and the first: `<In -> Out>(parameter: Type);`");
    }
    if is_several(input) {
        let text = "CV001: branches stand behind `replicated fork` or `balanced fork`, in braces";
        return error(At::of(front(input, 1)), text);
    }
    if input.peek(token::Paren) {
        return error(here, "CV001: elements stand without parentheses: leave them out");
    }
    if let Some(name) = quoted_name(input) {
        return error(here, format!("a name stands without quotes: `{name}`"));
    }
    if input.peek(Lit) {
        return error(
            here,
            "CV001: a value is no element: user code stands behind a keyword, `processor(..)`",
        );
    }
    if input.peek(token::Bracket)
        && Front::of(&front(input, 1)).group(0).is_some_and(|inside| has_an_arrow(&inside))
    {
        return error(here, "the types of a header stand in angle brackets: `<In -> Out>;`");
    }
    error(here, "CV001: expected an element: a declared name, `processor(..)`, `pipe`, a fork or a join")
}

/// `In -> Out`, and not `convert: fn(In) -> Out`
pub(super) fn has_an_arrow(inside: &TokenStream) -> bool {
    let inside = Front::of(inside);
    let mark = (1..inside.len()).find(|at| inside.is_punct(*at, ':') || inside.is_punct(*at, '-'));
    mark.is_some_and(|at| inside.is_punct(at, '-') && inside.is_punct(at + 1, '>'))
}

/// `{ a, b }`, `(a, b)`, `[a, b]`
fn is_several(input: ParseStream<'_>) -> bool {
    let is_comma = |token: TokenTree| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',');
    Front::of(&front(input, 1)).group(0).is_some_and(|inside| inside.into_iter().any(is_comma))
}

fn is_parameters(input: ParseStream<'_>) -> bool {
    Front::of(&ahead(input)).group(0).is_some_and(|inside| words::looks_like_params(&inside))
}

/// Only statements have attributes, and only doc comments.
pub(super) fn attribute(input: ParseStream<'_>) -> syn::Error {
    if input.peek(Token![#]) && input.peek2(Token![!]) {
        return error(
            At::of(front(input, 3)),
            "attributes of the pipeline stand first, in front of the header",
        );
    }
    let text = match is_doc(input) {
        true => "a doc comment stands in front of a statement: write `//` here",
        false => "nothing here can be left out or changed by an attribute: remove it",
    };
    error(At::of(front(input, 2)), text)
}

fn is_doc(input: ParseStream<'_>) -> bool {
    Front::of(&ahead(input)).group(1).is_some_and(|inside| Front::of(&inside).is_word(0, "doc"))
}

/// Does the chain go on behind an attribute, or end with it? Otherwise a `;` is missing in front of it.
fn is_inside_a_chain(input: ParseStream<'_>) -> bool {
    let behind = Front::behind_attributes(&ahead(input));
    behind.len() == 0 || behind.is_punct(0, '-') || behind.is_punct(0, ',')
}

fn front(input: ParseStream<'_>, tokens: usize) -> TokenStream {
    ahead(input).into_iter().take(tokens).collect()
}

/// No arrow stands here, but something else does.
pub(super) fn no_arrow(whole: &TokenStream, input: ParseStream<'_>, in_braces: bool) -> syn::Error {
    let here = At::from(input.span());
    if input.peek(Token![<-]) {
        return error(At::of(front(input, 2)), "elements are connected by `->`, from the left to the right");
    }
    if input.peek(Token![#]) && is_inside_a_chain(input) {
        return attribute(input);
    }
    match (input.peek(Token![;]), input.peek(Token![,])) {
        (true, _) => return error(here, "the branches of a fork are separated by `,`"),
        (_, true) if has_an_arrow(whole) => return error(here, "a statement ends with `;`, not with `,`"),
        (_, true) => {
            return error(here, "elements are connected by `->`; a `,` stands between branches of a fork");
        }
        _ => {}
    }
    if input.peek(Token![=]) {
        return error(here, "a declaration begins with its keyword: `processor name = ..;`");
    }
    if input.peek(token::Brace) {
        let inside = Front::of(&front(input, 1)).group(0).map(|inside| Front::of(&inside).is_punct(1, '='));
        return match inside {
            Some(true) => error(here, "options stand in brackets: `[name = value]`"),
            _ => error(here, "only a fork has branches in braces: what comes next stands behind `->`"),
        };
    }
    if input.peek(token::Bracket) {
        return error(
            here,
            "an element has all its options in one pair of brackets, `[.., ..]`, and a fork in front of its braces",
        );
    }
    if input.peek(token::Paren) && matches!(last_read(whole, input), Some(TokenTree::Ident(_))) {
        return error(At::of(front(input, 1)), "a join takes nothing in parentheses: leave them out");
    }
    if input.peek(token::Paren) {
        return error(
            here,
            "what stands in parentheses stands right behind its keyword, in front of the options",
        );
    }
    let is_of_a_name = matches!(last_read(whole, input), Some(TokenTree::Ident(_)));
    if is_of_a_name && (input.peek(Token![.]) || input.peek(Token![?])) {
        return error(here, NAME_ALONE);
    }
    if input.peek(Token![:])
        && !input.peek(Token![::])
        && let Some(TokenTree::Ident(name)) = last_read(whole, input)
    {
        let at = At { start: name.span(), end: input.span() };
        let text = match in_braces {
            true => "branches have no names, but an order: leave this one out",
            false => "a declaration begins with its keyword: `processor name = ..;`",
        };
        return error(at, text);
    }
    if input.peek(Token![*]) && input.peek2(Lit) {
        return error(here, "several workers that are alike: `balanced fork(2) { .. }`");
    }
    if input.peek(Token![<]) && types(whole, &input.fork()).is_ok() {
        let text =
            "a header is the first statement: another pipeline is declared in a `pipeline!` of its own";
        return error(here, text);
    }
    if input.peek(Token![<]) || input.peek(Token![::]) {
        return error(here, TYPES_FOLLOW);
    }
    if input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![=>]) {
        return error(here, "options stand in brackets: `[name = value]`");
    }
    if !input.peek(Token![#]) && matches!(ahead(input).into_iter().next(), Some(TokenTree::Punct(_))) {
        return error(here, "elements are connected by `->`");
    }
    if input.peek(Lit) && matches!(last_read(whole, input), Some(TokenTree::Ident(word)) if word == "pipe") {
        return error(here, "the capacity of a pipe stands in parentheses: `pipe(10)`");
    }
    let next = if in_braces { "`,` in front of the next branch" } else { "`;` at the end of this statement" };
    let text = format!("expected `->` to the next element, or {next}");
    error(missing(whole, input), text)
}

/// A declaration goes on where it should have ended: the `;` is missing behind what has been read, unless a mark stands
/// in its place.
pub(super) fn no_semicolon(whole: &TokenStream, input: ParseStream<'_>) -> syn::Error {
    if input.peek(token::Paren) {
        let here = At::from(input.span());
        return error(
            here,
            "what stands in parentheses stands right behind the name, in front of the options",
        );
    }
    if input.peek(token::Brace) && Front::of(whole).is_word(0, "pipeline") {
        let text = "arguments stand in parentheses, in the order of the header, without their names";
        return error(At::from(input.span()), text);
    }
    if input.peek(Token![=])
        && let Some(text) = gets_no_value(whole)
    {
        return error(At::from(input.span()), text);
    }
    let is_a_type = Front::of(whole).is_path_with_types();
    let text = match input.peek(Token![->]) {
        true if is_a_type => "types stand in a header only: a pipeline inside is `pipeline name = Path;`",
        true => "expected `;`: a declaration ends here; chains are statements of their own, and use its name",
        false => "expected `;`: a declaration ends here",
    };
    error(missing(whole, input), text)
}

/// What is declared without a value behind `=`.
fn gets_no_value(whole: &TokenStream) -> Option<&'static str> {
    match Front::behind_attributes(whole).word(0)?.as_str() {
        "pipe" => Some("the capacity of a pipe stands in parentheses: `pipe name(10);`"),
        "replicated" | "balanced" => Some("a declared fork gets its branches from chains: `name -> ..;`"),
        "join" => Some("a declared join gets its inlets from chains: `.. -> pipe -> name;`"),
        _ => None,
    }
}

/// The place of what is missing: behind what has been read, unless a mark stands where something else should.
pub(super) fn missing(whole: &TokenStream, input: ParseStream<'_>) -> At {
    let is_word = input.peek(Ident::peek_any) || input.peek(Token![#]);
    if is_word { behind_read(whole, input) } else { At::from(input.span()) }
}

/// `procesor clean = ..`: what was meant to be declared.
pub(super) fn misspelt_declaration(word: &Ident, input: ParseStream<'_>) -> Option<syn::Error> {
    if !input.peek(Ident::peek_any) {
        return None;
    }
    let next = Front::of(&ahead(input));
    let is_declaration = next.len() == 1 || next.is_punct(1, '=') || next.group(1).is_some();
    if !is_declaration {
        return None;
    }
    let text = word.to_string();
    let meant = nearest(&text, words::declared()).into_iter().next().filter(|word| is_near(&text, word))?;
    Some(error(At::of(word), format!("CV001: `{text}` declares nothing; did you mean `{meant}`?")))
}

/// A keyword that has no parentheses behind it, but should.
pub(super) fn no_code(keyword: &Ident, input: ParseStream<'_>) -> syn::Error {
    if input.peek(Token![=]) {
        let text = format!("a declaration has a name: `{keyword} name = ..;`");
        return error(At::from(input.span()), text);
    }
    if let Some(name) = quoted_name(input) {
        return error(
            At::from(input.span()),
            format!("a name stands without quotes: `{keyword} {name} = ..;`"),
        );
    }
    if input.peek(Token![<]) || input.peek(Token![::]) {
        return error(At::from(input.span()), TYPES_FOLLOW);
    }
    let text = format!("user code stands in parentheses: `{keyword}(..)`");
    match input.is_empty() || input.peek(Token![->]) || input.peek(Token![,]) {
        true => error(At::of(keyword), format!("`{keyword}` needs user code: write `{keyword}(..)`")),
        false => match ahead(input).into_iter().next() {
            Some(TokenTree::Group(group)) => error(At::from(group.span_open()), text),
            _ => error(At::from(input.span()), text),
        },
    }
}

/// `"clean"`
fn quoted_name(input: ParseStream<'_>) -> Option<Ident> {
    let text: LitStr = input.fork().parse().ok()?;
    text.parse_with(Ident::parse_any).ok()
}

/// `pipe[10]`, `pipe {10}`
pub(super) fn capacity_in_brackets(input: ParseStream<'_>) -> Option<syn::Error> {
    let is_braced = input.peek(token::Brace);
    if !is_braced && !input.peek(token::Bracket) {
        return None;
    }
    let inside = Front::of(&ahead(input)).group(0)?;
    let is_value = matches!(inside.into_iter().next(), Some(TokenTree::Literal(_)));
    (is_braced || is_value)
        .then(|| error(At::of(front(input, 1)), "the capacity of a pipe stands in parentheses: `pipe(10)`"))
}

/// `balanced fork [2] { .. }`, `balanced fork [a, b]`
pub(super) fn branches_in_brackets(input: ParseStream<'_>) -> Option<syn::Error> {
    let inside = input.peek(token::Bracket).then(|| Front::of(&ahead(input)).group(0)).flatten()?;
    let here = At::from(input.span());
    if matches!(inside.clone().into_iter().next(), Some(TokenTree::Literal(_))) {
        return Some(error(here, "the number of workers stands in parentheses: `balanced fork(2) { .. }`"));
    }
    let is_element = Front::of(&inside).word(0).is_some_and(|word| words::begins_an_element(&word));
    is_element.then(|| error(here, "the branches of a fork stand in braces: `replicated fork { .., .. }`"))
}

const TYPES_FOLLOW: &str = "types follow from the code and the header: leave them out";
pub(super) const NAME_ALONE: &str =
    "an element in a chain is its name alone: code stands where it is declared";
pub(super) const DOC_OF_NOTHING: &str =
    "this doc comment stands in front of nothing: write `//` here, or move it in front of a statement";

pub(super) fn error(at: At, text: impl std::fmt::Display) -> syn::Error {
    syn::Error::new_spanned(at, text)
}
