//! The options of the language: where each stands and what it takes. The table of `docs/LANGUAGE.md`.

use crate::ast::{Count, Policy, Role};
use crate::graph::Kind;

/// One option of one kind of element.
pub(super) struct Row {
    pub(super) stands_at: fn(&Kind<'_>) -> bool,
    /// What it stands at, in words.
    pub(super) place: &'static str,
    pub(super) name: &'static str,
    pub(super) value: Value,
}

#[derive(Clone, Copy)]
pub(super) enum Value {
    /// `[max = 6]`, `[deadline = Duration::from_secs(1)]`
    Expression,
    /// `[stateless]`
    None,
    /// `[stdin]`, `[stdin = condition]`
    Optional,
    /// `[when_full = drop_newest]`, `[restart = on_crash(3)]`
    Word(&'static [Word]),
}

/// A value that is a word.
pub(super) struct Word {
    pub(super) name: &'static str,
    /// A count follows in parentheses.
    pub(super) counts: bool,
}

const fn word(name: &'static str) -> Word {
    Word { name, counts: false }
}

const fn counting(name: &'static str) -> Word {
    Word { name, counts: true }
}

const fn row(
    (stands_at, place): (fn(&Kind<'_>) -> bool, &'static str),
    name: &'static str,
    value: Value,
) -> Row {
    Row { stands_at, place, name, value }
}

type Place = (fn(&Kind<'_>) -> bool, &'static str);

const PIPE: Place = (is_pipe, "a pipe");
const SOURCE: Place = (is_source, "a source");
/// What takes messages.
const TAKER: Place = (takes, "a processor or a sink");
/// What gives messages.
const GIVER: Place = (gives, "a processor or a source");
const STAGE: Place = (is_stage, "a processor, a source or a sink");
const BALANCED: Place = (is_balanced, "a balanced fork");
const AUTOMATIC: Place = (is_automatic, "`balanced fork(auto)`");

pub(super) const ROWS: &[Row] = &[
    row(PIPE, "limit_bytes", Value::Expression),
    row(PIPE, "when_full", Value::Word(&[word("block"), word("drop_newest"), word("drop_oldest")])),
    row(PIPE, "batch", Value::Expression),
    row(SOURCE, "stdin", Value::Optional),
    row(TAKER, "stateless", Value::None),
    row(GIVER, "deterministic", Value::None),
    row(STAGE, "restart", Value::Word(&[word("never"), counting("on_crash"), word("empty")])),
    row(TAKER, "deadline", Value::Expression),
    row(TAKER, "on_poison", Value::Word(&[word("stop"), word("skip")])),
    row(GIVER, "fuse", Value::Word(&[word("none"), word("next")])),
    row(AUTOMATIC, "max", Value::Expression),
    row(BALANCED, "policy", Value::Word(&[word("free"), word("round_robin")])),
    row(BALANCED, "window", Value::Expression),
];

fn is_pipe(kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Pipe(_))
}

fn is_source(kind: &Kind<'_>) -> bool {
    matches!(kind, Kind::Stage(Role::Source, _))
}

fn takes(kind: &Kind<'_>) -> bool {
    is_stage(kind) && !is_source(kind)
}

fn gives(kind: &Kind<'_>) -> bool {
    is_stage(kind) && !kind.is_sink()
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
