//! Chains: `a -> pipe(256) -> replicated fork { b, c } -> pipe -> join zip -> d`

use super::code::arrow;
use super::words;
use super::{Parser, ended};
use crate::ast::{Chain, Count, Element, ElementKind, JoinKind, Link, Policy, Role};
use crate::at::At;
use crate::diagnostics::{is_near, listed, nearest};
use proc_macro2::TokenTree;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Token, braced, token};

impl Parser<'_> {
    /// A whole statement. What stands before a mistake is kept.
    pub(super) fn statement(&mut self, input: ParseStream<'_>, chains: &mut Vec<Chain>) -> syn::Result<()> {
        self.attributes(input)?;
        self.chain(input, chains)?;
        if input.is_empty() {
            return Ok(());
        }
        Err(arrow(input).err().unwrap_or_else(|| input.error("expected `;`")))
    }

    fn chain(&mut self, input: ParseStream<'_>, chains: &mut Vec<Chain>) -> syn::Result<()> {
        let first = self.element(input)?;
        let mut links = vec![Link { arrow: first.at, element: first }];
        let rest = self.links(input, &mut links);
        chains.push(Chain { links });
        rest
    }

    fn links(&mut self, input: ParseStream<'_>, links: &mut Vec<Link>) -> syn::Result<()> {
        while !input.is_empty() && !input.peek(Token![,]) {
            let arrow = arrow(input)?;
            links.push(Link { arrow, element: self.element(input)? });
        }
        Ok(())
    }

    fn element(&mut self, input: ParseStream<'_>) -> syn::Result<Element> {
        if input.peek(token::Paren) || input.peek(Token![<]) {
            return Err(
                input.error("a header is one statement, and the first: `<In -> Out>(parameter: Type);`")
            );
        }
        if !input.peek(Ident::peek_any) {
            return Err(input.error(
                "CV001: expected an element: a declared name, `processor(..)`, `pipe`, a fork or a join",
            ));
        }
        let word = input.call(Ident::parse_any)?;
        let text = word.to_string();
        let at = At::of(&word);
        let (at, kind) = match (text.as_str(), Role::of(&text)) {
            (_, Some(role)) => (at, ElementKind::Stage(role, self.code_in_parens(input)?)),
            ("pipe", _) => {
                let capacity = input.peek(token::Paren).then(|| self.code_in_parens(input)).transpose()?;
                (at, ElementKind::Pipe { capacity })
            }
            ("replicated" | "balanced", _) => return self.fork(input, &word),
            ("join", _) => {
                let kind = self.join_kind(input, &word)?;
                (at, ElementKind::Join(kind))
            }
            _ => {
                used_like_a_name(input, &word)?;
                (at, ElementKind::Use(word))
            }
        };
        Ok(Element { at, kind, options: self.options(input)? })
    }

    /// `fork` and what follows; `replicated` or `balanced` has been read.
    fn fork(&mut self, input: ParseStream<'_>, word: &Ident) -> syn::Result<Element> {
        let fork = input.call(Ident::parse_any)?;
        if fork != "fork" {
            return Err(syn::Error::new_spanned(
                &fork,
                format!("CV001: expected `fork`: write `{word} fork`"),
            ));
        }
        let at = At { start: word.span(), end: fork.span() };
        let mut policy = if word == "replicated" { Policy::Replicated } else { Policy::Shared };
        if input.peek(token::Paren) {
            let count = self.code_in_parens(input)?;
            if word == "replicated" {
                let text = "a replicated fork has no count: every branch gets every message; a `balanced fork(n)` has \
                            n workers";
                return Err(syn::Error::new_spanned(count.at, text));
            }
            policy = Policy::Workers(match count.parsed.as_deref() {
                Some(Expr::Path(path)) if path.path.is_ident("auto") => Count::Auto,
                _ => Count::Fixed(count),
            });
        }
        let options = self.options(input)?;
        if !input.peek(token::Brace) {
            return Err(input.error(format!("expected the branches of the fork: `{word} fork {{ .., .. }}`")));
        }
        let inside;
        let braces = braced!(inside in input);
        let mut branches = Vec::new();
        let end = At::from(braces.span.close());
        while !inside.is_empty() {
            if let Err(error) = self.chain(&inside, &mut branches) {
                self.diagnostics.syntax(ended(error, end));
                skip_to_comma(&inside)?;
            }
            if !inside.is_empty() {
                inside.parse::<Token![,]>()?;
            }
        }
        Ok(Element { at, kind: ElementKind::Fork { policy, branches }, options })
    }

    /// The word behind `join`.
    pub(super) fn join_kind(&mut self, input: ParseStream<'_>, join: &Ident) -> syn::Result<JoinKind> {
        let known = words::joins();
        if input.peek(token::Paren) || input.peek(Token![<]) {
            return Err(
                input.error("a header is one statement, and the first: `<In -> Out>(parameter: Type);`")
            );
        }
        if !input.peek(Ident::peek_any) {
            let text = format!("a join has a kind: write `join {}`", known.join("`, `join "));
            return Err(syn::Error::new_spanned(join, text));
        }
        let word = input.call(Ident::parse_any)?;
        let text = word.to_string();
        JoinKind::ALL.into_iter().find(|(keyword, _)| *keyword == text).map(|(_, kind)| kind).ok_or_else(
            || {
                let text = format!(
                    "no join is called `{text}`; there are {}",
                    listed(&nearest(&text, known), "and")
                );
                syn::Error::new_spanned(&word, text)
            },
        )
    }
}

/// A mistake in one branch hides none in another.
fn skip_to_comma(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

/// A word that is no keyword is a name, unless what stands behind it says that a keyword was meant.
fn used_like_a_name(input: ParseStream<'_>, word: &Ident) -> syn::Result<()> {
    let text = word.to_string();
    if input.peek(token::Bracket) {
        return Err(input.error(format!("options stand where `{text}` is declared")));
    }
    let next = input.fork().parse::<TokenTree>().map(|token| token.to_string()).unwrap_or_default();
    let is_called = input.peek(token::Paren) || input.peek(token::Brace) || input.peek(Token![::]);
    let joins = words::joins();
    let is_misspelt = next == "fork" || joins.contains(&next.as_str()) && is_near(&text, "join");
    if !is_called && !is_misspelt && !words::is_reserved(&text) {
        return Ok(());
    }
    let elements = words::elements();
    let meant = elements.iter().find(|element| {
        let keyword = element.split(' ').next().unwrap_or(element);
        is_near(&text, keyword)
    });
    let advice = match meant {
        _ if text == "fork" => {
            "write `replicated fork` (every branch gets every message) or `balanced fork` (the \
                                branches share them)"
                .to_owned()
        }
        _ if joins.contains(&text.as_str()) => format!("write `join {text}`"),
        Some(element) => format!("did you mean `{element}`?"),
        None if input.peek(token::Paren) => {
            format!("user code stands behind a keyword: `processor({text}(..))`")
        }
        None if input.peek(Token![::]) => {
            format!("user code stands behind a keyword: `processor({text}::..)`")
        }
        None => format!("there are {}", listed(&elements, "and")),
    };
    Err(syn::Error::new_spanned(word, format!("CV001: `{text}` is not a Conveyor element; {advice}")))
}
