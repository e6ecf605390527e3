//! What user code sees by name: the parameters and the pools.

use super::paths::{private, variable};
use crate::ast::{Code, Declaration, Pool};
use crate::at::At;
use crate::user::Words;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

pub(super) struct Scope<'a> {
    declaration: &'a Declaration,
    in_editor: bool,
}

impl<'a> Scope<'a> {
    pub(super) fn of(declaration: &'a Declaration, in_editor: bool) -> Scope<'a> {
        Scope { declaration, in_editor }
    }

    /// What binds the names in each closure that holds user code: `Scope { params: (a, b,), pools: (frames,) }`.
    /// Code that mentions none of them does not bind them: the compiler has less to check.
    pub(super) fn pattern(&self, code: &Code, at: Span) -> TokenStream {
        self.pattern_beside(code, &TokenStream::new(), at)
    }

    /// The same beside the argument of a closure, whose own names hide those of parameters and pools.
    pub(super) fn pattern_beside(&self, code: &Code, argument: &TokenStream, at: Span) -> TokenStream {
        let pools = self.declaration.pools.iter().map(|pool| &pool.name);
        self.bound(code, pools, self.names(argument, at))
    }

    /// The same for arguments of a pipeline inside, which see the parameters alone: `(a, b,)`.
    pub(super) fn params_of(&self, code: &Code) -> TokenStream {
        self.bound(code, std::iter::empty(), self.params_pattern())
    }

    fn bound(
        &self,
        code: &Code,
        pools: impl Iterator<Item = &'a Ident>,
        pattern: TokenStream,
    ) -> TokenStream {
        let mut names = self.declaration.header.params.iter().map(|param| &param.name).chain(pools);
        if self.in_editor || !names.any(|name| code.words.mention(name)) {
            return quote!(_);
        }
        quote!(#[allow(unused_variables)] #pattern)
    }

    /// Binds the names of all parameters and pools, but for those that `hidden` mentions.
    pub(super) fn names(&self, hidden: &TokenStream, at: Span) -> TokenStream {
        let hidden = Words::of(hidden);
        let shown = |name: &Ident| match hidden.has(&name.to_string()) {
            true => quote!(_),
            false => name.to_token_stream(),
        };
        let params = self.declaration.header.params.iter().map(|param| shown(&param.name));
        let params = quote!((#(#params,)*));
        let pools = self.declaration.pools.iter().map(|pool| shown(&pool.name));
        let scope = private("Scope", at);
        quote!(#scope { params: #params, pools: (#(#pools,)*) })
    }

    /// `Scope<(A, B,), (Pool<u8>,)>`
    pub(super) fn type_of(&self) -> TokenStream {
        let scope = private("Scope", Span::mixed_site());
        let (params, pools) = (self.params_type(), self.pools_type(|at| private("Pool", at)));
        quote!(#scope<#params, #pools>)
    }

    /// `(Pool<u8>,)`
    pub(super) fn pools_type<Path: ToTokens>(&self, path: impl Fn(Span) -> Path) -> TokenStream {
        let pools = self.declaration.pools.iter().map(|Pool { item, .. }| {
            let at = At::of(item).ours();
            let pool = path(at);
            quote_spanned!(at=> #pool<#item>)
        });
        quote!((#(#pools,)*))
    }

    /// `(A, B,)`
    pub(super) fn params_type(&self) -> TokenStream {
        let types = self.declaration.header.params.iter().map(|param| &param.ty);
        quote!((#(#types,)*))
    }

    /// `(a, b,)`
    pub(super) fn params_pattern(&self) -> TokenStream {
        let params = self.declaration.header.params.iter().map(|param| &param.name);
        quote!((#(#params,)*))
    }

    /// Binds the parameters to what they are: their values, or the locals of their names. Gives the tuple of them,
    /// each at its type: there it is said when one is no message.
    pub(super) fn params_value(&self) -> (TokenStream, TokenStream) {
        let params = &self.declaration.header.params;
        let values = params.iter().map(|param| match &param.value {
            Some(value) => value.tokens.clone(),
            None => param.name.to_token_stream(),
        });
        let variables = || {
            params.iter().enumerate().map(|(number, param)| {
                let at = At::of(param.ty.to_token_stream()).ours();
                variable(&format!("param{number}"), at)
            })
        };
        let (bound, used, types) = (variables(), variables(), self.params_type());
        let site = Span::mixed_site();
        (quote!(let (#(#bound,)*): #types = (#(#values,)*);), quote_spanned!(site=> (#(#used,)*)))
    }
}
