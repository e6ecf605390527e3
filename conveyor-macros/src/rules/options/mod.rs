//! Options by element: name, place and value; then what contradicts another option or the graph. The `table` has them
//! all.

mod table;
#[cfg(test)]
mod tests;

use super::values::{is_a_copy, literal};
use crate::ast::{Choice, Code, JoinKind, Policy};
use crate::at::At;
use crate::diagnostics::{Diagnostics, listed, nearest};
use crate::graph::{Graph, Kind, Node};
use crate::regions::closed_fork;
use petgraph::graph::NodeIndex;
use quote::ToTokens;
use syn::{Expr, ExprAssign, ExprBinary, ExprIndex, ExprPath, ExprRange, ExprReference, ExprUnary};
use table::{ROWS, Row, Value, Word};

/// What each option says by itself, and with its neighbours.
pub(super) fn check(graph: &Graph<'_>, diagnostics: &mut Diagnostics) {
    for node in graph.nodes().filter(|node| !is_a_copy(graph, *node)) {
        let about = graph.node(node);
        behind_code(about, diagnostics);
        for (index, option) in about.options.iter().enumerate() {
            let name = option.name.to_string();
            if let Some(first) = about.options[..index].iter().find(|first| first.name == option.name) {
                let text = format!("`[{name}]` is given twice: leave one out");
                let again = format!("`[{name}]` is given again");
                diagnostics.conflict([(At::of(&first.name), text), (At::of(&option.name), again)]);
                continue;
            }
            let mut known = ROWS.iter().filter(|row| (row.stands_at)(&about.kind));
            match known.find(|row| row.name == name) {
                Some(row) => value(row, option, diagnostics),
                None => unknown(&about.kind, &name, option, diagnostics),
            }
        }
        contradictions(about.options, diagnostics);
    }
}

/// `source lines = open() [stdin];` is an index of Rust.
fn behind_code(about: &Node<'_>, diagnostics: &mut Diagnostics) {
    let Kind::Stage(role, Code { parsed: Some(code), .. }) = about.kind else { return };
    let Expr::Index(ExprIndex { index, .. }) = last(code) else { return };
    let word = match &**index {
        Expr::Assign(ExprAssign { left, .. }) => left,
        word => word,
    };
    let Expr::Path(ExprPath { path, .. }) = word else { return };
    if !ROWS.iter().any(|row| path.is_ident(row.name)) {
        return;
    }
    let (role, option) = (role.keyword(), index.to_token_stream());
    let text = match about.name {
        Some(name) => format!("options stand before the `=`: `{role} {name} [{option}] = ..`"),
        None => format!("options stand behind the parentheses: `{role}(..) [{option}]`"),
    };
    diagnostics.error(At::of(index), text);
}

/// What ends an expression: `b[c]` of `a..b[c]`.
fn last(code: &Expr) -> &Expr {
    match code {
        Expr::Range(ExprRange { end: Some(end), .. }) => last(end),
        Expr::Binary(ExprBinary { right, .. }) => last(right),
        Expr::Unary(ExprUnary { expr, .. }) | Expr::Reference(ExprReference { expr, .. }) => last(expr),
        _ => code,
    }
}

/// What cannot be obeyed where it stands. Only a graph that keeps the rules, one that `holds`, tells which fork is closed
/// by which join.
pub(super) fn check_in_place(graph: &Graph<'_>, holds: bool, diagnostics: &mut Diagnostics) {
    let joins = graph.nodes().filter(|node| matches!(graph.node(*node).kind, Kind::Join(JoinKind::Ordered)));
    let ordered: Vec<_> = joins.filter_map(|join| closed_fork(graph, join)).collect();
    for node in graph.nodes().filter(|node| !is_a_copy(graph, *node)) {
        let about = graph.node(node);
        if let (Kind::Pipe(_), Some(before)) = (about.kind, hands_through(graph, node)) {
            for option in about.options {
                let text = format!(
                    "`[{}]` cannot be obeyed here: this pipe holds nothing itself, it hands on what comes through the {}; \
                     write it at the pipe in front of that",
                    option.name,
                    graph.node(before).kind.noun()
                );
                diagnostics.error(At::of(&option.name), text);
            }
        }
        fused(graph, node, diagnostics);
        let is_ordered = !holds || !matches!(about.kind, Kind::Fork(_)) || ordered.contains(&node);
        if let (false, Some(window)) = (is_ordered, given(about.options, "window")) {
            let text = "`[window]` bounds how far a balanced fork runs ahead of its `join ordered`, and this fork has none: \
                        leave it out";
            diagnostics.error(At::of(&window.name), text);
        }
    }
}

