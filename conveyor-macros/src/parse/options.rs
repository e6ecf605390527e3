//! `[max = 6, stdin]`. Which options an element has is checked with the rules.

use super::Parser;
use crate::ast::Choice;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Ident, Token, bracketed, token};

impl Parser<'_> {
    pub(super) fn options(&mut self, input: ParseStream<'_>) -> syn::Result<Vec<Choice>> {
        let mut options = Vec::new();
        if !input.peek(token::Bracket) {
            return Ok(options);
        }
        let inside;
        bracketed!(inside in input);
        while !inside.is_empty() {
            let name = inside.call(Ident::parse_any)?;
            if inside.peek(Token![:]) {
                let text = format!("an option has its value behind `=`: `[{name} = ..]`");
                return Err(inside.error(text));
            }
            let mut value = None;
            if inside.peek(Token![=]) {
                inside.parse::<Token![=]>()?;
                value = Some(self.code_until_comma(&inside)?);
            }
            options.push(Choice { name, value });
            if !inside.is_empty() {
                if !inside.peek(Token![,]) {
                    return Err(inside.error("expected `,`: options are separated by commas"));
                }
                inside.parse::<Token![,]>()?;
            }
        }
        Ok(options)
    }
}
