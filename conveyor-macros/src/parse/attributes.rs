//! `#![allow(implicit_pipe)]`, `#![init = path]`: they stand in front of everything else.

use crate::ast::Declaration;
use crate::at::At;
use crate::diagnostics::Diagnostics;
use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Expr, Meta};

/// Takes the inner attributes off; gives the rest.
pub(super) fn strip(
    tokens: TokenStream,
    declaration: &mut Declaration,
    diagnostics: &mut Diagnostics,
) -> TokenStream {
    let whole = tokens.clone();
    let parse = |input: ParseStream<'_>| Ok((Attribute::parse_inner(input)?, input.parse()?));
    let (attributes, rest): (Vec<Attribute>, TokenStream) = match parse.parse2(tokens) {
        Ok(parts) => parts,
        Err(error) => {
            diagnostics.syntax(error);
            return whole;
        }
    };
    for attribute in attributes {
        if let Err(error) = apply(&attribute.meta, declaration) {
            diagnostics.syntax(error);
        }
    }
    rest
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
