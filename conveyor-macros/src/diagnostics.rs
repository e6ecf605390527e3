//! Errors and warnings are collected, so that one build shows all of a phase.

use crate::at::At;
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use std::fmt::Display;
use syn::Attribute;

#[derive(Default)]
pub(crate) struct Diagnostics {
    errors: Vec<syn::Error>,
    warnings: Vec<Warning>,
}

struct Warning {
    at: At,
    /// The path of what is deprecated: rustc shows it in front of the text.
    fault: [&'static str; 2],
    text: String,
}

impl Diagnostics {
    pub(crate) fn error(&mut self, at: At, text: impl Display) {
        self.errors.push(syn::Error::new_spanned(at, text));
    }

    /// An error of the parser, which may hold several.
    pub(crate) fn syntax(&mut self, error: syn::Error) {
        self.errors.extend(error);
    }

    /// One conflict, shown at each of its places: the first text says what to do, the others what stands there.
    pub(crate) fn conflict<const N: usize>(&mut self, places: [(At, String); N]) {
        self.everywhere(places.into());
    }

    /// The same for any number of places.
    pub(crate) fn everywhere(&mut self, places: Vec<(At, String)>) {
        let count = places.len();
        for (index, (at, text)) in places.into_iter().enumerate() {
            match count {
                1 => self.error(at, text),
                _ => self.error(at, format_args!("{text} ({}/{count})", index + 1)),
            }
        }
    }

    pub(crate) fn warn(&mut self, at: At, fault: [&'static str; 2], text: impl Display) {
        self.warnings.push(Warning { at, fault, text: text.to_string() });
    }

    /// How many errors there are.
    pub(crate) fn count(&self) -> usize {
        self.errors.len()
    }

    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Each error as a macro call, which stands where a statement or an expression may stand.
    pub(crate) fn errors(&self) -> Vec<TokenStream> {
        self.errors.iter().map(syn::Error::to_compile_error).collect()
    }

    /// Stable Rust lets a macro warn in one way: by something deprecated that is used at the place. It obeys `allow` and
    /// `deny(warnings)`. For a macro rustc underlines the whole path and shows it as it is written, so one that has two
    /// words covers the place from its first token to its last.
    ///
    /// `levels` are the attributes of an item that say how loud a warning is, and whether there is one.
    pub(crate) fn warnings(&self, levels: &[Attribute]) -> TokenStream {
        let levels = levels.iter().filter(|attribute| {
            ["allow", "warn", "deny", "forbid", "cfg"].iter().any(|level| attribute.path().is_ident(level))
        });
        let levels: TokenStream = levels.map(Attribute::to_token_stream).collect();
        let warnings = self.warnings.iter().map(|Warning { at, fault: [first, last], text }| {
            let (module, fault) = (Ident::new(first, at.start), Ident::new(last, at.end));
            quote_spanned! {at.start=>
                #levels
                const _: () = {
                    mod #module {
                        #[deprecated(note = #text)]
                        macro_rules! #fault { () => {} }
                        #[allow(deprecated)]
                        pub(super) use #fault;
                    }
                    #module::#fault!();
                };
            }
        });
        quote!(#(#warnings)*)
    }

    #[cfg(test)]
    pub(crate) fn shown(&self) -> Vec<String> {
        let errors = self.errors.iter().map(|error| (error.span(), error.to_string()));
        let warnings =
            self.warnings.iter().map(|warning| (warning.at.start, format!("warning: {}", warning.text)));
        errors
            .chain(warnings)
            .map(|(span, text)| {
                let start = span.start();
                format!("{}:{} {text}", start.line, start.column + 1)
            })
            .collect()
    }
}

/// The names that are like `word`, nearest first; the others behind them in their order.
pub(crate) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort_by_key(|name| distance(word, name));
    names
}

/// Is `name` near enough to `word` to be what was meant?
pub(crate) fn is_near(word: &str, name: &str) -> bool {
    distance(word, name) <= name.len().max(word.len()).div_ceil(3)
}

/// How many insertions, deletions, replacements and swaps of neighbours lead from one to the other.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows = vec![vec![0; to.len() + 1]; from.len() + 1];
    for i in 0..=from.len() {
        for j in 0..=to.len() {
            rows[i][j] = match (i, j) {
                (0, _) | (_, 0) => i + j,
                _ => {
                    let replaced = rows[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
                    let moved = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(replaced);
                    let swaps = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
                    if swaps { moved.min(rows[i - 2][j - 2] + 1) } else { moved }
                }
            };
        }
    }
    rows[from.len()][to.len()]
}

/// "`a`, `b` or `c`"
pub(crate) fn listed(names: &[&str], last: &str) -> String {
    match names {
        [] => String::new(),
        [one] => format!("`{one}`"),
        [front @ .., end] => {
            let front: Vec<_> = front.iter().map(|name| format!("`{name}`")).collect();
            format!("{} {last} `{end}`", front.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_comes_first() {
        assert_eq!(nearest("claen", ["vote", "clean"]), ["clean", "vote"]);
        assert_eq!(distance("claen", "clean"), 1);
        assert!(is_near("procesor", "processor"));
        assert!(!is_near("map", "processor"));
    }

    #[test]
    fn lists_read_like_a_sentence() {
        assert_eq!(listed(&["a"], "or"), "`a`");
        assert_eq!(listed(&["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}
