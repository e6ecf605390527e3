//! `#[message(plain)]`: the value itself travels. Checked where the type is declared: every field is plain, and there is
//! no padding between them.

use super::derived;
use super::subject::Subject;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

pub(super) fn expand(subject: &Subject) -> syn::Result<TokenStream> {
    let Subject { ident, conveyor, .. } = subject;
    let sizes = subject.fields().map(|field| {
        let ty = &field.ty;
        quote_spanned!(ty.span()=> size::<#ty>())
    });
    let complaint = format!(
        "`{ident}` has padding, so it is not plain: order its fields by falling alignment, fill the gap with a field \
         such as `_unused: [u8; 4]`, or remove `plain`"
    );
    let derived = derived::plain(subject);
    Ok(quote! {
        const _: () = {
            const fn size<T: #conveyor::message::Plain>() -> ::core::primitive::usize {
                ::core::mem::size_of::<T>()
            }
            ::core::assert!(::core::mem::size_of::<#ident>() == 0 #(+ #sizes)*, #complaint);
        };
        #derived
        #conveyor::__plain_message!(fields of #ident where for<'part> #conveyor::message::Copied<'part>);
    })
}
