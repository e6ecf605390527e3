//! Declarations: elements, pools and pipelines with a name.

use super::Parser;
use super::words::Front;
use crate::ast::{Declaration, Element, ElementKind, Inner, Named, Policy, Pool, Role};
use crate::at::At;
use proc_macro2::{Group, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, Path, Token, bracketed, token};

/// A declaration has a name behind its keywords, where a chain has an arrow, a group or nothing.
pub(super) fn stands_in(tokens: &TokenStream) -> bool {
    let front = Front::behind_attributes(tokens);
    let Some(word) = front.word(0) else { return false };
    match word.as_str() {
        "replicated" | "balanced" => front.is_word(1, "fork") && front.word(2).is_some(),
        "join" => front.word(1).is_some() && front.word(2).is_some(),
        "pipe" | "pool" | "pipeline" => front.word(1).is_some(),
        word => Role::of(word).is_some() && front.word(1).is_some(),
    }
}

impl Parser<'_> {
    pub(super) fn named(
        &mut self,
        input: ParseStream<'_>,
        end: At,
        declaration: &mut Declaration,
    ) -> syn::Result<()> {
        self.attributes(input)?;
        let word = input.fork().call(Ident::parse_any)?.to_string();
        match word.as_str() {
            "pool" => declaration.pools.push(self.pool(input)?),
            "pipeline" => declaration.named.push(self.pipeline(input)?),
            _ => declaration.named.push(self.named_element(input, end)?),
        }
        if input.is_empty() {
            return Ok(());
        }
        Err(input.error(
            "expected `;`: a declaration ends here; chains are statements of their own, and use its name",
        ))
    }

    /// Doc comments are welcome in front of a statement; other attributes would be lost.
    pub(super) fn attributes(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        for attribute in Attribute::parse_outer(input)? {
            if !attribute.path().is_ident("doc") {
                let text = "only doc comments may stand here: an element cannot be left out or changed by an attribute";
                self.diagnostics.error(At::of(&attribute), text);
            }
        }
        Ok(())
    }

    fn named_element(&mut self, input: ParseStream<'_>, end: At) -> syn::Result<Named> {
        let keyword = input.call(Ident::parse_any)?;
        if let Some(role) = Role::of(&keyword.to_string()) {
            let name = self.name(input)?;
            let options = self.options(input)?;
            input.parse::<Token![=]>()?;
            let code = self.code_until_end(input, end)?;
            let at = At::of(&name);
            return Ok(Named {
                name,
                element: Element { at, kind: ElementKind::Stage(role, code), options },
            });
        }
        let (kind, name) = match keyword.to_string().as_str() {
            "join" => {
                let kind = self.join_kind(input, &keyword)?;
                (ElementKind::Join(kind), self.name(input)?)
            }
            "pipe" => {
                let name = self.name(input)?;
                let capacity = input.peek(token::Paren).then(|| self.code_in_parens(input)).transpose()?;
                (ElementKind::Pipe { capacity }, name)
            }
            _ => {
                input.call(Ident::parse_any)?;
                let policy = if keyword == "replicated" { Policy::Replicated } else { Policy::Shared };
                (ElementKind::Fork { policy, branches: Vec::new() }, self.name(input)?)
            }
        };
        let options = self.options(input)?;
        let at = At::of(&name);
        Ok(Named { name, element: Element { at, kind, options } })
    }

    fn pool(&mut self, input: ParseStream<'_>) -> syn::Result<Pool> {
        input.call(Ident::parse_any)?;
        let name = self.name(input)?;
        let chunks = self.code_in_parens(input)?;
        let of = input.call(Ident::parse_any)?;
        if of != "of" {
            return Err(syn::Error::new_spanned(
                of,
                "expected `of`: `pool name(chunks) of [Type; elements]`",
            ));
        }
        let end = At::of(input.fork().parse::<Group>()?);
        let inside;
        bracketed!(inside in input);
        let item = inside.parse()?;
        inside.parse::<Token![;]>()?;
        let elements = self.code_until_end(&inside, At::from(end.end))?;
        Ok(Pool { name, chunks, item, elements })
    }

    /// `pipeline spam = SpamVote(models)`
    fn pipeline(&mut self, input: ParseStream<'_>) -> syn::Result<Named> {
        input.call(Ident::parse_any)?;
        let name = self.name(input)?;
        let options = self.options(input)?;
        input.parse::<Token![=]>()?;
        let path = input.call(Path::parse_mod_style)?;
        let arguments = self.arguments(input, At::of(&path))?;
        let at = At::of(&name);
        let kind = ElementKind::Pipeline(Inner { path, arguments });
        Ok(Named { name, element: Element { at, kind, options } })
    }
}
