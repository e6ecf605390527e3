//! A place in the source: from one token to another.

use crate::editor;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};

/// From the first token of something to its last.
#[derive(Clone, Copy)]
pub(crate) struct At {
    pub(crate) start: Span,
    pub(crate) end: Span,
}

impl At {
    pub(crate) fn of(tokens: impl ToTokens) -> At {
        let mut spans = tokens.into_token_stream().into_iter().map(|token| token.span());
        let start = spans.next().unwrap_or_else(Span::call_site);
        At { start, end: spans.last().unwrap_or(start) }
    }

    /// The whole macro, for what has no token.
    pub(crate) fn everything() -> At {
        At::from(Span::call_site())
    }

    /// Behind a token, where something is missing. Outside of a compiler, in unit tests, that is the token itself.
    pub(crate) fn behind(token: &TokenTree) -> At {
        let span = match token {
            TokenTree::Group(group) => group.span_close(),
            token => token.span(),
        };
        At::from(if proc_macro::is_available() { span.unwrap().end().into() } else { span })
    }

    /// For our own code that is to be blamed on this place with the user's own hygiene. An editor shows whatever stands
    /// at a place to whoever points at it, so for it our code stands nowhere.
    pub(crate) fn blame(self) -> At {
        if editor::runs_the_macro() { At::from(Span::mixed_site()) } else { self }
    }

    /// The same, for code that must not see the user's names.
    pub(crate) fn ours(self) -> Span {
        Span::mixed_site().located_at(self.blame().start)
    }

    /// The same, for items that the user's code names.
    pub(crate) fn item(self) -> Span {
        Span::call_site().located_at(self.blame().start)
    }
}

impl From<&Ident> for At {
    fn from(name: &Ident) -> At {
        At::from(name.span())
    }
}

impl From<Span> for At {
    fn from(span: Span) -> At {
        At { start: span, end: span }
    }
}

/// `syn::Error` takes its place from tokens.
impl ToTokens for At {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all([Ident::new("start", self.start), Ident::new("end", self.end)]);
    }
}
