//! `pub SpamVote<Sms -> Verdict>(models: Models)`

use super::Parser;
use super::words::{Front, begins_an_element};
use crate::ast::{Header, Param};
use proc_macro2::{Delimiter, TokenStream};
use syn::parse::ParseStream;
use syn::{Attribute, Ident, Token, parenthesized, token};

/// Is the first statement a header? A chain may begin with a name, too.
pub(super) fn stands_in(tokens: &TokenStream) -> bool {
    let front = Front::behind_attributes(tokens);
    let mut at = 0;
    if front.is_word(at, "pub") {
        return true;
    }
    if let Some(word) = front.word(at) {
        if begins_an_element(&word) {
            return false;
        }
        at += 1;
    }
    front.is_punct(at, '<') || at == front.len() || (at + 1 == front.len() && looks_like_params(&front, at))
}

/// `()` or `(name: ...)`, and not the code of a misspelt element.
fn looks_like_params(front: &Front, at: usize) -> bool {
    let inside = front.group(at).map(|group| Front::of(&group));
    front.is_group(at, Delimiter::Parenthesis)
        && inside.is_some_and(|inside| {
            inside.len() == 0
                || inside.word(0).is_some() && inside.is_punct(1, ':') && !inside.is_punct(2, ':')
        })
}

impl Parser<'_> {
    /// Fills in what it finds before a mistake, so that the item's name is there even for a broken header.
    pub(super) fn header(&mut self, input: ParseStream<'_>, header: &mut Header) -> syn::Result<()> {
        header.attributes = Attribute::parse_outer(input)?;
        header.visibility = Some(input.parse()?);
        if input.peek(Ident) {
            header.name = Some(input.parse()?);
        }
        if input.peek(Token![<]) {
            input.parse::<Token![<]>()?;
            let takes = input.parse()?;
            input.parse::<Token![->]>()?;
            let gives = input.parse()?;
            input.parse::<Token![>]>()?;
            header.types = Some((takes, gives));
        }
        if input.peek(token::Paren) {
            let inside;
            parenthesized!(inside in input);
            while !inside.is_empty() {
                let param = self.param(&inside, header.name.is_some())?;
                header.params.push(param);
                if !inside.is_empty() {
                    inside.parse::<Token![,]>()?;
                }
            }
        }
        if input.is_empty() {
            return Ok(());
        }
        Err(input.error("expected `;` behind the header: `Name<In -> Out>(parameter: Type);`"))
    }

    fn param(&mut self, input: ParseStream<'_>, is_item: bool) -> syn::Result<Param> {
        let name = self.name(input)?;
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        let mut value = None;
        if input.peek(Token![=]) {
            let equals: Token![=] = input.parse()?;
            let given = self.code_until_comma(input)?;
            if is_item {
                let text = format!(
                    "a named pipeline takes its parameters as arguments, `Name::pipeline({name})`: write no value here"
                );
                return Err(syn::Error::new_spanned(equals, text));
            }
            value = Some(given);
        }
        Ok(Param { name, ty, value })
    }
}
