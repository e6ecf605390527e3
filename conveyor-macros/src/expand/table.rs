//! The graph as text: `conveyor::private::Written`.

use super::paths::private;
use super::plan::Plan;
use crate::ast::{Count, JoinKind, Policy, Role};
use crate::at::At;
use crate::graph;
use crate::kind::Kind;
use petgraph::graph::NodeIndex;
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

/// `Written::new("pipeline", "Source numbers - - - written \nPipe pipe1 ..", "frames", "0,2,4")`
pub(super) fn table(plan: &Plan<'_, '_>) -> TokenStream {
    let site = Span::mixed_site();
    let written = private("Written", site);
    let name = plan.declaration.header.name.as_ref().map_or("pipeline".to_owned(), ToString::to_string);
    let elements: Vec<_> = plan.sorted.iter().map(|node| element(plan, *node)).collect();
    let elements = elements.join("\n");
    let pools: Vec<_> = plan.declaration.pools.iter().map(|pool| pool.name.to_string()).collect();
    let pools = pools.join(" ");
    let groups: Vec<_> =
        plan.rows.groups().map(|row| numbers(row.iter().map(|node| plan.number(*node)))).collect();
    let groups = groups.join(" ");
    let init = plan.declaration.init.as_ref().map(|path| {
        quote_spanned!(At::of(path).ours()=> .init({
            let init: fn() = #path;
            init
        }))
    });
    quote!(#written::new(#name, #elements, #pools, #groups) #init)
}

/// A line of the text, as `conveyor/src/graph/written.rs` describes it.
fn element(plan: &Plan<'_, '_>, node: NodeIndex) -> String {
    let about = plan.graph.node(node);
    let name = &plan.names[plan.number(node) as usize];
    let number = |node: &NodeIndex| plan.number(*node);
    let from = numbers(plan.graph.before(node).iter().map(number));
    let within = numbers(about.lanes.iter().map(number));
    let pools = numbers(mentioned_pools(plan, &about.kind).into_iter());
    let origin = if about.inserted { "inserted" } else { "written" };
    let detail = detail(plan, &about.kind).replace(char::is_control, " ");
    format!("{:?} {name} {from} {within} {pools} {origin} {detail}", kind_of(&about.kind))
}

/// `1,2`; `-` for none.
fn numbers(numbers: impl Iterator<Item = u32>) -> String {
    let numbers: Vec<_> = numbers.map(|number| number.to_string()).collect();
    if numbers.is_empty() { "-".to_owned() } else { numbers.join(",") }
}

/// What it is for the run-time.
pub(super) fn kind_of(kind: &graph::Kind<'_>) -> Kind {
    match kind {
        graph::Kind::Stage(Role::Source, _) => Kind::Source,
        graph::Kind::Stage(Role::Sink, _) => Kind::Sink,
        graph::Kind::Stage(..) | graph::Kind::Unknown => Kind::Processor,
        graph::Kind::Pipe(_) => Kind::Pipe,
        graph::Kind::Fork(Policy::Replicated) => Kind::Replicate,
        graph::Kind::Fork(_) => Kind::Balance,
        graph::Kind::Join(JoinKind::Merge) => Kind::Merge,
        graph::Kind::Join(JoinKind::Zip) => Kind::Zip,
        graph::Kind::Join(JoinKind::Ordered) => Kind::Ordered,
        graph::Kind::Input => Kind::Input,
        graph::Kind::Output => Kind::Output,
        graph::Kind::Pipeline(_) => Kind::Pipeline,
        graph::Kind::Relay => Kind::Relay,
    }
}

fn mentioned_pools(plan: &Plan<'_, '_>, kind: &graph::Kind<'_>) -> Vec<u32> {
    let graph::Kind::Stage(_, code) = kind else { return Vec::new() };
    let pools = (0..).zip(&plan.declaration.pools);
    pools.filter(|(_, pool)| code.words.mention(&pool.name)).map(|(number, _)| number).collect()
}

/// The source text of a capacity or a count, or the type of an open end.
pub(super) fn detail(plan: &Plan<'_, '_>, kind: &graph::Kind<'_>) -> String {
    let code = |tokens: &TokenStream| tight(tokens, "([.:!", ")],.;?:");
    let ty = |ty: &Type| tight(&ty.to_token_stream(), "([<&:", ")]>,;:");
    match (kind, &plan.declaration.header.types) {
        (graph::Kind::Pipe(Some(capacity)), _) => code(&capacity.tokens),
        (graph::Kind::Fork(Policy::Workers(Count::Fixed(count))), _) => code(&count.tokens),
        (graph::Kind::Fork(Policy::Workers(Count::Auto)), _) => "auto".to_owned(),
        (graph::Kind::Input, Some((takes, _))) => ty(takes),
        (graph::Kind::Output, Some((_, gives))) => ty(gives),
        _ => String::new(),
    }
}

/// As people write it: `Vec<u8>`, and not `Vec < u8 >`. No space stands behind what opens, before what closes, and
/// between a word and what opens.
fn tight(tokens: &TokenStream, opens: &str, closes: &str) -> String {
    let source = tokens.to_string();
    let mut text = String::new();
    let mut rest = source.chars().peekable();
    while let Some(letter) = rest.next() {
        let before = text.chars().next_back().unwrap_or(' ');
        let behind = rest.peek().copied().unwrap_or(' ');
        let is_between = opens.contains(before)
            || closes.contains(behind)
            || before.is_alphanumeric() && opens.contains(behind);
        if letter != ' ' || !is_between {
            text.push(letter);
        }
    }
    text
}
