//! Chains: `a -> pipe(256) -> replicated fork { b, c } -> pipe -> join zip -> d`

use super::advice::{
    DOC_OF_NOTHING, NAME_ALONE, ahead, branches_in_brackets, capacity_in_brackets, misspelt_declaration,
    no_arrow, no_code, no_element,
};
use super::meant::{self, rust_item};
use super::recover;
use super::words::{self, Front};
use super::{Parser, ended};
use crate::ast::{Chain, Code, Count, Element, ElementKind, JoinKind, Link, Policy, Role};
use crate::at::At;
use crate::diagnostics::{is_near, listed, nearest};
use proc_macro2::{Delimiter, Group, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Expr, Ident, Lit, Token, braced, token};

impl Parser<'_> {
    /// A whole statement. What stands before a mistake is kept.
    pub(super) fn statement(&mut self, input: ParseStream<'_>, chains: &mut Vec<Chain>) -> syn::Result<()> {
        let whole = ahead(input);
        self.attributes(input)?;
        if input.is_empty() {
            return Err(syn::Error::new_spanned(At::of(whole), DOC_OF_NOTHING));
        }
        let word = input.fork().call(Ident::parse_any);
        let behind = input.fork();
        if let (Ok(word), Ok(_)) = (word, behind.call(Ident::parse_any))
            && !self.misnamed.contains(&word.to_string())
            && let Some(error) = rust_item(&word, &behind).or_else(|| misspelt_declaration(&word, &behind))
        {
            return Err(error);
        }
        let start = input.cursor();
        self.chain(input, false, chains)?;
        if input.is_empty() { Ok(()) } else { Err(no_arrow(&start.token_stream(), input, false)) }
    }

    fn chain(&mut self, input: ParseStream<'_>, in_braces: bool, chains: &mut Vec<Chain>) -> syn::Result<()> {
        let start = input.cursor();
        let no_arrow = |input: ParseStream<'_>| no_arrow(&start.token_stream(), input, in_braces);
        let mut links = Vec::new();
        if let Some(first) = self.element_or_next(input, None)? {
            links.push(Link { arrow: first.at, element: first });
        }
        let rest = self.links(input, &mut links, no_arrow);
        if !links.is_empty() {
            chains.push(Chain { links });
        }
        rest
    }

    fn links(
        &mut self,
        input: ParseStream<'_>,
        links: &mut Vec<Link>,
        no_arrow: impl Fn(ParseStream<'_>) -> syn::Error,
    ) -> syn::Result<()> {
        while !input.is_empty() && !input.peek(Token![,]) {
            let arrow = self.arrow(input).ok_or_else(|| no_arrow(input))?;
            if let Some(element) = self.element_or_next(input, Some(arrow))? {
                links.push(Link { arrow, element });
            }
        }
        Ok(())
    }

    /// Nothing where a mistake has been reported, and the chain goes on behind it.
    fn element_or_next(&mut self, input: ParseStream<'_>, arrow: Option<At>) -> syn::Result<Option<Element>> {
        let is_word = input.peek(Ident::peek_any);
        match self.element(input, arrow) {
            Ok(element) => Ok(Some(element)),
            Err(error) if is_word && recover::to_the_next_arrow(input) => {
                self.diagnostics.syntax(ended(error, At::from(input.span())));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    fn element(&mut self, input: ParseStream<'_>, arrow: Option<At>) -> syn::Result<Element> {
        if !input.peek(Ident::peek_any) || input.peek(Token![move]) {
            return Err(no_element(input, arrow));
        }
        let word = input.call(Ident::parse_any)?;
        self.element_of(input, word)
    }

    /// The element that a word begins.
    fn element_of(&mut self, input: ParseStream<'_>, word: Ident) -> syn::Result<Element> {
        let text = word.to_string();
        let at = At::from(&word);
        let (at, kind) = match (text.as_str(), Role::of(&text)) {
            _ if self.is_misnamed(&text, input) => (at, ElementKind::Use(word)),
            (_, Some(role)) => {
                if !input.peek(token::Paren) {
                    return Err(no_code(&word, input));
                }
                let missing = format!("user code is missing here: `{text}(..)`");
                (at, ElementKind::Stage(role, self.code_in_parens(input, &missing)?))
            }
            ("pipe", _) => {
                if let Some(error) = capacity_in_brackets(input) {
                    return Err(error);
                }
                (at, ElementKind::Pipe { capacity: self.capacity(input)? })
            }
            ("replicated" | "balanced", _) => return self.fork(input, &word),
            ("join", _) => {
                let kind = self.join_kind(input, &word)?;
                (at, ElementKind::Join(kind))
            }
            _ => {
                if self.names.contains(&text) && (input.peek(token::Paren) || input.peek(token::Brace)) {
                    return Err(input.error(NAME_ALONE));
                }
                if let Err(error) = used_like_a_name(input, &word) {
                    let meant = recover::keyword(&text, input).ok_or_else(|| error.clone())?;
                    self.diagnostics.syntax(error);
                    return self.element_of(input, Ident::new(meant, word.span()));
                }
                (at, ElementKind::Use(word))
            }
        };
        Ok(Element { at, kind, options: self.options(input)? })
    }

    /// What stands in parentheses behind `pipe`.
    pub(super) fn capacity(&mut self, input: ParseStream<'_>) -> syn::Result<Option<Code>> {
        let missing = "write how many messages the pipe holds, `pipe(10)`, or leave the parentheses out";
        let capacity = input.peek(token::Paren).then(|| self.code_in_parens(input, missing)).transpose()?;
        capacity.iter().for_each(|code| self.alone(code, "pipe"));
        Ok(capacity)
    }

    /// `pipe(capacity = 64)` would assign, and what it holds has an end.
    fn alone(&mut self, code: &Code, of: &str) {
        match code.parsed.as_deref() {
            Some(Expr::Assign(assign)) => {
                let value = assign.right.to_token_stream();
                self.diagnostics
                    .error(code.at, format_args!("this number has no name: write `{of}({value})`"));
            }
            Some(Expr::Path(path))
                if of == "pipe" && (path.path.is_ident("unbounded") || path.path.is_ident("auto")) =>
            {
                let text = "write how many messages this pipe holds at most, `pipe(1000)`, or `pipe` alone";
                self.diagnostics.error(code.at, text);
            }
            _ => {}
        }
    }

    /// `fork` and what follows; `replicated` or `balanced` has been read.
    fn fork(&mut self, input: ParseStream<'_>, word: &Ident) -> syn::Result<Element> {
        let fork = input.peek(Ident::peek_any).then(|| input.call(Ident::parse_any)).transpose()?;
        let is_fork = fork.as_ref().is_some_and(|fork| fork == "fork");
        if !is_fork {
            let text = format!("CV001: expected `fork`: write `{word} fork`");
            let error = syn::Error::new_spanned(fork.as_ref().unwrap_or(word), text);
            let is_meant = fork.as_ref().is_some_and(|fork| is_near(&fork.to_string(), "fork"));
            if !is_meant {
                return Err(error);
            }
            self.diagnostics.syntax(error);
        }
        let at = At { start: word.span(), end: fork.as_ref().unwrap_or(word).span() };
        let mut policy = if word == "replicated" { Policy::Replicated } else { Policy::Shared };
        if input.peek(token::Paren) && word == "replicated" {
            let group: Group = input.parse()?;
            let text = match input.peek(token::Brace) || input.peek(token::Bracket) {
                true => {
                    "a replicated fork has no count: every branch gets every message; a `balanced fork(n)` has n workers"
                }
                false => "the branches of a fork stand in braces: `replicated fork { .., .. }`",
            };
            return Err(syn::Error::new_spanned(group, text));
        }
        if input.peek(Lit) {
            return Err(input.error("the number of workers stands in parentheses: `balanced fork(2) { .. }`"));
        }
        if input.peek(token::Paren) {
            let missing = "write the number of workers, `balanced fork(2)`, or `balanced fork(auto)`";
            let count = self.code_in_parens(input, missing)?;
            self.alone(&count, "balanced fork");
            policy = Policy::Workers(match count.parsed.as_deref() {
                Some(Expr::Path(path)) if path.path.is_ident("auto") => Count::Auto,
                _ => Count::Fixed(count),
            });
        }
        if let Some(error) = branches_in_brackets(input) {
            return Err(error);
        }
        let options = self.options(input)?;
        if input.peek(Token![->])
            && Front::of(&ahead(input)).is_group(2, Delimiter::Brace)
            && let Some(arrow) = self.arrow(input)
        {
            self.diagnostics.error(
                arrow,
                "the branches of a fork stand right behind it, in braces: leave this arrow out",
            );
        }
        if !input.peek(token::Brace) {
            let text = format!(
                "expected the branches of the fork in braces: `{word} fork {{ .., .. }}`, or the name of a declared one"
            );
            return Err(syn::Error::new_spanned(at, text));
        }
        let inside;
        let braces = braced!(inside in input);
        let mut branches = Vec::new();
        let end = At::from(braces.span.close());
        let is_empty = inside.is_empty();
        while !inside.is_empty() {
            if let Err(error) = self.chain(&inside, true, &mut branches) {
                self.diagnostics.syntax(ended(error, end));
                skip_to_comma(&inside)?;
            }
            if !inside.is_empty() {
                inside.parse::<Token![,]>()?;
            }
        }
        if is_empty {
            let text = format!(
                "CV010: this fork has no branches: write them in its braces, `{word} fork {{ .., .. }}`"
            );
            return Err(syn::Error::new_spanned(at, text));
        }
        if let (Policy::Workers(_), Some(second)) = (&policy, branches.get(1)) {
            let text = "a fork with a count has one branch, which each of its workers runs: leave the others out, or the \
                        count";
            return Err(syn::Error::new_spanned(second.links[0].element.at, text));
        }
        Ok(Element { at, kind: ElementKind::Fork { policy, branches }, options })
    }

    /// The word behind `join`.
    pub(super) fn join_kind(&mut self, input: ParseStream<'_>, join: &Ident) -> syn::Result<JoinKind> {
        let known = words::joins();
        if !input.peek(Ident::peek_any) {
            let kinds: Vec<_> = known.iter().map(|kind| format!("join {kind}")).collect();
            let kinds: Vec<_> = kinds.iter().map(String::as_str).collect();
            let text = format!("a join has a kind: write {}", listed(&kinds, "or"));
            return Err(syn::Error::new_spanned(join, text));
        }
        let word = input.call(Ident::parse_any)?;
        let text = word.to_string();
        let kind = JoinKind::ALL.into_iter().find(|(keyword, _)| *keyword == text);
        Ok(kind.map_or_else(
            || {
                let kinds = listed(&nearest(&text, known), "and");
                self.diagnostics
                    .error(At::of(&word), format_args!("no join is called `{text}`; there are {kinds}"));
                // any will do: nothing is made of a declaration with errors
                JoinKind::Merge
            },
            |(_, kind)| kind,
        ))
    }
}

/// A mistake in one branch hides none in another.
fn skip_to_comma(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    Ok(())
}

impl Parser<'_> {
    /// Has a name been declared that is a word of the language? That has been reported; its uses are none of that word.
    fn is_misnamed(&self, word: &str, input: ParseStream<'_>) -> bool {
        let is_use = input.is_empty() || input.peek(Token![->]) || input.peek(Token![,]);
        is_use && self.misnamed.contains(word)
    }
}

/// A word that is no keyword is a name, unless what stands behind it says that a keyword was meant.
fn used_like_a_name(input: ParseStream<'_>, word: &Ident) -> syn::Result<()> {
    let text = word.to_string();
    let is_called = input.peek2(token::Paren) || input.peek2(token::Bracket) || input.peek2(token::Brace);
    if meant::is_rust(&text) || text == "else" {
        let text = format!(
            "CV001: `{text}` is Rust, and no element: code stands in an element, `processor(|x| ..)`, and to choose a way, \
             a `filter(..)` in front of each branch of a fork"
        );
        return Err(syn::Error::new_spanned(word, text));
    }
    if input.peek(Token![!]) && text == "pipeline" {
        let text = "CV001: a pipeline inside has a name and stands outside: it is declared here by `pipeline name = Path;`";
        return Err(syn::Error::new_spanned(word, text));
    }
    if input.peek(Token![!]) && is_called {
        let text = format!(
            "CV001: no macro makes an element: its value stands behind a keyword, `processor({text}!(..))`"
        );
        return Err(syn::Error::new_spanned(word, text));
    }
    if input.peek(token::Bracket) {
        return Err(input.error(format!("options stand where `{text}` is declared")));
    }
    let joins = words::joins();
    if joins.contains(&text.as_str()) {
        let text = format!("CV001: `{text}` is a kind of join; write `join {text}`");
        return Err(syn::Error::new_spanned(word, text));
    }
    if let Some(kind) = text.strip_prefix("join_").filter(|kind| joins.contains(kind)) {
        let text = format!("CV001: `{text}` is not a Conveyor element; did you mean `join {kind}`?");
        return Err(syn::Error::new_spanned(word, text));
    }
    let next = input.fork().parse::<TokenTree>().map(|token| token.to_string()).unwrap_or_default();
    let is_called = input.peek(token::Paren) || input.peek(token::Brace) || input.peek(Token![::]);
    let is_misspelt = next == "fork" || joins.contains(&next.as_str()) && is_near(&text, "join");
    if !is_called && !is_misspelt && !words::is_reserved(&text) {
        return Ok(());
    }
    let advice = meant::instead(&text, input);
    Err(syn::Error::new_spanned(word, format!("CV001: `{text}` is not a Conveyor element; {advice}")))
}
