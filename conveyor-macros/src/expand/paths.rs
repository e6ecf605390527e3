//! How the expansion names things: the run-time's items through `$crate`, its own variables hygienically.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote_spanned;

/// `$crate`, as `macro_rules! pipeline` has handed it over.
pub(crate) struct Paths {
    krate: TokenTree,
}

impl Paths {
    pub(crate) fn new(krate: TokenTree) -> Paths {
        Paths { krate }
    }

    /// An item behind the run-time's one door, to be blamed on `at`.
    pub(crate) fn private(&self, item: &str, at: Span) -> TokenStream {
        let krate = self.krate(at);
        let item = Ident::new(item, at);
        quote_spanned!(at=> #krate::private::#item)
    }

    /// A public item of the run-time.
    pub(crate) fn public(&self, item: &str, at: Span) -> TokenStream {
        let krate = self.krate(at);
        let item = Ident::new(item, at);
        quote_spanned!(at=> #krate::#item)
    }

    /// `$crate` finds the crate by its hygiene, so only its location may change.
    fn krate(&self, at: Span) -> TokenTree {
        let mut krate = self.krate.clone();
        krate.set_span(krate.span().located_at(at));
        krate
    }
}

/// A variable of the expansion, invisible to user code.
pub(crate) fn variable(name: &str, at: Span) -> Ident {
    Ident::new(name, Span::mixed_site().located_at(at))
}
