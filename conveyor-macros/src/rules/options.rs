//! Options by element: name, place and value. The rows below are the table of `docs/LANGUAGE.md`.

use super::values::is_a_copy;
use crate::ast::{Choice, Count, Policy, Role};
use crate::at::At;
use crate::diagnostics::{Diagnostics, listed, nearest};
use crate::graph::{Graph, Kind};

struct Row {
    stands_at: fn(&Kind<'_>) -> bool,
    name: &'static str,
    value: Value,
    is_obeyed: bool,
}

#[derive(Clone, Copy)]
enum Value {
    /// `[max = 6]`
    Needed,
    /// `[stateless]`
    None,
    /// `[stdin]`, `[stdin = condition]`
    Optional,
}

const fn row(stands_at: fn(&Kind<'_>) -> bool, name: &'static str, value: Value) -> Row {
    Row { stands_at, name, value, is_obeyed: true }
}

/// In the language, but no run-time obeys it yet.
const fn later(stands_at: fn(&Kind<'_>) -> bool, name: &'static str, value: Value) -> Row {
    Row { stands_at, name, value, is_obeyed: false }
}

const ROWS: &[Row] = &[
    row(is_pipe, "limit_bytes", Value::Needed),
    later(is_pipe, "when_full", Value::Needed),
    later(is_pipe, "batch", Value::Needed),
    row(is_source, "stdin", Value::Optional),
    later(is_stage, "stateless", Value::None),
    later(is_stage, "deterministic", Value::None),
    later(is_stage, "restart", Value::Needed),
    later(is_stage, "deadline", Value::Needed),
    later(is_stage, "on_poison", Value::Needed),
    later(is_stage, "fuse", Value::Needed),
    row(is_automatic, "max", Value::Needed),
    later(is_balanced, "policy", Value::Needed),
    later(is_balanced, "window", Value::Needed),
];

fn is_pipe(kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Pipe(_))
}

fn is_source(kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Stage(Role::Source, _))
}

fn is_stage(kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Stage(..))
}

fn is_balanced(kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Fork(Policy::Shared | Policy::Workers(_)))
}

fn is_automatic(kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Fork(Policy::Workers(Count::Auto)))
}

pub(super) fn check(graph: &Graph<'_>, diagnostics: &mut Diagnostics) {
    for node in graph.nodes().filter(|node| !is_a_copy(graph, *node)) {
        let about = graph.node(node);
        for (index, option) in about.options.iter().enumerate() {
            let name = option.name.to_string();
            if let Some(first) = about.options[..index].iter().find(|first| first.name == option.name) {
                let text = format!("`[{name}]` is given twice: leave one out");
                let again = format!("`[{name}]` is given again");
                diagnostics.conflict([(At::of(&first.name), text), (At::of(&option.name), again)]);
                continue;
            }
            let known: Vec<_> = ROWS.iter().filter(|row| (row.stands_at)(&about.kind)).collect();
            match known.iter().find(|row| row.name == name) {
                Some(row) => value(row, option, diagnostics),
                None => unknown(&about.kind, &name, &known, option, diagnostics),
            }
        }
    }
}

fn value(row: &Row, option: &Choice, diagnostics: &mut Diagnostics) {
    let at = At::of(&option.name);
    let name = row.name;
    match (row.value, &option.value) {
        _ if !row.is_obeyed => {
            diagnostics.error(at, format_args!("`[{name}]` is not supported yet: leave it out"))
        }
        (Value::Needed, None) => {
            diagnostics.error(at, format_args!("`[{name}]` needs a value: `[{name} = ..]`"))
        }
        (Value::None, Some(value)) => diagnostics.error(value.at, format_args!("`[{name}]` takes no value")),
        _ => {}
    }
}

fn unknown(kind: &Kind<'_>, name: &str, known: &[&Row], option: &Choice, diagnostics: &mut Diagnostics) {
    let names = nearest(name, known.iter().map(|row| row.name));
    let advice = match ROWS.iter().find(|row| row.name == name) {
        Some(_) if name == "max" && is_balanced(kind) => "it bounds `balanced fork(auto)`".to_owned(),
        _ if names.is_empty() => "there are none".to_owned(),
        _ => format!("there are {}", listed(&names, "and")),
    };
    let text = format!("`[{name}]` is no option of this {}: {advice}", kind.noun());
    diagnostics.error(At::of(&option.name), text);
}