fn value(row: &Row, option: &Choice, diagnostics: &mut Diagnostics) {
    let name = row.name;
    match (row.value, &option.value) {
        (Value::Word(words), Some(value)) => word(name, words, value, diagnostics),
        (Value::Word(words), None) => {
            let text = format!("`[{name}]` needs a value: `[{name} = {}]`", written(&words[words.len() - 1]));
            diagnostics.error(At::of(&option.name), text);
        }
        (Value::Expression, None) => {
            diagnostics.error(At::of(&option.name), format_args!("`[{name}]` needs a value: `[{name} = ..]`"))
        }
        (Value::None, Some(value)) => diagnostics.error(value.at, format_args!("`[{name}]` takes no value")),
        (Value::Expression, Some(_)) | (Value::None, None) | (Value::Optional, _) => {}
    }
}

fn word(name: &str, words: &[Word], value: &Code, diagnostics: &mut Diagnostics) {
    let said = Said::of(value);
    let known = said.as_ref().and_then(|said| words.iter().find(|word| word.name == said.word));
    match (known, said) {
        (Some(word), Some(said)) => match (word.counts, said.count) {
            (true, None) => {
                let text = format!("`{}` needs a count: `[{name} = {}]`", word.name, written(word));
                diagnostics.error(value.at, text);
            }
            (false, Some(_)) => {
                let text = format!("`{0}` takes no count: `[{name} = {0}]`", word.name);
                diagnostics.error(value.at, text);
            }
            (true, Some(count)) if literal(&count) == Some(0) => {
                let text = format!("CV015: the count of `{}` is at least 1", word.name);
                diagnostics.error(count.at, text);
            }
            _ => {}
        },
        (_, said) => {
            let said = said.map_or(String::new(), |said| said.word);
            let names: Vec<_> = nearest(&said, words.iter().map(|word| word.name));
            let written: Vec<String> = names
                .iter()
                .filter_map(|name| words.iter().find(|word| word.name == *name))
                .map(written)
                .collect();
            let written: Vec<&str> = written.iter().map(String::as_str).collect();
            let text = format!("`[{name}]` is {}", listed(&written, "or"));
            diagnostics.error(value.at, text);
        }
    }
}

/// As the user writes it.
fn written(word: &Word) -> String {
    if word.counts { format!("{}(3)", word.name) } else { word.name.to_owned() }
}

/// A value that is a word, perhaps with a count in parentheses.
pub(crate) struct Said {
    pub(crate) word: String,
    pub(crate) count: Option<Code>,
}

impl Said {
    /// `None`: the value is something else.
    pub(crate) fn of(value: &Code) -> Option<Said> {
        let (path, count) = match value.parsed.as_deref()? {
            Expr::Path(path) => (path, None),
            Expr::Call(call) => match (&*call.func, call.args.first()) {
                (Expr::Path(path), Some(count)) if call.args.len() == 1 => (path, Some(count)),
                _ => return None,
            },
            _ => return None,
        };
        let count = count.map(|count| Code {
            number: value.number,
            words: value.words.clone(),
            tokens: quote::ToTokens::to_token_stream(count),
            parsed: Some(Box::new(count.clone())),
            at: At::of(count),
        });
        Some(Said { word: path.path.get_ident()?.to_string(), count })
    }
}

fn unknown(kind: &Kind<'_>, name: &str, option: &Choice, diagnostics: &mut Diagnostics) {
    let text = match ROWS.iter().find(|row| row.name == name) {
        Some(row) => {
            format!("`[{name}]` is an option of {}, not of this {}", row.place, kind.noun())
        }
        None => {
            let known = ROWS.iter().filter(|row| (row.stands_at)(kind)).map(|row| row.name);
            let names = nearest(name, known);
            let advice = match (is_value_of(kind, name), names.is_empty()) {
                (Some(option), _) => format!("write `[{option} = {name}]`"),
                _ if let Some(instead) = instead_of(kind, name) => instead.to_owned(),
                (None, true) => "there are none".to_owned(),
                (None, false) => format!("there are {}", listed(&names, "and")),
            };
            format!("`[{name}]` is no option of this {}: {advice}", kind.noun())
        }
    };
    diagnostics.error(At::of(&option.name), text);
}

