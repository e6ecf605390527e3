//! What user code sees by name: the parameters and the pools.

use super::paths::Paths;
use crate::ast::Declaration;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote};

pub(super) struct Scope<'a> {
    declaration: &'a Declaration,
}

impl<'a> Scope<'a> {
    pub(super) fn of(declaration: &'a Declaration) -> Scope<'a> {
        Scope { declaration }
    }

    /// `Scope { params: (a, b,), pools: (frames,) }`, as an argument of a closure.
    pub(super) fn pattern(&self, paths: &Paths, at: Span) -> TokenStream {
        let params = self.params_pattern();
        let pools = self.declaration.pools.iter().map(|pool| &pool.name);
        let scope = paths.private("Scope", at);
        quote!(#[allow(unused_variables)] #scope { params: #params, pools: (#(#pools,)*) })
    }

    /// `Scope<(A, B,), (Pool<u8>,)>`
    pub(super) fn type_of(&self, paths: &Paths) -> TokenStream {
        let [scope, pool] = ["Scope", "Pool"].map(|item| paths.private(item, Span::mixed_site()));
        let params = self.params_type();
        let pools = self.declaration.pools.iter().map(|pool| &pool.item);
        quote!(#scope<#params, (#(#pool<#pools>,)*)>)
    }

    /// `(a, b,)`
    pub(super) fn params_pattern(&self) -> TokenStream {
        let params = self.declaration.header.params.iter().map(|param| &param.name);
        quote!((#(#params,)*))
    }

    /// `(A, B,)`
    pub(super) fn params_type(&self) -> TokenStream {
        let types = self.declaration.header.params.iter().map(|param| &param.ty);
        quote!((#(#types,)*))
    }

    /// What the parameters are: their values, or the locals of their names.
    pub(super) fn params_value(&self) -> TokenStream {
        let values = self.declaration.header.params.iter().map(|param| match &param.value {
            Some(value) => value.tokens.clone(),
            None => param.name.to_token_stream(),
        });
        quote!((#(#values,)*))
    }
}
