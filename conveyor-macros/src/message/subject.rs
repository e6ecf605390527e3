//! The type that is made a message, as the rest of the derive sees it: a list of variants, of which a struct has one.

use super::attributes::{self, TypeOptions};
use super::{bounds, types};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Generics, Ident, Index, Member, Path, Type, Visibility, parse_quote};

pub(super) struct Subject {
    pub(super) ident: Ident,
    pub(super) vis: Visibility,
    pub(super) conveyor: Path,
    pub(super) view: Ident,
    pub(super) plain: bool,
    pub(super) is_enum: bool,
    /// With the bounds that make it a message.
    pub(super) generics: Generics,
    /// With those bounds that depend on a parameter.
    pub(super) open: Generics,
    /// Never empty.
    pub(super) variants: Vec<Variant>,
}

pub(super) struct Variant {
    /// `None` for a struct.
    pub(super) name: Option<Ident>,
    pub(super) style: Style,
    pub(super) fields: Vec<Field>,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Style {
    Named,
    Tuple,
    Unit,
}

pub(super) struct Field {
    pub(super) member: Member,
    /// What a pattern binds it to.
    pub(super) binding: Ident,
    pub(super) vis: Visibility,
    pub(super) ty: Type,
    /// Its type leads back to this one, as far as syntax or the user tells.
    pub(super) recursive: Recursive,
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Recursive {
    No,
    /// It names this type.
    Seen,
    /// `#[message(recursive)]`: through a type that the derive does not see.
    Declared,
}

impl Subject {
    pub(super) fn parse(input: &DeriveInput) -> syn::Result<Subject> {
        let options = TypeOptions::parse(&input.attrs)?;
        if let Some(lifetime) = input.generics.lifetimes().next() {
            return Err(Error::new(
                lifetime.span(),
                "a message crosses processes, so it cannot borrow: own the data, and take it as `Ref<...>` where it is \
                 only looked at",
            ));
        }
        let (is_enum, variants) = match &input.data {
            Data::Struct(data) => (false, vec![Variant::parse(None, &data.fields, input)?]),
            Data::Enum(data) => (true, enum_variants(data, input)?),
            Data::Union(data) => {
                return Err(Error::new(
                    data.union_token.span,
                    "a union does not say which of its fields is valid, so it cannot be a message: use an enum",
                ));
            }
        };
        if let Some(plain) = &options.plain {
            refuse_plain(input, is_enum, plain)?;
        }
        let fields = || variants.iter().flat_map(|variant| &variant.fields);
        let open = fields().filter(|field| !bounds::is_concrete(&field.ty, &input.generics));
        Ok(Subject {
            generics: bounds::bounded(&input.generics, fields(), &options.conveyor),
            open: bounds::bounded(&input.generics, open, &options.conveyor),
            ident: input.ident.clone(),
            vis: input.vis.clone(),
            view: options.view.unwrap_or_else(|| format_ident!("{}View", input.ident)),
            conveyor: options.conveyor,
            plain: options.plain.is_some(),
            is_enum,
            variants,
        })
    }

    pub(super) fn fields(&self) -> impl Iterator<Item = &Field> {
        self.variants.iter().flat_map(|variant| &variant.fields)
    }

    /// Without fields there is nothing to borrow: the view is the type itself.
    pub(super) fn is_its_own_view(&self) -> bool {
        self.fields().next().is_none()
    }

    /// `<Type as Message>`, so that every complaint stands at the field's type.
    pub(super) fn as_message(&self, ty: &Type) -> TokenStream {
        let message = bounds::message_at(&self.conveyor, ty.span());
        quote_spanned!(ty.span()=> <#ty as #message>)
    }
}

fn enum_variants(data: &syn::DataEnum, of: &DeriveInput) -> syn::Result<Vec<Variant>> {
    if data.variants.is_empty() {
        return Err(Error::new(of.ident.span(), "an enum without variants has no value that could be sent"));
    }
    let parse = |variant: &syn::Variant| {
        attributes::refuse(&variant.attrs)?;
        Variant::parse(Some(variant.ident.clone()), &variant.fields, of)
    };
    data.variants.iter().map(parse).collect()
}

fn refuse_plain(input: &DeriveInput, is_enum: bool, plain: &Path) -> syn::Result<()> {
    let complaint = if is_enum {
        "an enum is not plain, because not every bit pattern is one of its variants: remove `plain`"
    } else if !input.generics.params.is_empty() {
        "a plain message cannot be generic, because its padding is checked where it is declared: remove `plain`"
    } else if !attributes::has_stable_layout(&input.attrs)? {
        "a plain message needs a layout that is promised: add `#[repr(C)]`"
    } else {
        return Ok(());
    };
    Err(Error::new(plain.span(), complaint))
}

impl Variant {
    fn parse(name: Option<Ident>, fields: &syn::Fields, of: &DeriveInput) -> syn::Result<Variant> {
        let style = match fields {
            syn::Fields::Named(_) => Style::Named,
            syn::Fields::Unnamed(_) => Style::Tuple,
            syn::Fields::Unit => Style::Unit,
        };
        let fields = fields.iter().enumerate().map(|(index, field)| Field::parse(index, field, of));
        Ok(Variant { name, style, fields: fields.collect::<syn::Result<_>>()? })
    }

    /// `Type` or `Type::Variant`.
    pub(super) fn path(&self, of: &Ident) -> TokenStream {
        match &self.name {
            Some(name) => quote!(#of::#name),
            None => quote!(#of),
        }
    }

    /// Binds every field by reference.
    pub(super) fn pattern(&self, of: &Ident) -> TokenStream {
        let bound = self.fields.iter().map(|Field { member, binding, .. }| quote!(#member: #binding));
        let path = self.path(of);
        quote!(#path { #(#bound),* })
    }

    /// A value, with an expression for every field.
    pub(super) fn value(&self, of: &Ident, field: impl Fn(&Field) -> TokenStream) -> TokenStream {
        let values = self.fields.iter().map(|it| {
            let (member, value) = (&it.member, field(it));
            quote!(#member: #value)
        });
        let path = self.path(of);
        quote!(#path { #(#values),* })
    }
}

impl Field {
    fn parse(index: usize, field: &syn::Field, of: &DeriveInput) -> syn::Result<Field> {
        // The view holds these types too, and there `Self` would be the view.
        let (ident, (_, ty_generics, _)) = (&of.ident, of.generics.split_for_impl());
        let ty = types::replace(&field.ty, &format_ident!("Self"), &parse_quote!(#ident #ty_generics));
        let recursive = if attributes::is_recursive(&field.attrs)? {
            Recursive::Declared
        } else if types::mentions(&ty, ident) {
            Recursive::Seen
        } else {
            Recursive::No
        };
        Ok(Field {
            member: field.ident.clone().map_or_else(|| Member::Unnamed(Index::from(index)), Member::Named),
            binding: format_ident!("field{index}"),
            vis: field.vis.clone(),
            ty,
            recursive,
        })
    }
}
