//! The wiring: first the constructors, in source order; then closures and arrows along the flow; then the same recipes
//! once more as rows.
//!
//! Every piece of user code is written out exactly once.

use super::editor;
use super::ends::ends;
use super::forms::place;
use super::inner;
use super::paths::{blamed, call, in_parentheses, private, variable};
use super::plan::Plan;
use super::stage::{self, Place};
use crate::ast::{JoinKind, Policy};
use crate::at::At;
use crate::graph::Kind;
use crate::regions;
use petgraph::Direction::Incoming;
use petgraph::graph::NodeIndex;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

const FLOWS: [&str; 2] = ["FlowsInto", "flows"];
const ONE_TO_ONE: [&str; 2] = ["OneToOne", "holds"];

/// `|w: &mut Wiring<'_, Scope<(A,), ()>>| { .. ends(..) }`
pub(super) fn wiring(plan: &Plan<'_, '_>, table: &TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    let wiring = private("Wiring", site);
    let scope = plan.scope.type_of();
    let (w, body) = (variable("w", site), body(plan, table));
    // rustc calls the type of a closure by its place
    quote_spanned!(place(plan)=> |#w: &mut #wiring<'_, #scope>| #body)
}

/// `{ w.table(&__TABLE); .. ends(..) }`
pub(super) fn body(plan: &Plan<'_, '_>, table: &TokenStream) -> TokenStream {
    let site = Span::mixed_site();
    let w = variable("w", site);
    let constructors = constructors(plan);
    let flow = plan.sorted.iter().map(|node| along_the_flow(plan, *node));
    let rows = rows(plan);
    let names = plan.in_editor.then(|| editor::names_agree(plan));
    let ends = ends(plan);
    quote! {
        {
            #w.table(#table);
            #constructors
            #(#flow)*
            #rows
            #names
            #ends
        }
    }
}

/// Everything whose types do not depend on an edge.
fn constructors(plan: &Plan<'_, '_>) -> TokenStream {
    let constructors = plan.sorted.iter().filter_map(|node| match plan.graph.node(*node).kind {
        Kind::Stage(role, code) => stage::is_constructor(role, plan.form(code))
            .then(|| (code.number, stage::constructor(plan, *node, role, code))),
        Kind::Pipeline(inner) => Some((inner.arguments.number, inner::constructor(plan, *node, inner))),
        _ => None,
    });
    let mut constructors: Vec<_> = constructors.collect();
    constructors.sort_by_key(|(number, _)| *number);
    constructors.into_iter().map(|(_, constructor)| constructor).collect()
}

fn along_the_flow(plan: &Plan<'_, '_>, node: NodeIndex) -> TokenStream {
    let about = plan.graph.node(node);
    let at = plan.graph.place(node).ours();
    let (number, name, w) = (plan.number(node), plan.variable(node, at), variable("w", at));
    match about.kind {
        Kind::Stage(role, code) => {
            if stage::is_constructor(role, plan.form(code)) {
                return arrow_to(plan, node);
            }
            let place = Place { node, role, code, from: from(plan, node, code.at.ours()) };
            let (wired, knows_its_input) = stage::on_the_edge(plan, &place);
            let arrow = knows_its_input.then(|| arrow_to(plan, node));
            quote!(#wired #arrow)
        }
        Kind::Pipeline(_) => {
            let (arrow, closed) = (arrow_to(plan, node), inner::closed_ends(plan, node));
            quote!(#arrow #closed)
        }
        Kind::Relay => {
            let from = from(plan, node, at);
            quote_spanned!(at=> let #name = #w.relay(#from);)
        }
        Kind::Fork(Policy::Replicated) => {
            let from = from(plan, node, at);
            let copies = blamed(&["Copies", "copier"], about.place());
            quote_spanned!(at=> let #name = #w.replicate(#number, #from, #copies);)
        }
        Kind::Join(JoinKind::Zip) => {
            let region = region(plan, node);
            let parts = plan.graph.before(node).into_iter().map(|part| output(plan, part, at));
            quote_spanned!(at=> #region let #name = #w.zip(#number, (#(#parts,)*));)
        }
        Kind::Fork(_) | Kind::Join(_) => {
            let (from, region) = (from(plan, node, at), region(plan, node));
            let arrows = plan.graph.arrows(node, Incoming);
            let agree = arrows.iter().skip(1).map(|(part, edge)| {
                // where branches share an arrow, it does not tell which of them differs
                let is_shared = edge.link == arrows[0].1.link;
                let (rule, place) =
                    if is_shared { (["Agrees", "agrees"], last(plan, *part)) } else { (FLOWS, edge.arrow) };
                let at = place.ours();
                let (part, name) = (output(plan, *part, at), plan.variable(node, at));
                checked(&rule, part, quote!(#name), place)
            });
            quote_spanned!(at=> #region let #name = #from; #(#agree)*)
        }
        Kind::Input | Kind::Output | Kind::Pipe(_) | Kind::Unknown => TokenStream::new(),
    }
}

/// The port that the messages of a node come from, to be blamed on `at`.
fn from(plan: &Plan<'_, '_>, node: NodeIndex, at: Span) -> TokenStream {
    plan.graph.before(node).first().map_or_else(|| unknown_port(at), |before| output(plan, *before, at))
}

/// The port that the messages behind a node come from: pipes hand it on.
pub(super) fn output(plan: &Plan<'_, '_>, node: NodeIndex, at: Span) -> TokenStream {
    let name = plan.variable(node, at);
    match plan.graph.node(node).kind {
        // only messages leave it
        Kind::Stage(..) => {
            let travels = blamed(&["Travels", "travels"], producer(plan, node));
            quote_spanned!(at=> #name.node().gives(#travels))
        }
        Kind::Pipeline(_) | Kind::Relay => {
            call(&["same"], quote_spanned!(at=> #name.node().output), producer(plan, node))
        }
        Kind::Fork(_) | Kind::Join(_) => call(&["same"], quote!(#name), producer(plan, node)),
        Kind::Input => match &plan.declaration.header.types {
            Some((takes, _)) => declared_port(takes),
            None => unknown_port(at),
        },
        Kind::Pipe(_) | Kind::Output => {
            plan.graph.only_before(node).map_or_else(|| unknown_port(at), |before| output(plan, before, at))
        }
        Kind::Unknown => unknown_port(at),
    }
}

/// Of a type that has to be inferred.
fn unknown_port(at: Span) -> TokenStream {
    let port = private("port", at);
    quote_spanned!(at=> #port())
}

/// The code that a port's messages come from: it is to blame, once, when they are none.
pub(super) fn producer(plan: &Plan<'_, '_>, node: NodeIndex) -> At {
    let about = plan.graph.node(node);
    match about.kind {
        Kind::Stage(_, code) => code.at,
        Kind::Pipeline(_) => plan.graph.place(node),
        Kind::Input | Kind::Join(JoinKind::Zip) => about.place(),
        _ => plan.graph.before(node).first().map_or(about.at, |before| producer(plan, *before)),
    }
}

/// The last element of a branch that ends with this pipe.
fn last(plan: &Plan<'_, '_>, pipe: NodeIndex) -> At {
    let before = plan.graph.only_before(pipe).map(|before| plan.graph.node(before));
    match before.map(|before| (before, before.kind)) {
        Some((_, Kind::Stage(_, code))) => code.at,
        Some((before, Kind::Pipeline(_) | Kind::Join(_) | Kind::Relay)) => before.place(),
        _ => plan.graph.place(pipe),
    }
}

/// `port::<In>().checked(Travels::travels)`: the header's type, if it is one that can be taken.
pub(super) fn declared_port(ty: &Type) -> TokenStream {
    checked_port(typed_port(ty), At::of(ty))
}

/// `port::<In>()`
pub(super) fn typed_port(ty: &Type) -> TokenStream {
    let at = At::of(ty).ours();
    let port = private("port", at);
    quote_spanned!(at=> #port::<#ty>())
}

/// A port, if messages come from it: `at` is to blame if they are none.
pub(super) fn checked_port(port: TokenStream, at: At) -> TokenStream {
    let travels = blamed(&["Travels", "travels"], at);
    quote_spanned!(at.ours()=> #port.checked(#travels))
}

/// The check of the arrow that leads to a stage. The header checks the first one.
fn arrow_to(plan: &Plan<'_, '_>, node: NodeIndex) -> TokenStream {
    let Some(&(before, edge)) = plan.graph.arrows(node, Incoming).first() else { return TokenStream::new() };
    if stage::is_head(plan, node) {
        return TokenStream::new();
    }
    let at = edge.arrow.ours();
    let name = plan.variable(node, at);
    let (from, to) = (output(plan, before, at), quote_spanned!(at=> #name.node().input));
    // a fork without a name has its branches in braces, and no arrows
    let before_is = plan.graph.node(before);
    let begins_a_branch = matches!(before_is.kind, Kind::Fork(_)) && before_is.name.is_none();
    let is_pipeline = |node: NodeIndex| matches!(plan.graph.node(node).kind, Kind::Pipeline(_));
    let rule = match plan.graph.only_before(before) {
        _ if begins_a_branch => ["Begins", "begins"],
        _ if is_pipeline(node) => ["Enters", "enters"],
        Some(left) if is_pipeline(left) => ["Leaves", "leaves"],
        _ => FLOWS,
    };
    checked(&rule, from, to, edge.arrow)
}

fn checked(check: &[&str], from: TokenStream, to: TokenStream, arrow: At) -> TokenStream {
    let at = arrow.ours();
    let (between, rule) = (private("between", at), blamed(check, arrow));
    quote_spanned!(at=> #between(#from, #to).holds(#rule);)
}

/// Every element between a replicated fork and its zip is one-to-one; every pipeline between a fork and the zip or
/// ordered join that closes it lets nothing in or out.
fn region(plan: &Plan<'_, '_>, join: NodeIndex) -> TokenStream {
    let is_zip = match plan.graph.node(join).kind {
        Kind::Join(JoinKind::Zip) => true,
        Kind::Join(JoinKind::Ordered) => false,
        _ => return TokenStream::new(),
    };
    let Some(fork) = regions::closed_fork(plan.graph, join) else { return TokenStream::new() };
    let mut inside = regions::between(plan.graph, fork, join);
    inside.sort_by_key(|node| plan.number(*node));
    let check = |node: NodeIndex, place: At, rule: &[&str]| {
        let (at, rule) = (place.ours(), blamed(rule, place));
        let name = plan.variable(node, at);
        quote_spanned!(at=> #name.rate().is(#rule);)
    };
    let checks = inside.into_iter().map(|node| match plan.graph.node(node).kind {
        Kind::Stage(_, code) if is_zip => check(node, code.at, &ONE_TO_ONE),
        Kind::Pipeline(_) => {
            let at = plan.graph.place(node);
            let one_to_one = is_zip.then(|| check(node, at, &ONE_TO_ONE));
            let straight = check(node, at, &["Straight", "straight"]);
            quote!(#one_to_one #straight)
        }
        _ => TokenStream::new(),
    });
    checks.collect()
}

/// Rows by number; a stage alone needs none.
fn rows(plan: &Plan<'_, '_>) -> TokenStream {
    let mut number = 0;
    let mut rows = TokenStream::new();
    for row in &plan.rows.maximal {
        rows.extend(composed(plan, number, row, "composed"));
        number += u32::from(row.len() > 1);
    }
    for part in &plan.rows.parts {
        rows.extend(composed(plan, number, part, "fused"));
        number += 1;
    }
    rows
}

/// `w.row(0, &[2, 4], Then(At::<0, _>(e2.recipe), At::<1, _>(e4.recipe))).composed();`
///
/// What is wrong with a recipe has been said at its code: a row with such a one is left out.
fn composed(plan: &Plan<'_, '_>, number: u32, row: &[NodeIndex], method: &str) -> TokenStream {
    let site = code_at(plan, row[0]).blame().start;
    let w = variable("w", Span::mixed_site());
    let [then, feed] = ["Then", "Feed"].map(|item| blamed(&[item], At::from(site)));
    let one = |(place, node): (u32, &NodeIndex)| {
        let at = code_at(plan, *node).blame();
        let name = plan.variable(*node, at.ours());
        let (wrapper, recipe) =
            (blamed(&["At"], At::from(at.start)), stage::kept(plan, *node, &name, at.ours()));
        let recipe = in_parentheses(call(&["same"], recipe, at), at);
        quote_spanned!(at.start=> #wrapper::<#place, _> #recipe)
    };
    let stages: Vec<_> = (0..).zip(row).map(one).collect();
    let numbers = row.iter().map(|node| plan.number(*node));
    let numbers = quote!(&[#(#numbers),*]);
    let chained = |stages: &[TokenStream]| {
        let stages = stages.iter().rev().cloned();
        stages.reduce(|behind, stage| quote_spanned!(site=> #then(#stage, #behind)))
    };
    let method = |suffix: &str| Ident::new(&format!("{method}{suffix}"), site);
    let starts = row.first().is_some_and(|node| plan.graph.node(*node).kind.is_source());
    match &stages[..] {
        [source, behind @ ..] if starts => {
            let recipe = match chained(behind) {
                Some(behind) => quote_spanned!(site=> #feed(#source, #behind)),
                None => source.clone(),
            };
            let composed = method("_from_source");
            quote_spanned!(site=> #w.row(#number, #numbers, #recipe).#composed();)
        }
        _ => {
            let recipe = chained(&stages);
            let composed = method("");
            quote_spanned!(site=> #w.row(#number, #numbers, #recipe).#composed();)
        }
    }
}

fn code_at(plan: &Plan<'_, '_>, node: NodeIndex) -> At {
    let about = plan.graph.node(node);
    if let Kind::Stage(_, code) = about.kind { code.at } else { about.at }
}
