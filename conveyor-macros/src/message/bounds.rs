//! The bounds that an impl adds: the type of each field is a message.
//!
//! They stand there for types that mention no parameter, too: inside the impl such a bound counts as true, so of a field
//! that is no message nothing is said there. That is said once, by [`super::derived`], at its type.

use super::subject::{Field, Recursive};
use super::types;
use crate::user::holds;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{GenericParam, Generics, Ident, Path, Type, parse_quote};

/// The type's generics with the bounds that make it a message, as far as these fields are concerned.
pub(super) fn bounded<'a>(
    generics: &Generics,
    fields: impl Iterator<Item = &'a Field>,
    conveyor: &Path,
) -> Generics {
    let mut bounded = generics.clone();
    let predicates = &mut bounded.make_where_clause().predicates;
    for Field { ty, recursive, .. } in fields {
        if *recursive == Recursive::No && is_concrete(ty, generics) {
            predicates.push(parse_quote!(for<'part> #ty: #conveyor::message::Part<'part>));
        } else if *recursive == Recursive::No {
            // From the type's first token to its last, so that all of it is underlined.
            let last =
                ty.to_token_stream().into_iter().last().map_or_else(|| ty.span(), |token| token.span());
            let message = message_at(conveyor, last);
            predicates.push(parse_quote!(#ty: #message));
        } else {
            // A bound on the field would be proved by itself.
            let params = generics
                .type_params()
                .map(|param| &param.ident)
                .filter(|param| types::mentions_param(ty, param));
            predicates.extend(
                params.map(|param| -> syn::WherePredicate { parse_quote!(#param: #conveyor::Message) }),
            );
        }
    }
    bounded
}

/// Is it one type, whatever the parameters are?
pub(super) fn is_concrete(ty: &Type, generics: &Generics) -> bool {
    let names: Vec<&Ident> = generics
        .params
        .iter()
        .filter_map(|param| match param {
            GenericParam::Type(param) => Some(&param.ident),
            GenericParam::Const(param) => Some(&param.ident),
            GenericParam::Lifetime(_) => None,
        })
        .collect();
    !holds(ty.to_token_stream(), &|token| matches!(token, TokenTree::Ident(word) if names.contains(&word)))
}

/// The trait, as if it were written at `span`.
pub(super) fn message_at(conveyor: &Path, span: Span) -> TokenStream {
    let conveyor = conveyor.to_token_stream().into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    let conveyor: TokenStream = conveyor.collect();
    quote_spanned!(span=> #conveyor::Message)
}
