//! The closure that evaluates capacities, counts and options in the caller.

use super::paths::{private, variable};
use super::plan::Plan;
use crate::ast::{Choice, Code, Count, Policy};
use crate::graph::Kind;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use std::collections::HashSet;

/// `|(a, b): &(A, B), settings: &mut Settings| { settings.capacity(1, *a); .. }`
pub(super) fn settings(plan: &Plan<'_, '_>) -> TokenStream {
    let site = Span::mixed_site();
    let settings_type = private("Settings", site);
    let (pattern, types) = (plan.scope.params_pattern(), plan.scope.params_type());
    let mut writer = Writer {
        settings: variable("settings", site),
        evaluated: HashSet::new(),
        body: TokenStream::new(),
        first: None,
    };
    for node in &plan.sorted {
        let number = plan.number(*node);
        let about = plan.graph.node(*node);
        match about.kind {
            Kind::Pipe(Some(capacity)) => writer.set("capacity", number, capacity),
            Kind::Fork(Policy::Workers(Count::Fixed(count))) => writer.set("width", number, count),
            Kind::Fork(Policy::Workers(Count::Auto)) => writer.width_auto(number, about.options),
            _ => {}
        }
        for option in about.options {
            writer.option(number, option);
        }
    }
    for (number, pool) in (0u32..).zip(&plan.declaration.pools) {
        let (chunks, elements) = (writer.value(&pool.chunks), writer.value(&pool.elements));
        let settings = &writer.settings;
        let call = quote_spanned!(pool.chunks.at.ours()=> #settings.pool(#number, #chunks, #elements););
        writer.body.extend(call);
    }
    let Writer { settings, body, first, .. } = writer;
    let at = first.unwrap_or(site);
    if plan.in_editor {
        // It captures the parameters, so it is no `fn`.
        return quote!({ let _ = |#settings: &mut #settings_type| { #body }; |_: &_, _: &mut _| {} });
    }
    // The type in front lets rustc show what is captured, without a word about our own call.
    let closure = variable("closure", at);
    quote_spanned! {at=>
        {
            let #closure: fn(&_, &mut _) =
                |#[allow(unused_variables)] #pattern: &#types, #[allow(unused_variables)] #settings: &mut #settings_type| {
                    #body
                };
            #closure
        }
    }
}

struct Writer {
    settings: Ident,
    /// Pieces of code that are in a variable already: a pipe behind several branches is written once.
    evaluated: HashSet<usize>,
    body: TokenStream,
    /// Where the first of them stands.
    first: Option<Span>,
}

impl Writer {
    fn set(&mut self, method: &str, number: u32, code: &Code) {
        let (settings, value) = (self.settings.clone(), self.value(code));
        let at = code.at.ours();
        let method = Ident::new(method, at);
        self.body.extend(quote_spanned!(at=> #settings.#method(#number, #value);));
    }

    /// Evaluates a piece of code once, and gives the variable it is in.
    fn value(&mut self, code: &Code) -> Ident {
        let at = code.at.ours();
        let value = variable(&format!("value{}", code.number), at);
        self.first.get_or_insert(at);
        if self.evaluated.insert(code.number) {
            let tokens = &code.tokens;
            self.body.extend(quote_spanned!(at=> let #value = #tokens;));
        }
        value
    }

    fn width_auto(&mut self, number: u32, options: &[Choice]) {
        let max = options.iter().find(|option| option.name == "max").and_then(|option| option.value.as_ref());
        let max = match max {
            Some(code) => {
                let value = self.value(code);
                quote!(::core::option::Option::Some(#value))
            }
            None => quote!(::core::option::Option::<usize>::None),
        };
        let settings = &self.settings;
        self.body.extend(quote!(#settings.width_auto(#number, #max);));
    }

    fn option(&mut self, number: u32, option: &Choice) {
        match (option.name.to_string().as_str(), &option.value) {
            ("limit_bytes", Some(code)) => self.set("limit_bytes", number, code),
            ("stdin", Some(code)) => self.set("stdin", number, code),
            ("stdin", None) => {
                let settings = &self.settings;
                self.body.extend(quote!(#settings.stdin(#number, true);));
            }
            _ => {}
        }
    }
}
