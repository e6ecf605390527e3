//! The bounds that an impl adds, as the derives of the standard library do: `T: Message` for each type parameter that
//! a field holds, and `T::Item: Message` for each projection. A parameter that only a `PhantomData` names need not be
//! a message.

use super::types::{last_segment, parts};
use quote::ToTokens;
use syn::{Generics, Ident, Path, Type, WherePredicate, parse_quote};

/// The type's generics with the bounds that make it a message.
pub(super) fn bounded<'a>(
    generics: &Generics,
    fields: impl Iterator<Item = &'a Type>,
    conveyor: &Path,
) -> Generics {
    let mut held = Held {
        params: generics.type_params().map(|param| (param.ident.clone(), false)).collect(),
        projections: Vec::new(),
    };
    fields.for_each(|ty| held.collect(&mut ty.clone()));

    let params = held.params.into_iter().map(|(param, held)| -> WherePredicate {
        if held {
            parse_quote!(#param: #conveyor::Message)
        } else {
            parse_quote!(#param: ::core::marker::Send + 'static)
        }
    });
    let projections =
        held.projections.into_iter().map(|ty| -> WherePredicate { parse_quote!(#ty: #conveyor::Message) });
    let mut generics = generics.clone();
    generics.make_where_clause().predicates.extend(params.chain(projections));
    generics
}

struct Held {
    params: Vec<(Ident, bool)>,
    projections: Vec<Type>,
}

impl Held {
    fn collect(&mut self, ty: &mut Type) {
        if last_segment(ty).is_some_and(|last| last == "PhantomData") {
            return;
        }
        if let Type::Path(path) = ty
            && let Some(first) = path.path.segments.first()
        {
            let param = self.params.iter_mut().find(|(param, _)| *param == first.ident);
            match param {
                Some((_, held)) if path.path.segments.len() == 1 => *held = true,
                Some(_) => return self.projections.push(ty.clone()),
                None if path.qself.is_some() => return self.project(ty),
                None => {}
            }
        }
        parts(ty).into_iter().for_each(|part| self.collect(part));
    }

    /// `<T as Trait>::Item`: a bound only helps, and is only allowed, where a parameter is named.
    fn project(&mut self, ty: &Type) {
        let tokens = ty.to_token_stream().to_string();
        let names_a_param = |(param, _): &(Ident, bool)| {
            tokens.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| *param == word)
        };
        if self.params.iter().any(names_a_param) {
            self.projections.push(ty.clone());
        }
    }
}
