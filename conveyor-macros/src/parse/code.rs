//! Pieces of user code. One that does not parse is reported, but keeps its tokens: the statement around it goes on.

use super::{Parser, ended};
use crate::ast::Code;
use crate::at::At;
use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, TokenStreamExt};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, Token, token};

use super::words::is_reserved;

impl Parser<'_> {
    /// A name for an element, a pool or a parameter.
    pub(super) fn name(&mut self, input: ParseStream<'_>) -> syn::Result<Ident> {
        let name = input.call(Ident::parse_any)?;
        let text = name.to_string();
        if is_reserved(&text) {
            self.diagnostics
                .error(At::of(&name), format_args!("`{text}` is a word of `pipeline!`: choose another name"));
        } else if syn::parse2::<Ident>(name.to_token_stream()).is_err() {
            self.diagnostics
                .error(At::of(&name), format_args!("`{text}` is a keyword of Rust: choose another name"));
        }
        Ok(name)
    }

    /// The code between parentheses.
    pub(super) fn code_in_parens(&mut self, input: ParseStream<'_>) -> syn::Result<Code> {
        let group: Group = input.parse()?;
        if group.delimiter() != Delimiter::Parenthesis {
            return Err(syn::Error::new_spanned(At::from(group.span_open()), "expected `(`"));
        }
        let end = At::from(group.span_close());
        Ok(self.code(group.stream(), end, "expected `)`"))
    }

    /// The arguments between parentheses; without parentheses there are none.
    pub(super) fn arguments(&mut self, input: ParseStream<'_>, of: At) -> syn::Result<Code> {
        if !input.peek(token::Paren) {
            return Ok(self.numbered(TokenStream::new(), None, of));
        }
        let group: Group = input.parse()?;
        let (tokens, end) = (group.stream(), At::from(group.span_close()));
        if let Err(error) = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(tokens.clone()) {
            self.diagnostics.syntax(ended(error, end));
        }
        Ok(self.numbered(tokens, None, end))
    }

    /// The rest of a declaration.
    pub(super) fn code_until_end(&mut self, input: ParseStream<'_>, end: At) -> syn::Result<Code> {
        let tokens = input.parse()?;
        let text =
            "expected `;`: a declaration ends here; chains are statements of their own, and use its name";
        Ok(self.code(tokens, end, text))
    }

    /// The code in front of a comma.
    pub(super) fn code_until_comma(&mut self, input: ParseStream<'_>) -> syn::Result<Code> {
        let expr: Expr = input.parse()?;
        Ok(self.numbered(expr.to_token_stream(), Some(expr), At::everything()))
    }

    fn code(&mut self, tokens: TokenStream, end: At, behind: &str) -> Code {
        let whole = |input: ParseStream<'_>| {
            let expr = Expr::parse(input)?;
            if input.is_empty() { Ok(expr) } else { Err(input.error(behind)) }
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
        Code { number: self.codes - 1, tokens, parsed, at }
    }
}

/// An arrow, or the advice to write one.
pub(super) fn arrow(input: ParseStream<'_>) -> syn::Result<At> {
    if input.peek(Token![->]) {
        let arrow: Token![->] = input.parse()?;
        let mut at = At::from(arrow.spans[0]);
        at.end = arrow.spans[1];
        return Ok(at);
    }
    if input.peek(Token![=>]) || input.peek(Token![-]) || input.peek(Token![>]) {
        let mut wrong = TokenStream::new();
        while input.peek(Token![=]) || input.peek(Token![-]) || input.peek(Token![>]) {
            wrong.append(input.parse::<proc_macro2::TokenTree>()?);
        }
        return Err(syn::Error::new_spanned(wrong, "elements are connected by `->`"));
    }
    Err(input.error("expected `->` to the next element, or `;` at the end of the statement"))
}
