//! What happens to the tokens of a declaration. The result is text, so that all of its tokens have places in it.

use fastrand::Rng;
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Tokens that stand somewhere in a declaration, and some that never do.
const TOKENS: &[&str] = &[
    "processor",
    "procesor",
    "filter",
    "filter_map",
    "flat_map",
    "try_map",
    "source",
    "sink",
    "pipe",
    "fork",
    "replicated",
    "balanced",
    "join",
    "merge",
    "zip",
    "ordered",
    "pipeline",
    "pool",
    "of",
    "auto",
    "pub",
    "x",
    "r#type",
    "self",
    "Self",
    "crate",
    "_",
    "impl",
    "dyn",
    "fn",
    "where",
    "mut",
    "move",
    "'a",
    "u64",
    "String",
    "when_full",
    "max",
    "restart",
    "window",
    "drop_newest",
    "->",
    "=>",
    "<-",
    "-",
    "<",
    ">",
    "::",
    ":",
    ";",
    ",",
    "=",
    "|",
    "||",
    "?",
    "!",
    "#",
    "$",
    "&",
    "..",
    ".",
    "@",
    "0",
    "1",
    "-1",
    "4.5",
    "1e999",
    "99999999999999999999",
    "\"text\"",
    "'c'",
    "b\"x\"",
    "true",
    "()",
    "{}",
    "[]",
    "(1)",
    "[max = 2]",
    "{ x }",
    "|x| x",
    "#[cfg(x)]",
    "#![allow(implicit_pipe)]",
    "<u64 -> u64>",
    "\u{e9}t\u{e9}",
];

/// One of the sources, after up to six accidents.
pub(super) fn mutated(sources: &[&str], rng: &mut Rng) -> String {
    let parsed = |rng: &mut Rng| tokens(sources[rng.usize(..sources.len())]);
    let mut mutant = parsed(rng);
    for _ in 0..rng.usize(1..=6) {
        let other = parsed(rng);
        mutant = somewhere(mutant, rng, &mut |tokens, rng| accident(tokens, &other, rng));
    }
    let text = mutant.into_iter().collect::<TokenStream>().to_string();
    // Two that touch may have become one that is none, such as `'` and a letter.
    if text.parse::<TokenStream>().is_ok() { text } else { mutated(sources, rng) }
}

fn tokens(source: &str) -> Vec<TokenTree> {
    source.parse::<TokenStream>().expect("sources are made of tokens").into_iter().collect()
}

type Accident<'a> = &'a mut dyn FnMut(&mut Vec<TokenTree>, &mut Rng);

/// At the top, or inside of any group.
fn somewhere(mut tokens: Vec<TokenTree>, rng: &mut Rng, accident: Accident<'_>) -> Vec<TokenTree> {
    let groups: Vec<usize> =
        (0..tokens.len()).filter(|at| matches!(tokens[*at], TokenTree::Group(_))).collect();
    match groups.get(rng.usize(..groups.len() + 1)).map(|at| (*at, tokens[*at].clone())) {
        Some((at, TokenTree::Group(group))) => {
            let inside = somewhere(group.stream().into_iter().collect(), rng, accident);
            tokens[at] = Group::new(group.delimiter(), inside.into_iter().collect()).into();
        }
        _ => accident(&mut tokens, rng),
    }
    tokens
}

fn accident(tokens: &mut Vec<TokenTree>, other: &[TokenTree], rng: &mut Rng) {
    let at = rng.usize(..tokens.len() + 1);
    let end = (at + rng.usize(1..4)).min(tokens.len());
    match rng.u8(..10) {
        0 => drop(tokens.drain(at..end)),
        1 => {
            let again: Vec<TokenTree> = tokens[at..end].to_vec();
            tokens.splice(at..at, again);
        }
        2 if at + 1 < tokens.len() => tokens.swap(at, at + 1),
        3 if at < tokens.len() => {
            let with = rng.usize(..tokens.len());
            tokens.swap(at, with);
        }
        4 => drop(tokens.splice(at..end, any(rng))),
        5 => drop(tokens.splice(at..at, any(rng))),
        6 => tokens.truncate(at),
        7 => {
            let inside: TokenStream = tokens.drain(at..end).collect();
            let mut group = Group::new(delimiter(rng), inside);
            let depth = if rng.bool() { 1 } else { 30 };
            for _ in 0..rng.usize(..depth) {
                group = Group::new(delimiter(rng), TokenTree::from(group).into());
            }
            tokens.insert(at, group.into());
        }
        8 => {
            let opened = tokens.iter().position(|token| matches!(token, TokenTree::Group(_)));
            if let Some((at, TokenTree::Group(group))) = opened.map(|at| (at, tokens[at].clone())) {
                tokens.splice(at..=at, group.stream());
            }
        }
        _ => {
            let from = rng.usize(..other.len());
            let until = (from + rng.usize(1..12)).min(other.len());
            tokens.splice(at..at, other[from..until].iter().cloned());
        }
    }
}

fn any(rng: &mut Rng) -> Vec<TokenTree> {
    tokens(TOKENS[rng.usize(..TOKENS.len())])
}

fn delimiter(rng: &mut Rng) -> Delimiter {
    [Delimiter::Parenthesis, Delimiter::Brace, Delimiter::Bracket][rng.usize(..3)]
}
