//! Pieces of user code. One that does not parse is reported, but keeps its tokens: the statement around it goes on.

use super::advice::{ahead, no_semicolon};
use super::{Parser, ended};
use crate::ast::Code;
use crate::at::At;
use crate::user::Words;
use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, TokenStreamExt};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Token, token};

use super::words::{Front, is_reserved};

impl Parser<'_> {
    /// A name for an element, a pool or a parameter.
    pub(super) fn name(&mut self, input: ParseStream<'_>) -> syn::Result<Ident> {
        if input.peek(Token![mut]) {
            return Err(input.error(
                "leave `mut` out: what changes is a state inside of code, `{ let mut n = 0; move |x| .. }`",
            ));
        }
        let name = input.call(Ident::parse_any)?;
        let text = name.to_string();
        let whose = match is_reserved(&text) {
            true => "a word of `pipeline!`",
            false if syn::parse2::<Ident>(name.to_token_stream()).is_err() => "a keyword of Rust",
            false => return Ok(name),
        };
        self.misnamed.insert(text.clone());
        Err(syn::Error::new_spanned(&name, format!("`{text}` is {whose}: choose another name")))
    }

    /// The code between parentheses; `missing` says what to write when there is none.
    pub(super) fn code_in_parens(&mut self, input: ParseStream<'_>, missing: &str) -> syn::Result<Code> {
        let group: Group = input.parse()?;
        if group.delimiter() != Delimiter::Parenthesis {
            return Err(syn::Error::new_spanned(At::from(group.span_open()), "expected `(`"));
        }
        if group.stream().is_empty() {
            return Err(syn::Error::new_spanned(group, missing));
        }
        let end = At::from(group.span_close());
        Ok(self.code(group.stream(), end, no_parenthesis))
    }

    /// The arguments between parentheses; without parentheses there are none.
    pub(super) fn arguments(&mut self, input: ParseStream<'_>, of: At) -> syn::Result<Code> {
        if !input.peek(token::Paren) {
            return Ok(self.numbered(TokenStream::new(), None, of));
        }
        let group: Group = input.parse()?;
        let (tokens, end) = (group.stream(), At::from(group.span_close()));
        match Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens.clone()) {
            Ok(arguments) => arguments.iter().for_each(|argument| self.unnamed(argument)),
            Err(error) => self.diagnostics.syntax(ended(error, end)),
        }
        Ok(self.numbered(tokens, None, end))
    }

    /// `Inner(n = 3)` would assign.
    fn unnamed(&mut self, argument: &Expr) {
        if let Expr::Assign(assign) = argument {
            let value = assign.right.to_token_stream();
            let text = format!("arguments have the order of the parameters, and no names: write `{value}`");
            self.diagnostics.error(At::of(argument), text);
        }
    }

    /// An arrow, or what looks like one: there the advice to write one is reported.
    pub(super) fn arrow(&mut self, input: ParseStream<'_>) -> Option<At> {
        if input.peek(Token![->]) {
            let arrow: Token![->] = input.parse().ok()?;
            return Some(At { start: arrow.spans[0], end: arrow.spans[1] });
        }
        let is_alike =
            |input: ParseStream<'_>| input.peek(Token![=]) || input.peek(Token![-]) || input.peek(Token![>]);
        let is_assignment = input.peek(Token![=]) && !input.peek(Token![=>]) && !input.peek(Token![==]);
        if !is_alike(input) || is_assignment {
            return None;
        }
        let mut wrong = TokenStream::new();
        while is_alike(input) {
            wrong.append(input.parse::<proc_macro2::TokenTree>().ok()?);
        }
        let at = At::of(wrong);
        self.diagnostics.error(at, "elements are connected by `->`");
        Some(at)
    }

    /// The rest of a declaration.
    pub(super) fn code_until_end(&mut self, input: ParseStream<'_>, end: At) -> syn::Result<Code> {
        let tokens = input.parse()?;
        Ok(self.code(tokens, end, no_semicolon))
    }

    /// The code in front of a comma.
    pub(super) fn code_until_comma(&mut self, input: ParseStream<'_>) -> syn::Result<Code> {
        let expr: Expr = input.parse()?;
        Ok(self.numbered(expr.to_token_stream(), Some(expr), At::everything()))
    }

    /// `more` says what is wrong when something stands behind the code.
    fn code(
        &mut self,
        tokens: TokenStream,
        end: At,
        more: impl FnOnce(&TokenStream, ParseStream<'_>) -> syn::Error,
    ) -> Code {
        let whole = |input: ParseStream<'_>| {
            let expr = Expr::parse(input)?;
            if input.is_empty() { Ok(expr) } else { Err(more(&tokens, input)) }
        };
        let parsed = match whole.parse2(tokens.clone()) {
            Ok(expr) => Some(expr),
            Err(error) => {
                self.diagnostics.syntax(ended(error, end));
                None
            }
        };
        self.numbered(tokens, parsed, end)
    }

    pub(super) fn numbered(&mut self, tokens: TokenStream, parsed: Option<Expr>, end: At) -> Code {
        let parsed = parsed.map(Box::new);
        let at = if tokens.is_empty() { end } else { At::of(&tokens) };
        self.codes += 1;
        Code { number: self.codes - 1, words: Words::of(&tokens), tokens, parsed, at }
    }
}

/// Code goes on where its parenthesis should end.
fn no_parenthesis(_: &TokenStream, input: ParseStream<'_>) -> syn::Error {
    let ahead = Front::of(&ahead(input));
    input.error(if input.peek(Token![=>]) || input.peek(Token![->]) {
        "a closure is written `|x| ..`"
    } else if ahead.is_punct(0, ',') && ahead.word(1).is_some() && ahead.is_punct(2, '=') {
        "expected `)`: options stand in brackets behind it, `[name = value]`"
    } else if input.peek(Token![;]) {
        "several statements of code stand in braces: `|x| { ..; .. }`"
    } else {
        "expected `)`: one piece of code stands here"
    })
}
