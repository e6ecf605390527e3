//! A place in the source: from one token to another.

use crate::editor;
use proc_macro2::{Ident, Span, TokenStream};
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

    /// For our own code that is to be blamed on this place, but must not see the user's names. An editor shows whatever
    /// stands at a place to whoever points at it, so for it our code stands nowhere.
    pub(crate) fn ours(self) -> Span {
        if editor::runs_the_macro() { Span::mixed_site() } else { Span::mixed_site().located_at(self.start) }
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
