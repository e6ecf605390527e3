//! A pipeline with a name has no type parameters: each of its workers finds it as one static item.
//!
//! Whether a name is one only rustc knows; but a type of one capital letter hardly is anything else.

use crate::ast::{Declaration, Header};
use crate::at::At;
use crate::diagnostics::Diagnostics;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;

pub(super) fn check(declaration: &Declaration, diagnostics: &mut Diagnostics) {
    for parameter in type_parameters(&declaration.header) {
        let text = format!(
            "a pipeline with a name has no type parameters: write a type in place of `{parameter}`, or `self::{parameter}` \
             if that is one; a pipeline without a name may use those of the function around it"
        );
        diagnostics.error(At::of(&parameter), text);
    }
}

/// What seems to be a type parameter in the header of a pipeline with a name, each where it stands first.
pub(crate) fn type_parameters(header: &Header) -> Vec<Ident> {
    let mut found = Vec::new();
    if header.name.is_some() {
        let ends = header.types.iter().flat_map(|(takes, gives)| [takes, gives]);
        for ty in ends.chain(header.params.iter().map(|param| &param.ty)) {
            collect(ty.to_token_stream(), &mut found);
        }
    }
    found
}

fn collect(ty: TokenStream, found: &mut Vec<Ident>) {
    let mut behind_a_path = false;
    for token in ty {
        match token {
            TokenTree::Group(group) => collect(group.stream(), found),
            TokenTree::Ident(name) if !behind_a_path && is_like_one(&name) && !found.contains(&name) => {
                found.push(name);
            }
            TokenTree::Punct(punct) => {
                behind_a_path = punct.as_char() == ':';
                continue;
            }
            _ => {}
        }
        behind_a_path = false;
    }
}

fn is_like_one(name: &Ident) -> bool {
    let name = name.to_string();
    name.len() == 1 && name.starts_with(|letter: char| letter.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use crate::testing::says;

    #[test]
    fn each_letter_is_said_once() {
        says(
            "Name<T -> Vec<T>>(by: U, rest: [T; 3]);\nprocessor(f(by, rest));",
            &[
                "1:6 a pipeline with a name has no type parameters: write a type in place of `T`",
                "1:23 a pipeline with a name has no type parameters: write a type in place of `U`",
            ],
        );
    }

    #[test]
    fn what_is_no_type_parameter() {
        says("<T -> T>;\nprocessor(f);", &[]);
        says("Name<self::T -> Tag>;\nprocessor(f);", &[]);
    }
}
