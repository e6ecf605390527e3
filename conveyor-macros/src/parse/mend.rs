//! What is being typed, with the `)` and the `;` that are missing yet. Only an editor asks about such a thing: there an
//! open parenthesis reaches to the end of the macro, and a statement without an end swallows the next one.
//!
//! Nothing is reported here, and what is complete stays as it is.

use super::named;
use crate::ast::Role;
use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};

/// The same tokens, with what is missing between statements.
pub(crate) fn mended(tokens: TokenStream) -> TokenStream {
    let mut left: Vec<TokenTree> = tokens.into_iter().collect();
    let mut mended = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < left.len() {
        let token = left[at].clone();
        let statement = &mended[start..];
        if let TokenTree::Group(group) = &token
            && let Some((closed, rest)) = close(group, statement)
        {
            mended.push(closed.into());
            left.splice(..=at, rest);
            at = 0;
            continue;
        }
        if ends_an_element(statement) && begins_a_statement(statement, &left[at..]) {
            mended.push(semicolon());
            start = mended.len();
        }
        if is_punct(&token, ';') {
            start = mended.len() + 1;
        }
        mended.push(token);
        at += 1;
    }
    mended.into_iter().collect()
}

/// A parenthesis that holds a `;` was never closed: gives what belongs into it, and what stands behind.
fn close(group: &Group, before: &[TokenTree]) -> Option<(Group, Vec<TokenTree>)> {
    let is_of_a_macro = before.last().is_some_and(|token| is_punct(token, '!'));
    if group.delimiter() != Delimiter::Parenthesis || is_of_a_macro {
        return None;
    }
    let mut inside: Vec<TokenTree> = group.stream().into_iter().collect();
    let mut rest;
    if let Some(end) = inside.iter().position(|token| is_punct(token, ';')) {
        let end = (0..end).find(|at| ends_early(before, &inside, *at)).unwrap_or(end);
        rest = inside.split_off(end);
        if !is_punct(&rest[0], ';') && !is_arrow(&rest) {
            rest.insert(0, semicolon());
        }
    } else {
        let (last, before) = inside.split_last()?;
        let TokenTree::Group(last) = last else { return None };
        let closed = close(last, before)?;
        rest = closed.1;
        inside.pop();
        inside.push(closed.0.into());
    }
    let mut closed = Group::new(Delimiter::Parenthesis, inside.into_iter().collect());
    closed.set_span(group.span());
    Some((closed, rest))
}

/// Does something else begin at this place of an open parenthesis?
fn ends_early(before: &[TokenTree], inside: &[TokenTree], at: usize) -> bool {
    let (code, rest) = inside.split_at(at);
    if is_chain(before) && is_arrow(rest) {
        return !code.last().is_some_and(|token| is_punct(token, '|'));
    }
    (code.is_empty() || ends_an_element(code)) && begins_a_statement(&[], rest)
}

/// Can this be the end of an element, or of a piece of code?
fn ends_an_element(tokens: &[TokenTree]) -> bool {
    match tokens.last() {
        Some(TokenTree::Ident(word)) => !matches!(
            word.to_string().as_str(),
            "replicated" | "balanced" | "join" | "as" | "in" | "if" | "match" | "return" | "else"
        ),
        Some(TokenTree::Punct(punct)) => punct.as_char() == '?',
        Some(_) => true,
        None => false,
    }
}

fn begins_a_statement(statement: &[TokenTree], rest: &[TokenTree]) -> bool {
    let Some(TokenTree::Ident(word)) = rest.first() else { return false };
    let calls =
        || matches!(&rest[1..], [TokenTree::Group(group), ..] if group.delimiter() == Delimiter::Parenthesis);
    is_chain(statement)
        || is_arrow(&rest[1..])
        || is_declaration(rest)
        || Role::of(&word.to_string()).is_some() && calls()
}

/// A header has an arrow, too, between angle brackets.
fn is_chain(statement: &[TokenTree]) -> bool {
    let arrow = (0..statement.len()).find(|at| is_arrow(&statement[*at..]));
    let is_header = |arrow| statement[..arrow].iter().any(|token| is_punct(token, '<'));
    arrow.is_some_and(|arrow| !is_header(arrow)) && !is_declaration(statement)
}

fn is_declaration(tokens: &[TokenTree]) -> bool {
    const LONGEST: usize = 3;
    named::stands_in(&tokens.iter().take(LONGEST).cloned().collect())
}

fn is_arrow(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [dash, tip, ..] if is_punct(dash, '-') && is_punct(tip, '>'))
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

fn semicolon() -> TokenTree {
    Punct::new(';', Spacing::Alone).into()
}
