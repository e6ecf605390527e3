//! What stands in for a declaration with errors: just enough that rustc adds none of its own. In an editor it keeps all
//! user code and all names, so that completion goes on.

use super::named::stub;
use super::paths::Paths;
use super::scope::Scope;
use crate::ast::{Chain, Code, Declaration, Element, ElementKind, Header, Inner};
use crate::diagnostics::Diagnostics;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::Path;

/// The errors, and a value or an item of the right type.
pub(crate) fn fallback(
    declaration: &Declaration,
    paths: &Paths,
    diagnostics: &Diagnostics,
    in_editor: bool,
) -> TokenStream {
    let kept = if in_editor { kept(declaration, paths) } else { TokenStream::new() };
    let errors = diagnostics.errors();
    match &declaration.header.name {
        Some(name) => item(declaration, name, paths, kept, errors),
        // The last error is the value: its type agrees with everything.
        None => quote!({ #kept #(#errors)* }),
    }
}

fn item(
    declaration: &Declaration,
    name: &Ident,
    paths: &Paths,
    kept: TokenStream,
    errors: Vec<TokenStream>,
) -> TokenStream {
    let Header { visibility, attributes, params, types, .. } = &declaration.header;
    let named = stub(paths, declaration, name);
    let [pipeline, graph] = ["Pipeline", "Graph"].map(|item| paths.public(item));
    let arguments = params.iter().map(|param| {
        let (name, ty) = (&param.name, &param.ty);
        quote!(#name: #ty)
    });
    let names = params.iter().map(|param| &param.name);
    let made = match types {
        Some((takes, gives)) => quote!(#pipeline<#takes, #gives>),
        // Only an item with closed ends may leave them out.
        None => quote!(#pipeline<(), ()>),
    };
    quote! {
        #(#attributes)*
        #visibility struct #name;
        impl #name {
            #visibility fn pipeline(#(#arguments),*) -> #made {
                let _ = (#(&#names,)*);
                #kept
                loop {}
            }
            #visibility fn graph() -> #graph {
                loop {}
            }
        }
        #named
        #(#errors)*
    }
}

/// Each piece of user code once, in source order; then the names, and each use of one.
fn kept(declaration: &Declaration, paths: &Paths) -> TokenStream {
    let mut found = Found::default();
    for named in &declaration.named {
        found.element(&named.element);
    }
    for chain in &declaration.chains {
        found.chain(chain);
    }
    found.codes.sort_by_key(|(number, _)| *number);
    let scope = Scope::of(declaration);
    let (import, pattern, scope_type) = (paths.import(), scope.pattern(Span::mixed_site()), scope.type_of());
    let codes = found
        .codes
        .iter()
        .map(|(_, tokens)| quote!(let _ = |#pattern: &#scope_type| ::core::result::Result::Ok(#tokens);));
    let names = declaration.named.iter().map(|named| &named.name);
    let (paths, uses) = (&found.paths, &found.uses);
    quote! {
        #import
        #(#codes)*
        #(let _ = ::core::marker::PhantomData::<#paths>;)*
        #(let #names = ();)*
        #(let _ = #uses;)*
    }
}

#[derive(Default)]
struct Found<'a> {
    /// With their numbers.
    codes: Vec<(usize, TokenStream)>,
    /// Of pipelines.
    paths: Vec<&'a Path>,
    uses: Vec<&'a Ident>,
}

impl<'a> Found<'a> {
    fn chain(&mut self, chain: &'a Chain) {
        for link in &chain.links {
            self.element(&link.element);
        }
    }

    fn element(&mut self, element: &'a Element) {
        match &element.kind {
            ElementKind::Use(name) => self.uses.push(name),
            ElementKind::Stage(_, Code { number, tokens, .. }) => self.codes.push((*number, tokens.clone())),
            ElementKind::Pipeline(Inner { path, arguments: Code { number, tokens, .. } }) => {
                self.paths.push(path);
                self.codes.push((*number, quote!((#tokens))));
            }
            ElementKind::Fork { branches, .. } => branches.iter().for_each(|branch| self.chain(branch)),
            ElementKind::Pipe { .. } | ElementKind::Join(_) => {}
        }
    }
}
