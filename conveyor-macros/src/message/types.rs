//! Looking into types, as far as syntax tells.

use syn::{GenericArgument, Ident, PathArguments, Type};

/// The type, or a part of it, is `name`, `name<...>` or `self::name`. A longer path may lead to another type of the
/// same name.
pub(super) fn mentions(ty: &Type, name: &Ident) -> bool {
    find(&mut ty.clone(), &mut |part| is(part, name))
}

/// The parameter stands somewhere in the type, be it only in front of `::Item`.
pub(super) fn mentions_param(ty: &Type, param: &Ident) -> bool {
    let starts_with_it = |part: &Type| match part {
        Type::Path(part) => part.path.segments.first().is_some_and(|first| first.ident == *param),
        _ => false,
    };
    find(&mut ty.clone(), &mut |part| starts_with_it(part))
}

/// The type with `replacement` in place of every type of this name.
pub(super) fn replace(ty: &Type, name: &Ident, replacement: &Type) -> Type {
    let mut ty = ty.clone();
    find(&mut ty, &mut |part| {
        if is(part, name) {
            *part = replacement.clone();
        }
        false
    });
    ty
}

fn is(ty: &Type, name: &Ident) -> bool {
    let Type::Path(path) = ty else { return false };
    let mut segments = path.path.segments.iter().rev();
    path.qself.is_none()
        && path.path.leading_colon.is_none()
        && segments.next().is_some_and(|last| last.ident == *name)
        && segments.next().is_none_or(|first| first.ident == "self")
        && segments.next().is_none()
}

/// Shows the type and then its parts, until one of them is what is looked for.
fn find(ty: &mut Type, found: &mut impl FnMut(&mut Type) -> bool) -> bool {
    found(ty) || parts(ty).into_iter().any(|part| find(part, found))
}

fn parts(ty: &mut Type) -> Vec<&mut Type> {
    match ty {
        Type::Array(array) => vec![&mut *array.elem],
        Type::Group(group) => vec![&mut *group.elem],
        Type::Paren(paren) => vec![&mut *paren.elem],
        Type::Slice(slice) => vec![&mut *slice.elem],
        Type::Tuple(tuple) => tuple.elems.iter_mut().collect(),
        Type::Path(path) => {
            let arguments =
                path.path.segments.iter_mut().filter_map(|segment| match &mut segment.arguments {
                    PathArguments::AngleBracketed(arguments) => Some(&mut arguments.args),
                    _ => None,
                });
            let types = arguments.flatten().filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            });
            types.chain(path.qself.as_mut().map(|own| &mut *own.ty)).collect()
        }
        _ => Vec::new(),
    }
}
