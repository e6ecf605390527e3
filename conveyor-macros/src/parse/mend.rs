//! A statement without an end swallows the next ones: where they begin.
//!
//! In an editor something is always being typed: there the `)` and the `;` that are missing yet are put in, and an open
//! parenthesis reaches to the end of the macro. Nothing is reported here, and what is complete stays as it is.

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
            && let Some((closed, rest)) = close(group, statement, is_chain(statement))
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

/// The statements that one with a mistake has swallowed, if a `;` is missing in front of them. They stand on lines of
/// their own: within a line something else is wrong.
pub(super) fn swallowed(tokens: TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut starts = vec![0];
    for at in 1..tokens.len() {
        let statement = &tokens[starts.last().copied().unwrap_or(0)..at];
        let is_on_the_next_line = tokens[at - 1].span().end().line < tokens[at].span().start().line;
        let has_ended = ends_an_element(statement) || ends_a_header(statement);
        if is_on_the_next_line && has_ended && begins_a_statement(statement, &tokens[at..]) {
            starts.push(at);
        }
    }
    let mut rest = tokens;
    let mut parts: Vec<TokenStream> =
        starts.iter().skip(1).rev().map(|start| rest.split_off(*start).into_iter().collect()).collect();
    parts.reverse();
    parts
}

/// A parenthesis that holds a `;` was never closed: gives what belongs into it, and what stands behind.
fn close(group: &Group, before: &[TokenTree], in_chain: bool) -> Option<(Group, Vec<TokenTree>)> {
    let is_of_a_macro = before.last().is_some_and(|token| is_punct(token, '!'));
    if group.delimiter() != Delimiter::Parenthesis || is_of_a_macro {
        return None;
    }
    let mut inside: Vec<TokenTree> = group.stream().into_iter().collect();
    let mut rest;
    if let Some(end) = inside.iter().position(|token| is_punct(token, ';')) {
        let end = (0..end).find(|at| ends_early(&inside, *at, in_chain)).unwrap_or(end);
        rest = inside.split_off(end);
        if !is_punct(&rest[0], ';') && !is_arrow(&rest) {
            rest.insert(0, semicolon());
        }
    } else {
        let (last, before) = inside.split_last()?;
        let TokenTree::Group(last) = last else { return None };
        let closed = close(last, before, in_chain)?;
        rest = closed.1;
        inside.pop();
        inside.push(closed.0.into());
    }
    let mut closed = Group::new(Delimiter::Parenthesis, inside.into_iter().collect());
    closed.set_span(group.span());
    Some((closed, rest))
}

/// Does something else begin at this place of an open parenthesis?
fn ends_early(inside: &[TokenTree], at: usize, in_chain: bool) -> bool {
    let (code, rest) = inside.split_at(at);
    if in_chain && is_arrow(rest) {
        return !code.last().is_some_and(|token| is_punct(token, '|'));
    }
    // In a chain an arrow belongs to the chain, not to a name before it.
    if in_chain && rest.get(1..).is_some_and(is_arrow) {
        return false;
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

/// `Name<In -> Out>`
fn ends_a_header(tokens: &[TokenTree]) -> bool {
    let opens = tokens.iter().take(3).any(|token| is_punct(token, '<'));
    opens && tokens.last().is_some_and(|token| is_punct(token, '>')) && !is_arrow(&tokens[tokens.len() - 2..])
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(typed: &str, expected: &str) {
        let tokens = |text: &str| text.parse::<TokenStream>().expect("a test writes tokens").to_string();
        assert_eq!(mended(tokens(typed).parse().expect("it was one")).to_string(), tokens(expected));
    }

    #[test]
    fn what_is_complete_stays() {
        for complete in [
            "pub Name<A -> &'static str>(key: u64); processor a = if x { b } else { c }; a -> pipe(3) [limit_bytes = 4] -> b;",
            "a -> pipe -> balanced fork(2) { processor(|x| -> u8 { x; 3 }), pipe } -> pipe -> join ordered;",
            "pool frames(8) of [u8; 4]; source s [stdin] = f(frames)? as u8; sink t = list!(0; 3);",
        ] {
            becomes(complete, complete);
        }
    }

    #[test]
    fn missing_semicolons() {
        becomes("processor a = A::new()\nprocessor b = B;", "processor a = A::new(); processor b = B;");
        becomes(
            "processor a = A::new()\na -> pipe -> b\nb -> c",
            "processor a = A::new(); a -> pipe -> b; b -> c",
        );
        becomes(
            "join zip both\nreplicated fork f\nprocessor(a) -> f;",
            "join zip both; replicated fork f; processor(a) -> f;",
        );
    }

    #[test]
    fn swallowed_statements_stand_on_lines_of_their_own() {
        let parts = |text: &str| -> Vec<String> {
            let tokens: TokenStream = text.parse().expect("a test writes tokens");
            swallowed(tokens).iter().map(ToString::to_string).collect()
        };
        assert_eq!(parts("processor a = A::new()\na -> pipe\nb -> c"), ["a -> pipe", "b -> c"]);
        assert_eq!(parts("<A -> B>\njoin zip both"), ["join zip both"]);
        assert!(parts("a -> pipe frok { b }\n-> c").is_empty());
        assert!(parts("processor a = if x { y }\nelse { z }").is_empty());
    }

    /// An editor closes a parenthesis at the end of the macro.
    #[test]
    fn missing_parentheses() {
        becomes("processor a = A::new(; b -> pipe -> c;)", "processor a = A::new(); b -> pipe -> c;");
        becomes("processor a = A::new(b -> pipe -> c;)", "processor a = A::new(); b -> pipe -> c;");
        becomes("processor a = A::new(&x\nsink b = B(3);)", "processor a = A::new(&x); sink b = B(3);");
        becomes("a -> pipe -> processor(b -> pipe -> c;)", "a -> pipe -> processor(b) -> pipe -> c;");
        becomes("a -> processor(B::new(x -> pipe; d -> e;))", "a -> processor(B::new(x)) -> pipe; d -> e;");
    }
}
