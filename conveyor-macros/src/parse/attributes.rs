//! `#![allow(implicit_pipe)]`, `#![init = path]`: they stand in front of everything else.

use super::ended;
use crate::ast::Declaration;
use crate::at::At;
use crate::diagnostics::Diagnostics;
use proc_macro2::{TokenStream, TokenTree};
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Expr, Meta};

/// Takes the inner attributes off; gives the rest.
pub(super) fn strip(
    tokens: TokenStream,
    declaration: &mut Declaration,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let (whole, end) = (tokens.clone(), tokens.clone().into_iter().last());
    let parse = |input: ParseStream<'_>| Ok((Attribute::parse_inner(input)?, input.parse()?));
    let (attributes, rest): (Vec<Attribute>, TokenStream) = match parse.parse2(tokens) {
        Ok(parts) => parts,
        Err(error) => {
            diagnostics.syntax(ended(error, At::of(end)));
            return behind(whole);
        }
    };
    for attribute in attributes {
        if let Err(error) = apply(&attribute.meta, declaration) {
            diagnostics.syntax(error);
        }
    }
    rest
}

/// What stands behind attributes that have been reported.
fn behind(tokens: TokenStream) -> TokenStream {
    let mut tokens = tokens.into_iter().peekable();
    let is =
        |token: &TokenTree, sign: char| matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign);
    while tokens.next_if(|token| is(token, '#')).is_some() {
        tokens.next_if(|token| is(token, '!'));
        tokens.next_if(|token| matches!(token, TokenTree::Group(_)));
    }
    tokens.collect()
}

fn apply(meta: &Meta, declaration: &mut Declaration) -> syn::Result<()> {
    match meta {
        Meta::List(list) if list.path.is_ident("allow") && list.tokens.to_string() == "implicit_pipe" => {
            declaration.allows_implicit_pipe = true;
            Ok(())
        }
        Meta::NameValue(pair) if pair.path.is_ident("init") => match &pair.value {
            Expr::Path(path) => {
                declaration.init = Some(path.path.clone());
                Ok(())
            }
            other => Err(syn::Error::new_spanned(
                other,
                "`init` names a function: `#![init = path::to::function]`",
            )),
        },
        other => Err(syn::Error::new_spanned(
            At::of(other),
            "unknown attribute; known here are `#![allow(implicit_pipe)]` and `#![init = path]`",
        )),
    }
}
