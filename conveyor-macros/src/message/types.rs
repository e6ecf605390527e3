//! Looking into types, as far as syntax tells.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, Ident, PathArguments, Type};

/// The name occurs somewhere in the type.
pub(super) fn mentions(ty: &Type, name: &Ident) -> bool {
    occurs(ty.to_token_stream(), name)
}

fn occurs(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => occurs(group.stream(), name),
        _ => false,
    })
}

/// The type with `replacement` in place of every type of this name.
pub(super) fn replace(ty: &Type, name: &Ident, replacement: &Type) -> Type {
    let mut ty = ty.clone();
    replace_in(&mut ty, name, replacement);
    ty
}

fn replace_in(ty: &mut Type, name: &Ident, replacement: &Type) {
    if last_segment(ty).is_some_and(|last| last == name) {
        *ty = replacement.clone();
    } else {
        parts(ty).into_iter().for_each(|part| replace_in(part, name, replacement));
    }
}

/// The last name of a path: `Vec` of `std::vec::Vec<u8>`.
fn last_segment(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| &segment.ident),
        _ => None,
    }
}

/// The types that a type is made of.
fn parts(ty: &mut Type) -> Vec<&mut Type> {
    match ty {
        Type::Array(array) => vec![&mut *array.elem],
        Type::Group(group) => vec![&mut *group.elem],
        Type::Paren(paren) => vec![&mut *paren.elem],
        Type::Slice(slice) => vec![&mut *slice.elem],
        Type::Tuple(tuple) => tuple.elems.iter_mut().collect(),
        Type::Path(path) => path
            .path
            .segments
            .iter_mut()
            .filter_map(|segment| match &mut segment.arguments {
                PathArguments::AngleBracketed(arguments) => Some(&mut arguments.args),
                _ => None,
            })
            .flatten()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}
