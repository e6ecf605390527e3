//! Declarations: elements, pools and pipelines with a name.

use super::Parser;
use super::advice::{ahead, attribute, behind_read, no_semicolon};
use super::words::Front;
use crate::ast::{Declaration, Element, ElementKind, Inner, Named, Policy, Pool, Role};
use crate::at::At;
use proc_macro2::{Group, TokenStream};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Attribute, Ident, Path, Token, Type, bracketed, token};

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

/// The name that is declared here.
pub(super) fn name_of(tokens: &TokenStream) -> Option<String> {
    let front = Front::behind_attributes(tokens);
    let behind_two = ["replicated", "balanced", "join"].iter().any(|word| front.is_word(0, word));
    stands_in(tokens).then(|| front.word(if behind_two { 2 } else { 1 })).flatten()
}

impl Parser<'_> {
    pub(super) fn named(
        &mut self,
        input: ParseStream<'_>,
        end: At,
        declaration: &mut Declaration,
    ) -> syn::Result<()> {
        let whole = ahead(input);
        self.attributes(input)?;
        let word = input.fork().call(Ident::parse_any)?.to_string();
        match word.as_str() {
            "pool" => declaration.pools.push(self.pool(input)?),
            "pipeline" => declaration.named.push(self.pipeline(input)?),
            _ => declaration.named.push(self.named_element(input, end)?),
        }
        if input.is_empty() { Ok(()) } else { Err(no_semicolon(&whole, input)) }
    }

    /// Doc comments are welcome in front of a statement; other attributes would be lost.
    pub(super) fn attributes(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        if input.peek(Token![#]) && input.peek2(Token![!]) {
            return Err(attribute(input));
        }
        if input.peek(Token![#]) && !input.peek2(token::Bracket) {
            return Err(input.error("`#` begins no comment here: write `//`"));
        }
        for attribute in Attribute::parse_outer(input)? {
            if !attribute.path().is_ident("doc") {
                let text =
                    "only doc comments may stand here: nothing can be left out or changed by an attribute";
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
            if input.peek(Token![-]) && input.peek2(Ident::peek_any) {
                let text = "a name is one word, without a `-`: write `_` in its place";
                return Err(input.error(text));
            }
            if !input.peek(Token![=]) {
                let text = format!("expected `=` and user code: `{keyword} {name} = ..;`");
                let place = if input.is_empty() { At::of(&name) } else { At::from(input.span()) };
                return Err(syn::Error::new_spanned(place, text));
            }
            input.parse::<Token![=]>()?;
            let code = self.code_until_end(input, end)?;
            let at = At::from(&name);
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
                (ElementKind::Pipe { capacity: self.capacity(input)? }, name)
            }
            _ => {
                input.call(Ident::parse_any)?;
                let policy = if keyword == "replicated" { Policy::Replicated } else { Policy::Shared };
                let name = self.name(input)?;
                if input.peek(token::Paren) {
                    let text =
                        "a declared fork has no count: workers stand in braces, `balanced fork(n) { .. }`";
                    return Err(syn::Error::new_spanned(input.parse::<Group>()?, text));
                }
                (ElementKind::Fork { policy, branches: Vec::new() }, name)
            }
        };
        let options = self.options(input)?;
        if input.peek(token::Brace) && matches!(kind, ElementKind::Fork { .. }) {
            let text = format!("a declared fork gets its branches from chains: `{name} -> ..;`");
            return Err(input.error(text));
        }
        let at = At::from(&name);
        Ok(Named { name, element: Element { at, kind, options } })
    }

    fn pool(&mut self, input: ParseStream<'_>) -> syn::Result<Pool> {
        let whole = ahead(input);
        input.call(Ident::parse_any)?;
        let name = self.name(input)?;
        if !input.peek(token::Paren) {
            return Err(syn::Error::new_spanned(&name, format!("a pool has a number of chunks: {POOL}")));
        }
        let chunks = self.code_in_parens(input, &format!("the number of chunks is missing here: {POOL}"))?;
        let of = input.peek(Ident::peek_any).then(|| input.call(Ident::parse_any)).transpose()?;
        if of.is_none_or(|of| of != "of") || !input.peek(token::Bracket) {
            let text = format!("expected `of` and what a chunk is made of: {POOL}");
            return Err(syn::Error::new_spanned(behind_read(&whole, input), text));
        }
        let end = At::of(input.fork().parse::<Group>()?);
        let inside;
        bracketed!(inside in input);
        let item: Type = inside.parse()?;
        if !inside.peek(Token![;]) {
            let text = format!("a chunk has a number of elements: {POOL}");
            return Err(syn::Error::new_spanned(item, text));
        }
        inside.parse::<Token![;]>()?;
        let elements = self.code_until_end(&inside, At::from(end.end))?;
        Ok(Pool { name, chunks, item, elements })
    }

    /// `pipeline spam = SpamVote(models)`
    fn pipeline(&mut self, input: ParseStream<'_>) -> syn::Result<Named> {
        input.call(Ident::parse_any)?;
        let name = self.name(input)?;
        let options = self.options(input)?;
        if !input.peek(Token![=]) {
            let place = if input.is_empty() { At::of(&name) } else { At::from(input.span()) };
            let text = format!("expected `=` and the path of a pipeline: `pipeline {name} = Path;`");
            return Err(syn::Error::new_spanned(place, text));
        }
        input.parse::<Token![=]>()?;
        let path = inner_path(input, &name)?;
        let arguments = self.arguments(input, At::of(&path))?;
        let at = At::from(&name);
        let kind = ElementKind::Pipeline(Inner { path, arguments });
        Ok(Named { name, element: Element { at, kind, options } })
    }
}

/// The path of a named pipeline.
fn inner_path(input: ParseStream<'_>, name: &Ident) -> syn::Result<Path> {
    if !input.peek(Ident::peek_any) && !input.peek(Token![::]) {
        let text = format!(
            "expected the path of a pipeline, `pipeline {name} = Path;`; user code stands behind `processor {name} =`"
        );
        return Err(input.error(text));
    }
    let path = input.call(Path::parse_mod_style)?;
    if input.peek(Token![<]) {
        return Err(input.error("a pipeline has no type parameters: write its path alone"));
    }
    match path.segments.last() {
        Some(last) if path.segments.len() > 1 && last.ident == "pipeline" => {
            let text = "the pipeline itself stands here: leave `::pipeline` out";
            Err(syn::Error::new_spanned(&last.ident, text))
        }
        Some(last)
            if path.get_ident().is_some() && last.ident.to_string().starts_with(char::is_lowercase) =>
        {
            let text = format!(
                "a pipeline inside is an item, declared by `pipeline! {{ Name<In -> Out>; .. }}`: `{last}` is called like a \
                 variable; an item of that name is `self::{last}`",
                last = last.ident
            );
            Err(syn::Error::new_spanned(&last.ident, text))
        }
        _ => Ok(path),
    }
}

const POOL: &str = "`pool name(chunks) of [Type; elements];`";
