//! The open ends, checked against the header, and the rate of the whole.

use super::forms::types;
use super::inner;
use super::paths::{blamed, private};
use super::plan::Plan;
use super::stage;
use super::wiring::{checked_port, declared_port, output, producer, typed_port};
use crate::ast::{JoinKind, Policy};
use crate::at::At;
use crate::graph::Kind;
use crate::regions;
use petgraph::Direction::{Incoming, Outgoing};
use petgraph::graph::NodeIndex;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

/// `between(port::<In>(), e2.node().input).agrees(IsDeclared::declared); .. ends(port::<In>().checked(Travels::travels).or_closed(), e4.node().gives(Travels::travels).or_closed(), e2.rate())`
pub(super) fn ends(plan: &Plan<'_, '_>) -> TokenStream {
    let site = Span::mixed_site();
    let ends = private("ends", site);
    let rate = rate(plan);
    let header = &plan.declaration.header;
    let declared = header.types.as_ref().zip(types(header)).map(|((takes, gives), written)| {
        let (input, output) = (At::of(takes), At::of(gives));
        let (here, there) = (input_port(plan, input.ours()), output_port(plan, output.ours()));
        let input = declared(written.0, input, inner::beside_closed_ends(plan, Incoming, here, input));
        let output = declared(written.1, output, inner::beside_closed_ends(plan, Outgoing, there, output));
        quote!(#input #output)
    });
    let (input, output) = (input_port(plan, site), output_port(plan, site));
    let (input, output) = match &header.types {
        Some((takes, _)) => {
            let input = header_port(plan, takes);
            (quote_spanned!(site=> #input.or_closed()), quote_spanned!(site=> #output.or_closed()))
        }
        None => (
            sent(plan, input, |kind| matches!(kind, Kind::Input)),
            sent(plan, output, |kind| matches!(kind, Kind::Output)),
        ),
    };
    quote_spanned!(site=> #declared #ends(#input, #output, #rate))
}

/// The header's type, if it is one that can be taken: a processor behind it may have been refused because of this type.
fn header_port(plan: &Plan<'_, '_>, takes: &Type) -> TokenStream {
    match head(plan).map(|head| (head, plan.graph.node(head).kind)) {
        Some((head, Kind::Stage(role, code))) if stage::is_constructor(role, plan.form(code)) => {
            let (site, head) = (At::of(takes).ours(), plan.variable(head, At::of(takes).ours()));
            let port = typed_port(takes);
            checked_port(quote_spanned!(site=> #head.under(#port)), At::of(takes))
        }
        _ => declared_port(takes),
    }
}

/// An open end without a type in the header: then it is said here that its port carries no messages.
fn sent(plan: &Plan<'_, '_>, port: TokenStream, is_end: fn(&Kind<'_>) -> bool) -> TokenStream {
    let place = |end| match plan.graph.node(end).kind {
        Kind::Input => head(plan).map_or(At::everything(), |head| producer(plan, head)),
        _ => producer(plan, end),
    };
    match find(plan, is_end) {
        Some(end) => checked_port(port, place(end)),
        None => port,
    }
}

fn declared(ty: &Type, place: At, end: TokenStream) -> TokenStream {
    let at = place.ours();
    let [between, port] = ["between", "port"].map(|item| private(item, at));
    let declared = blamed(&["IsDeclared", "declared"], place);
    quote_spanned!(at=> #between(#port::<#ty>(), #end).agrees(#declared);)
}

fn find(plan: &Plan<'_, '_>, is_wanted: fn(&Kind<'_>) -> bool) -> Option<NodeIndex> {
    plan.sorted.iter().copied().find(|node| is_wanted(&plan.graph.node(*node).kind))
}

/// What takes the caller's messages.
fn head(plan: &Plan<'_, '_>) -> Option<NodeIndex> {
    let pipe = plan.graph.behind(find(plan, |kind| matches!(kind, Kind::Input))?).first().copied()?;
    plan.graph.behind(pipe).first().copied()
}

/// What the head takes; `()` when sources close it.
fn input_port(plan: &Plan<'_, '_>, at: Span) -> TokenStream {
    match head(plan) {
        Some(head) => {
            let name = plan.variable(head, at);
            quote_spanned!(at=> #name.node().input)
        }
        None => closed(at),
    }
}

/// What the end gives; `()` when sinks close it.
fn output_port(plan: &Plan<'_, '_>, at: Span) -> TokenStream {
    match find(plan, |kind| matches!(kind, Kind::Output)) {
        Some(end) => output(plan, end, at),
        None => closed(at),
    }
}

fn closed(at: Span) -> TokenStream {
    let port = private("port", at);
    quote_spanned!(at=> #port::<()>())
}

/// The rate from the open head to the open end: that of the stages on the way, where only one way leads.
fn rate(plan: &Plan<'_, '_>) -> TokenStream {
    let site = Span::mixed_site();
    let constant = |item: &str| {
        let [rate, item] = ["rate", item].map(|item| private(item, site));
        quote_spanned!(site=> #rate::<#item>())
    };
    let way = find(plan, |kind| matches!(kind, Kind::Output)).and_then(|end| way_to_the_head(plan, end));
    let Some(Way { stages, is_straight }) = way else { return constant("Merged") };
    let rates = stages.into_iter().map(|stage| {
        let name = plan.variable(stage, site);
        quote_spanned!(site=> #name.rate())
    });
    let branched = (!is_straight).then(|| constant("Branched"));
    let all = rates.chain(branched);
    all.reduce(|before, next| quote_spanned!(site=> #before.then(#next))).unwrap_or_else(|| constant("One"))
}

/// From the open head to the open end.
struct Way {
    stages: Vec<NodeIndex>,
    /// No branch leaves it.
    is_straight: bool,
}

/// The stages that every message passes, in their order; `None` where messages may be lost, or come from elsewhere.
/// A zip is one-to-one by its rules; what lies in an ordered region counts.
fn way_to_the_head(plan: &Plan<'_, '_>, end: NodeIndex) -> Option<Way> {
    let graph = plan.graph;
    let (mut stages, mut is_straight) = (Vec::new(), true);
    let mut node = end;
    loop {
        node = match graph.node(node).kind {
            Kind::Input => break,
            Kind::Join(JoinKind::Zip) => regions::closed_fork(graph, node)?,
            Kind::Join(JoinKind::Ordered) => {
                let fork = regions::closed_fork(graph, node)?;
                let inside = regions::between(graph, fork, node).into_iter();
                stages.extend(inside.filter(|node| is_rated(&graph.node(*node).kind)));
                fork
            }
            Kind::Join(JoinKind::Merge) => return None,
            Kind::Fork(policy) if !matches!(policy, Policy::Replicated) && !is_closed(plan, node) => {
                return None;
            }
            Kind::Fork(_) => {
                is_straight &= is_closed(plan, node);
                graph.only_before(node)?
            }
            Kind::Stage(..) | Kind::Pipeline(_) => {
                stages.push(node);
                graph.only_before(node)?
            }
            _ => graph.only_before(node)?,
        };
    }
    stages.sort_by_key(|node| plan.number(*node));
    Some(Way { stages, is_straight })
}

fn is_rated(kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Stage(..) | Kind::Pipeline(_))
}

/// Do all branches of a fork come together again in a zip, or in order?
fn is_closed(plan: &Plan<'_, '_>, fork: NodeIndex) -> bool {
    plan.sorted.iter().any(|node| {
        matches!(plan.graph.node(*node).kind, Kind::Join(JoinKind::Zip | JoinKind::Ordered))
            && regions::closed_fork(plan.graph, *node) == Some(fork)
    })
}
