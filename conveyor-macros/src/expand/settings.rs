//! The closure that evaluates capacities, counts and options in the caller.

use super::paths::{blamed, captures_nothing, private, variable};
use super::plan::Plan;
use crate::ast::{Choice, Code, Count, Policy};
use crate::graph::Kind;
use crate::rules::options::Said;
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
        let (chunks, elements) = (writer.value(&pool.chunks, AMOUNT), writer.value(&pool.elements, AMOUNT));
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
    let captures_nothing = captures_nothing(&quote!(#closure), at);
    quote_spanned! {at=>
        {
            let #closure =
                |#[allow(unused_variables)] #pattern: &#types, #[allow(unused_variables)] #settings: &mut #settings_type| {
                    #body
                };
            let #closure: fn(&_, &mut _) = #captures_nothing;
            #closure
        }
    }
}

/// What a value is made a setting by.
type Rule = [&'static str; 2];

const AMOUNT: Rule = ["Amount", "amount"];

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
        let rule = match method {
            "deadline" => ["Time", "time"],
            "stdin" => ["Condition", "holds"],
            _ => AMOUNT,
        };
        let (settings, value) = (self.settings.clone(), self.value(code, rule));
        let at = code.at.ours();
        let method = Ident::new(method, at);
        self.body.extend(quote_spanned!(at=> #settings.#method(#number, #value);));
    }

    /// Evaluates a piece of code once, by a rule, and gives the variable it is in.
    fn value(&mut self, code: &Code, rule: Rule) -> Ident {
        let at = code.at.ours();
        let value = variable(&format!("value{}", code.number), at);
        self.first.get_or_insert(at);
        if self.evaluated.insert(code.number) {
            let tokens = &code.tokens;
            let (evaluated, rule) = (private("evaluated", at), blamed(&rule, code.at));
            let by_the_rule = quote_spanned!(at=> let #value = #evaluated(#value).by(#rule););
            self.body.extend(quote_spanned!(at=> let #value = #tokens; #by_the_rule));
        }
        value
    }

    fn width_auto(&mut self, number: u32, options: &[Choice]) {
        let max = options.iter().find(|option| option.name == "max").and_then(|option| option.value.as_ref());
        let max = match max {
            Some(code) => {
                let value = self.value(code, AMOUNT);
                quote!(::core::option::Option::Some(#value))
            }
            None => quote!(::core::option::Option::<usize>::None),
        };
        let settings = &self.settings;
        self.body.extend(quote!(#settings.width_auto(#number, #max);));
    }

    fn option(&mut self, number: u32, option: &Choice) {
        let name = option.name.to_string();
        match (name.as_str(), &option.value) {
            // it went into the count of workers
            ("max", _) => {}
            (word @ ("when_full" | "restart" | "on_poison" | "fuse" | "policy"), Some(value)) => {
                self.word(word, number, value);
            }
            (name, Some(code)) => self.set(name, number, code),
            (name, None) => {
                let (settings, at) = (self.settings.clone(), Span::mixed_site());
                let name = Ident::new(name, at);
                self.body.extend(quote!(#settings.#name(#number, true);));
            }
        }
    }

    /// `[when_full = drop_newest]` becomes `settings.when_full(3, WhenFull::DropNewest);`, and
    /// `[restart = on_crash(n)]` becomes `settings.restart(4, Restart::on_crash(n));`.
    fn word(&mut self, name: &str, number: u32, value: &Code) {
        let Some(Said { word, count }) = Said::of(value) else { return };
        let at = value.at.ours();
        let kind = private(&camel_case(name), at);
        let chosen = match &count {
            Some(count) => {
                let (word, count_at) = (Ident::new(&word, at), count.at.ours());
                let count = self.value(count, AMOUNT);
                quote_spanned!(count_at=> #kind::#word(#count))
            }
            None => {
                let variant = Ident::new(&camel_case(&word), at);
                quote_spanned!(at=> #kind::#variant)
            }
        };
        let (settings, method) = (&self.settings, Ident::new(name, at));
        self.body.extend(quote_spanned!(at=> #settings.#method(#number, #chosen);));
        self.first.get_or_insert(at);
    }
}

/// `drop_newest` as a variant: `DropNewest`.
fn camel_case(word: &str) -> String {
    let mut parts = String::new();
    for part in word.split('_') {
        let mut letters = part.chars();
        parts.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        parts.push_str(letters.as_str());
    }
    parts
}
