//! Tokens to a [`Declaration`]: split at `;`, then every statement alone, so that a mistake in one hides none in
//! another.

mod attributes;
mod chain;
mod code;
mod header;
mod mend;
mod named;
mod options;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use mend::mended;

use crate::ast::Declaration;
use crate::at::At;
use crate::diagnostics::Diagnostics;
use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};

/// Parses all statements. What could not be parsed has been reported and is missing from the result.
pub(crate) fn declaration(input: TokenStream, diagnostics: &mut Diagnostics) -> Declaration {
    let mut declaration = Declaration::default();
    let mut parser = Parser { diagnostics, codes: 0 };
    let statements = attributes::strip(input, &mut declaration, parser.diagnostics);
    for (index, statement) in split(statements).into_iter().enumerate() {
        let end = statement.end;
        let result = if index == 0 && header::stands_in(&statement.tokens) {
            let header = &mut declaration.header;
            statement.parse(|input| parser.header(input, header))
        } else if named::stands_in(&statement.tokens) {
            let declaration = &mut declaration;
            statement.parse(|input| parser.named(input, end, declaration))
        } else {
            let chains = &mut declaration.chains;
            statement.parse(|input| parser.statement(input, chains))
        };
        if let Err(error) = result {
            parser.diagnostics.syntax(ended(error, end));
        }
    }
    declaration
}

/// Gives every piece of user code its number, and notes the errors inside of it without giving up the statement.
struct Parser<'d> {
    diagnostics: &'d mut Diagnostics,
    codes: usize,
}

struct Statement {
    tokens: TokenStream,
    /// Its `;`, or the last token.
    end: At,
}

impl Statement {
    fn parse(self, parse: impl FnOnce(ParseStream<'_>) -> syn::Result<()>) -> syn::Result<()> {
        parse.parse2(self.tokens)
    }
}

fn split(tokens: TokenStream) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut current = Vec::new();
    for token in tokens {
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';') {
            let end = At::from(token.span());
            statements.push(Statement { tokens: current.drain(..).collect(), end });
        } else {
            current.push(token);
        }
    }
    if let Some(last) = current.last() {
        let end = At::from(last.span());
        statements.push(Statement { tokens: current.into_iter().collect(), end });
    }
    statements.retain(|statement| !statement.tokens.is_empty());
    statements
}

/// syn blames the whole macro when tokens run out; the place is where they do.
fn ended(error: syn::Error, end: At) -> syn::Error {
    const RAN_OUT: &str = "unexpected end of input";
    error
        .into_iter()
        .map(|error| {
            let text = error.to_string();
            match text.strip_prefix(RAN_OUT) {
                Some(rest) => syn::Error::new_spanned(end, rest.trim_start_matches(", ")),
                None => error,
            }
        })
        .reduce(|mut all, error| {
            all.combine(error);
            all
        })
        .unwrap_or_else(|| syn::Error::new_spanned(end, "expected more"))
}
