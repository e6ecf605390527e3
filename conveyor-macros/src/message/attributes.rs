//! The attribute `#[message(...)]`.

use syn::meta::ParseNestedMeta;
use syn::{Attribute, Ident, Path, parse_quote};

/// What stands above a type.
pub(super) struct TypeOptions {
    /// `crate = path`: where the crate conveyor is found.
    pub(super) conveyor: Path,
    /// `view = Name`: how the view is called.
    pub(super) view: Option<Ident>,
    /// `plain`: the value itself travels.
    pub(super) plain: Option<Path>,
}

impl Default for TypeOptions {
    fn default() -> Self {
        TypeOptions { conveyor: parse_quote!(::conveyor), view: None, plain: None }
    }
}

impl TypeOptions {
    pub(super) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut options = TypeOptions::default();
        each_option(attributes, |option| {
            if option.path.is_ident("crate") {
                options.conveyor = option.value()?.call(Path::parse_mod_style)?;
            } else if option.path.is_ident("view") {
                options.view = Some(option.value()?.parse()?);
            } else if option.path.is_ident("plain") {
                options.plain = Some(option.path);
            } else {
                return Err(option.error("unknown option: write `crate = path`, `view = Name` or `plain`"));
            }
            Ok(())
        })?;
        Ok(options)
    }
}

/// `#[message(recursive)]` above a field: its type leads back to this one.
pub(super) fn is_recursive(attributes: &[Attribute]) -> syn::Result<bool> {
    let mut recursive = false;
    each_option(attributes, |option| {
        if !option.path.is_ident("recursive") {
            return Err(option.error("unknown option: a field takes only `recursive`"));
        }
        recursive = true;
        Ok(())
    })?;
    Ok(recursive)
}

/// A variant takes no options.
pub(super) fn refuse(attributes: &[Attribute]) -> syn::Result<()> {
    each_option(attributes, |option| Err(option.error("a variant takes no options")))
}

/// The representation promises the order of the fields.
pub(super) fn has_stable_layout(attributes: &[Attribute]) -> syn::Result<bool> {
    let mut stable = false;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("repr")) {
        attribute.parse_nested_meta(|option| {
            stable |= option.path.is_ident("C") || option.path.is_ident("transparent");
            if option.input.peek(syn::token::Paren) {
                let content;
                syn::parenthesized!(content in option.input);
                content.parse::<proc_macro2::TokenStream>()?;
            }
            Ok(())
        })?;
    }
    Ok(stable)
}

fn each_option(
    attributes: &[Attribute],
    mut accept: impl FnMut(ParseNestedMeta<'_>) -> syn::Result<()>,
) -> syn::Result<()> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("message"))
        .try_for_each(|attribute| attribute.parse_nested_meta(&mut accept))
}
