//! How the expansion names things: the run-time's items through one imported module, its own variables hygienically.
//!
//! rustc looks for the part of a call that is to blame only among tokens of one hygiene. A path that starts with
//! `$crate` has two, so inside of the expansion nothing does.
//!
//! What rustc blames is underlined from the first token of a path or a call to its last, but only as far as both have
//! the user's own hygiene. Then it does not mention the macro, either.

use crate::at::At;
use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote, quote_spanned};

/// What the module of all items for expansions is called inside of one.
const DOOR: &str = "__conveyor";

/// `$crate`, as `macro_rules! pipeline` has handed it over.
pub(crate) struct Paths {
    krate: TokenTree,
}

impl Paths {
    pub(crate) fn new(krate: TokenTree) -> Paths {
        Paths { krate }
    }

    /// Stands first in every block whose code names [`private`] items.
    pub(super) fn import(&self) -> TokenStream {
        let (krate, door) = (&self.krate, variable(DOOR, Span::mixed_site()));
        quote!(#[allow(unused_imports)] use #krate::private::{self as #door, fallbacks::*};)
    }

    /// An item for expansions, for signatures outside of such a block.
    pub(super) fn hidden(&self, item: &str) -> TokenStream {
        let (krate, item) = (&self.krate, Ident::new(item, Span::mixed_site()));
        quote!(#krate::private::#item)
    }

    /// A public item of the run-time.
    pub(super) fn public(&self, item: &str) -> TokenStream {
        let (krate, item) = (&self.krate, Ident::new(item, Span::mixed_site()));
        quote!(#krate::#item)
    }
}

/// An item behind the run-time's one door, to be blamed on `at`, a place of [`our`](At::ours) code.
pub(super) fn private(item: &str, at: Span) -> Item {
    Item { names: [DOOR, item].map(|name| Ident::new(name, at)).into(), at }
}

/// CV018: only what captures nothing can become a `fn` pointer. rustc shows the variable, and the name of this macro.
pub(super) fn captures_nothing(user: &TokenStream, at: Span) -> TokenStream {
    let advice = private("make_what_is_captured_a_parameter_of_the_pipeline_or_a_constant", at);
    quote_spanned!(at=> #advice!(#user))
}

/// The path of an item. An expansion has hundreds, and tokens are cheaper to write than to copy from a stream of theirs.
#[derive(Clone)]
pub(super) struct Item {
    names: Vec<Ident>,
    at: Span,
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for (number, name) in self.names.iter().enumerate() {
            if number > 0 {
                for spacing in [Spacing::Joint, Spacing::Alone] {
                    let mut colon = Punct::new(':', spacing);
                    colon.set_span(self.at);
                    tokens.append(colon);
                }
            }
            tokens.append(name.clone());
        }
    }
}

/// A variable of the expansion, invisible to user code: `at` is a place of [`our`](At::ours) code. That is for the caller
/// to say once for many names, because it is asked of rustc.
pub(super) fn variable(name: &str, at: Span) -> Ident {
    Ident::new(name, at)
}

/// A path behind the door, to be blamed on all of `at`: `Message`, `FlowsInto::flows`.
pub(super) fn blamed(path: &[&str], at: At) -> Item {
    let at = at.blame();
    let (last, front) = path.split_last().expect("a path has a name");
    let mut names = vec![Ident::new(DOOR, at.start)];
    names.extend(front.iter().map(|name| Ident::new(name, at.start)));
    names.push(Ident::new(last, at.end));
    Item { names, at: at.start }
}

/// A call of a function behind the door. The call and its function are both to be blamed on all of `at`.
pub(super) fn call(path: &[&str], arguments: TokenStream, at: At) -> TokenStream {
    let mut call = blamed(path, at).into_token_stream();
    call.append(in_parentheses(arguments, at));
    call
}

/// What ends a call that is to be blamed on all of `at`.
pub(super) fn in_parentheses(arguments: TokenStream, at: At) -> Group {
    let mut group = Group::new(Delimiter::Parenthesis, arguments);
    group.set_span(at.blame().end);
    group
}