/// What is written where other libraries have an option of this name.
fn instead_of(kind: &Kind<'_>, name: &str) -> Option<&'static str> {
    match (kind, name) {
        (Kind::Pipe(_), "capacity" | "size" | "len" | "bound" | "depth" | "n") => {
            Some("how many messages it holds stands in parentheses, `pipe(64)`")
        }
        (
            Kind::Stage(..) | Kind::Fork(_),
            "workers" | "threads" | "parallel" | "parallelism" | "concurrency" | "count" | "n",
        ) => Some("several workers that are alike are `balanced fork(4) { .. }`"),
        _ => None,
    }
}

/// The option that takes this word.
fn is_value_of(kind: &Kind<'_>, word: &str) -> Option<&'static str> {
    let takes = |row: &&Row| match row.value {
        Value::Word(words) => words.iter().any(|known| known.name == word && !known.counts),
        _ => false,
    };
    ROWS.iter().filter(|row| (row.stands_at)(kind)).find(takes).map(|row| row.name)
}

/// Pairs that cannot both be meant, with the reason.
const CONTRADICTIONS: &[[&str; 3]] = &[
    ["restart = never", "on_poison = skip", "who skips a message has to be restarted first"],
    ["stateless", "restart = empty", "who has no state is restarted anyway, and has none to lose"],
];

fn contradictions(options: &[Choice], diagnostics: &mut Diagnostics) {
    for [one, other, why] in CONTRADICTIONS {
        if let (Some(first), Some(second)) = (said(options, one), said(options, other)) {
            let text = format!("`[{one}]` contradicts `[{other}]`: {why}");
            let again = format!("`[{other}]` is given here");
            diagnostics.conflict([(At::of(&first.name), text), (At::of(&second.name), again)]);
        }
    }
}

/// The option that says this: `name`, or `name = word`.
fn said<'c>(options: &'c [Choice], what: &str) -> Option<&'c Choice> {
    let (name, word) = what.split_once(" = ").map_or((what, None), |(name, word)| (name, Some(word)));
    given(options, name).filter(|option| {
        let said = option.value.as_ref().and_then(Said::of).map(|said| said.word);
        said.as_deref() == word
    })
}

fn given<'c>(options: &'c [Choice], name: &str) -> Option<&'c Choice> {
    options.iter().find(|option| option.name == name)
}

/// `name = word` is among the options.
pub(crate) fn says(options: &[Choice], what: &str) -> bool {
    said(options, what).is_some()
}

/// What a pipe does to messages beside holding them: then it cannot vanish between stages that are fused.
pub(crate) fn refuses(pipe: &[Choice]) -> Option<&Choice> {
    let drops = given(pipe, "when_full").filter(|_| !says(pipe, "when_full = block"));
    drops.or_else(|| given(pipe, "limit_bytes"))
}

/// A stage can share its process only with a stage right behind it, behind a pipe that hands on every message.
fn fused(graph: &Graph<'_>, stage: NodeIndex, diagnostics: &mut Diagnostics) {
    let Node { kind, options, .. } = graph.node(stage);
    let Some(fuse) = said(options, "fuse = next").filter(|_| kind.is_stage() && !kind.is_sink()) else {
        return;
    };
    let mut last = stage;
    let mut next = graph.behind(stage).first().copied();
    if let Some(pipe) = next.filter(|next| matches!(graph.node(*next).kind, Kind::Pipe(_))) {
        if let Some(refusing) = refuses(graph.node(pipe).options) {
            let text = format!(
                "`[fuse = next]` contradicts `[{0}]` of the pipe behind: stages that share a process have no pipe between \
                 them, which could drop or refuse messages; leave one of them out",
                refusing.name
            );
            let again = format!("`[{}]` is given here", refusing.name);
            diagnostics.conflict([(At::of(&fuse.name), text), (At::of(&refusing.name), again)]);
        }
        last = pipe;
        next = graph.behind(pipe).first().copied();
    }
    let behind = match next.map(|next| &graph.node(next).kind) {
        // the other two are errors of their own
        Some(Kind::Stage(..) | Kind::Unknown | Kind::Pipe(_)) => return,
        None if graph.is_refused(last) || !graph.names_are_known => return,
        None | Some(Kind::Output) => "the caller".to_owned(),
        Some(kind) => format!("a {}", kind.noun()),
    };
    let text = format!(
        "`[fuse = next]` needs a processor or a sink behind its pipe, to share a process with, and there is {behind}: leave \
         it out"
    );
    diagnostics.error(At::of(&fuse.name), text);
}

/// The fork or the join whose messages this pipe only hands on: then it is a way to read the pipes in front.
fn hands_through(graph: &Graph<'_>, pipe: NodeIndex) -> Option<NodeIndex> {
    let before = graph.only_before(pipe)?;
    let to_stages = || graph.behind(pipe).iter().all(|to| graph.node(*to).kind.is_stage());
    let hands_through = match graph.node(before).kind {
        Kind::Fork(Policy::Replicated) => true,
        Kind::Fork(_) | Kind::Join(_) => to_stages(),
        _ => false,
    };
    hands_through.then_some(before)
}
