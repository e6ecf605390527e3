//! Tokens to a [`Declaration`]: split at `;`, then every statement alone, so that a mistake in one hides none in
//! another.

mod advice;
mod attributes;
mod chain;
mod code;
mod header;
mod meant;
mod mend;
mod named;
mod options;
mod recover;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use mend::mended;
pub(crate) use words::elements;

use crate::ast::Declaration;
use crate::at::At;
use crate::diagnostics::Diagnostics;
use proc_macro2::{Span, TokenStream, TokenTree};
use std::collections::HashSet;
use syn::parse::{ParseStream, Parser as _};

/// Parses all statements. What could not be parsed has been reported and is missing from the result.
pub(crate) fn declaration(input: TokenStream, diagnostics: &mut Diagnostics) -> Declaration {
    let first = input.clone().into_iter().next().map(|token| At::from(token.span()));
    let mut declaration = Declaration { first, ..Declaration::default() };
    let statements = split(attributes::strip(input, &mut declaration, diagnostics));
    let names = statements.iter().filter_map(|statement| named::name_of(&statement.tokens)).collect();
    let mut parser = Parser { diagnostics, codes: 0, names, misnamed: HashSet::new() };
    let mut is_first = true;
    for statement in statements {
        let (errors, tokens, end) = (parser.diagnostics.count(), statement.tokens.clone(), statement.end);
        parser.any(statement, is_first, &mut declaration);
        // in front of the header, too, an item of Rust is one mistake
        is_first &= words::Front::of(&tokens).word(0).is_some_and(|word| meant::is_rust(&word));
        if parser.diagnostics.count() > errors {
            let mut swallowed = mend::swallowed(tokens).into_iter().peekable();
            while let Some(tokens) = swallowed.next() {
                let last = tokens.clone().into_iter().last();
                parser.any(Statement { tokens, end }, false, &mut declaration);
                if let (Some(last), Some(_)) = (last, swallowed.peek()) {
                    let text = "expected `;`: the next line begins a statement of its own";
                    parser.diagnostics.error(At::behind(&last), text);
                }
            }
        }
    }
    declaration
}

/// Gives every piece of user code its number, and notes the errors inside of it without giving up the statement.
struct Parser<'d> {
    diagnostics: &'d mut Diagnostics,
    codes: usize,
    /// What is declared somewhere, rightly or not.
    names: HashSet<String>,
    /// Words of the language that stand where something is named.
    misnamed: HashSet<String>,
}

impl Parser<'_> {
    /// A statement of any kind.
    fn any(&mut self, statement: Statement, is_first: bool, declaration: &mut Declaration) {
        let (end, errors) = (statement.end, self.diagnostics.count());
        let result = if is_first && header::stands_in(&statement.tokens) {
            statement.parse(|input| self.header(input, &mut declaration.header))
        } else if is_first && let Some(error) = header::without_brackets(&statement.tokens) {
            Err(error)
        } else if named::stands_in(&statement.tokens) {
            statement.parse(|input| self.named(input, end, declaration))
        } else {
            statement.parse(|input| self.statement(input, &mut declaration.chains))
        };
        let says_more = self.diagnostics.count() > errors;
        if let Err(error) = result
            && !(says_more && recover::is_left_over(&error))
        {
            self.diagnostics.syntax(ended(error, end));
        }
    }
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

fn is_of_everything(span: Span) -> bool {
    let everything = Span::call_site();
    (span.start(), span.end()) == (everything.start(), everything.end())
}

/// syn blames the whole macro when tokens run out, and mostly says so; the place is where they do.
fn ended(error: syn::Error, end: At) -> syn::Error {
    const RAN_OUT: &str = "unexpected end of input";
    error
        .into_iter()
        .map(|error| {
            let text = error.to_string();
            match text.strip_prefix(RAN_OUT) {
                Some(rest) => syn::Error::new_spanned(end, rest.trim_start_matches(", ")),
                None if is_of_everything(error.span()) => syn::Error::new_spanned(end, text),
                None => error,
            }
        })
        .reduce(|mut all, error| {
            all.combine(error);
            all
        })
        .unwrap_or_else(|| syn::Error::new_spanned(end, "expected more"))
}
