//! Declarations that somebody has half-typed, cut off or pasted together: the macro answers all of them.
//!
//! `CONVEYOR_MUTANTS=1000000` in the environment tries as many, and other ones each time.

mod declarations;
mod mutate;

use crate::expand::Paths;
use crate::{expansion, message};
use declarations::{DECLARATIONS, MESSAGES};
use fastrand::Rng;
use mutate::mutated;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use std::panic::catch_unwind;
use syn::{Expr, File};

const COUNT: u64 = 2000;
const SEED: u64 = 20;

/// How many mutants, and the seed of the first one.
fn range() -> (u64, u64) {
    let count = std::env::var("CONVEYOR_MUTANTS").ok().and_then(|count| count.parse().ok());
    count.map_or((COUNT, SEED), |count| (count, fastrand::u64(..)))
}

#[test]
fn what_is_mutated_is_valid() {
    for declaration in DECLARATIONS {
        assert_eq!(crate::testing::diagnose(declaration), Vec::<String>::new(), "{declaration}");
        assert_eq!(parses(expanded(declaration, false)), Ok(Answer::Expanded), "{declaration}");
    }
    for message in MESSAGES {
        assert_eq!(parses(derived(message)), Ok(Answer::Expanded), "{message}");
    }
}

#[test]
fn every_mutant_is_answered() {
    let (count, first) = range();
    println!("{count} mutants from seed {first}");
    let mut refused = 0;
    for seed in (0..count).map(|number| first.wrapping_add(number)) {
        let mut rng = Rng::with_seed(seed);
        let sources = if rng.u8(..) < 32 { MESSAGES } else { DECLARATIONS };
        let source = mutated(sources, &mut rng);
        let checked = catch_unwind(|| match sources == MESSAGES {
            true => checked(&source, derived).and_then(parses),
            false => {
                // an editor is also given code of the user that does not parse
                checked(&source, |source| expanded(source, true))?;
                checked(&source, |source| expanded(source, false)).and_then(parses)
            }
        });
        match checked {
            Ok(Ok(answer)) => refused += u64::from(answer == Answer::Refused),
            Ok(Err(fault)) => panic!("seed {seed}: {fault}\n{source}"),
            Err(_) => panic!("seed {seed}: the macro panics\n{source}"),
        }
        proc_macro2::extra::invalidate_current_thread_spans();
    }
    println!("{refused} of them are refused");
    assert!(refused > count / 2 && refused < count, "{refused} of {count} are refused");
}

fn expanded(source: &str, in_editor: bool) -> TokenStream {
    let krate = Ident::new("conveyor", Span::call_site());
    expansion(&Paths::new(krate.into()), tokens(source), in_editor)
}

/// rustc hands over only what it has understood to be a type.
fn derived(source: &str) -> TokenStream {
    syn::parse2(tokens(source)).map_or_else(|_| TokenStream::new(), |input| message::derive(&input))
}

fn tokens(source: &str) -> TokenStream {
    source.parse().expect("mutants are made of tokens")
}

/// Twice the same, and all errors have a place. Gives the expansion.
fn checked(source: &str, answered: impl Fn(&str) -> TokenStream) -> Result<TokenStream, String> {
    let expansion = answered(source);
    if expansion.to_string() != answered(source).to_string() {
        return Err("it is answered in two ways".to_owned());
    }
    let is_empty = source.trim().is_empty();
    let outside = errors(&expansion).into_iter().find(|(span, _)| span.source_text().is_none() && !is_empty);
    outside.map_or(Ok(expansion), |(_, text)| Err(format!("an error without a place: {text}")))
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Answer {
    Expanded,
    Refused,
}

/// It must be something that can stand where the declaration stands.
fn parses(expansion: TokenStream) -> Result<Answer, String> {
    let is_refused = !errors(&expansion).is_empty();
    let (text, items) = (expansion.to_string(), carried(&expansion));
    let parsed = match items {
        Some(items) => syn::parse2::<File>(items).map(drop),
        None => syn::parse2::<File>(expansion.clone())
            .map(drop)
            .or_else(|_| syn::parse2::<Expr>(inside(expansion)).map(drop)),
    };
    match parsed {
        Err(error) => Err(format!("no Rust: {error}\n{text}")),
        Ok(()) if is_refused => Ok(Answer::Refused),
        Ok(()) => Ok(Answer::Expanded),
    }
}

/// `#[conveyor::private::__carried(items)] macro_rules! ..`
fn carried(expansion: &TokenStream) -> Option<TokenStream> {
    let mut tokens = expansion.clone().into_iter();
    let (Some(TokenTree::Punct(_)), Some(TokenTree::Group(attribute))) = (tokens.next(), tokens.next())
    else {
        return None;
    };
    let inside: Vec<TokenTree> = attribute.stream().into_iter().collect();
    let [.., TokenTree::Ident(name), TokenTree::Group(items)] = &inside[..] else { return None };
    (name == "__carried").then(|| items.stream())
}

/// The expression in the macro that an expression stands in.
fn inside(expansion: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = expansion.clone().into_iter().collect();
    match &tokens[..] {
        [.., TokenTree::Punct(told), TokenTree::Group(block)] if told.as_char() == '!' => block.stream(),
        _ => expansion,
    }
}

/// The place and the text of each `compile_error!`.
fn errors(tokens: &TokenStream) -> Vec<(Span, String)> {
    let mut errors = Vec::new();
    let mut is_error = false;
    for token in tokens.clone() {
        match token {
            TokenTree::Ident(word) => is_error = word == "compile_error",
            TokenTree::Group(group) => {
                if std::mem::take(&mut is_error) {
                    errors.push((group.span_open(), group.stream().to_string()));
                }
                errors.extend(self::errors(&group.stream()));
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    errors
}
