//! What stands in for a declaration with errors: just enough that rustc adds none of its own. In an editor it keeps all
//! user code and all names, so that completion goes on.

use super::paths::Paths;
use super::scope::Scope;
use crate::ast::{Chain, Code, Declaration, Element, ElementKind, Header};
use crate::diagnostics::Diagnostics;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

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
        Some(name) => item(&declaration.header, name, paths, kept, errors),
        // The last error is the value: its type agrees with everything.
        None => quote!({ #kept #(#errors)* }),
    }
}

fn item(
    header: &Header,
    name: &Ident,
    paths: &Paths,
    kept: TokenStream,
    errors: Vec<TokenStream>,
) -> TokenStream {
    let Header { visibility, attributes, params, types, .. } = header;
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
    found.codes.sort_by_key(|code| code.number);
    let scope = Scope::of(declaration);
    let (import, pattern, scope_type) = (paths.import(), scope.pattern(Span::mixed_site()), scope.type_of());
    let codes = found.codes.iter().map(|code| {
        let tokens = &code.tokens;
        quote!(let _ = |#pattern: &#scope_type| ::core::result::Result::Ok(#tokens);)
    });
    let names = declaration.named.iter().map(|named| &named.name);
    let uses = &found.uses;
    quote!(#import #(#codes)* #(let #names = ();)* #(let _ = #uses;)*)
}

#[derive(Default)]
struct Found<'a> {
    codes: Vec<&'a Code>,
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
            ElementKind::Stage(_, code) => self.codes.push(code),
            ElementKind::Fork { branches, .. } => branches.iter().for_each(|branch| self.chain(branch)),
            ElementKind::Pipe { .. } | ElementKind::Join(_) => {}
        }
    }
}
