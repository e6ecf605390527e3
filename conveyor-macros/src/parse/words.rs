//! The words of the language. They are keywords only where an element may stand.

use crate::ast::{JoinKind, Role};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Words that begin an element of a chain.
pub(super) fn begins_an_element(word: &str) -> bool {
    Role::of(word).is_some() || matches!(word, "pipe" | "replicated" | "balanced" | "join")
}

/// Everything a name must not be.
pub(super) fn is_reserved(word: &str) -> bool {
    begins_an_element(word)
        || joins().contains(&word)
        || matches!(word, "fork" | "pool" | "pipeline" | "auto" | "of")
}

/// All words that begin an element.
pub(crate) fn elements() -> Vec<&'static str> {
    let roles = Role::ALL.into_iter().map(|(word, _)| word);
    roles.chain(["pipe", "replicated fork", "balanced fork", "join"]).collect()
}

/// All words that begin a declaration and have a name right behind them.
pub(super) fn declared() -> Vec<&'static str> {
    let roles = Role::ALL.into_iter().map(|(word, _)| word);
    roles.chain(["pipe", "pool", "pipeline"]).collect()
}

/// Are these the parameters of a header, `name: ...`, and not the code of a misspelt element?
pub(super) fn looks_like_params(inside: &TokenStream) -> bool {
    let inside = Front::behind_attributes(inside);
    inside.len() == 0 || inside.word(0).is_some() && inside.is_punct(1, ':') && !inside.is_punct(2, ':')
}

/// The words behind `join`.
pub(super) fn joins() -> Vec<&'static str> {
    JoinKind::ALL.into_iter().map(|(word, _)| word).collect()
}

/// The first tokens of a statement, to tell what it is without parsing it.
pub(super) struct Front(Vec<TokenTree>);

impl Front {
    pub(super) fn of(tokens: &TokenStream) -> Front {
        Front(tokens.clone().into_iter().collect())
    }

    /// Without leading attributes.
    pub(super) fn behind_attributes(tokens: &TokenStream) -> Front {
        let mut front = Front::of(tokens);
        while front.is_punct(0, '#') && front.is_group(1, Delimiter::Bracket) {
            front.0.drain(..2);
        }
        front
    }

    /// `Name<`, `path::Name<`
    pub(super) fn is_path_with_types(&self) -> bool {
        let end = (0..self.len()).find(|at| self.word(*at).is_none() && !self.is_punct(*at, ':'));
        end.is_some_and(|end| end > 0 && self.is_punct(end, '<'))
    }

    pub(super) fn word(&self, index: usize) -> Option<String> {
        match self.0.get(index) {
            Some(TokenTree::Ident(ident)) => Some(ident.to_string()),
            _ => None,
        }
    }

    pub(super) fn is_word(&self, index: usize, word: &str) -> bool {
        self.word(index).is_some_and(|found| found == word)
    }

    pub(super) fn is_punct(&self, index: usize, char: char) -> bool {
        matches!(self.0.get(index), Some(TokenTree::Punct(punct)) if punct.as_char() == char)
    }

    pub(super) fn is_group(&self, index: usize, delimiter: Delimiter) -> bool {
        matches!(self.0.get(index), Some(TokenTree::Group(group)) if group.delimiter() == delimiter)
    }

    pub(super) fn group(&self, index: usize) -> Option<TokenStream> {
        match self.0.get(index) {
            Some(TokenTree::Group(group)) => Some(group.stream()),
            _ => None,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
