//! Mistakes: each breaks one rule of a draft, and knows what rustc has to answer and where.

mod ends;
mod inlets;
mod names;
mod order;
mod regions;
mod syntax;
mod types;
mod values;

use crate::draft::Draft;
use fastrand::Rng;

/// What can be seen only when nothing of the phase before is wrong, in any graph of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// The macro answers.
    Graph,
    /// rustc answers, by types.
    Types,
}

/// A way to break a rule.
pub(crate) struct Mistake {
    pub(crate) name: &'static str,
    /// The rule's code, or what else is wrong.
    pub(crate) rule: &'static str,
    pub(crate) phase: Phase,
    /// Nothing if the draft has no place for it.
    pub(crate) make: fn(&mut Draft, &mut Rng) -> Option<()>,
}

macro_rules! mistake {
    ($phase:ident, $rule:literal, $file:ident::$make:ident) => {
        Mistake {
            name: concat!(stringify!($file), "::", stringify!($make)),
            rule: $rule,
            phase: Phase::$phase,
            make: $file::$make,
        }
    };
}

macro_rules! graph {
    ($($mistake:tt)+) => { mistake!(Graph, $($mistake)+) };
}

macro_rules! types {
    ($($mistake:tt)+) => { mistake!(Types, $($mistake)+) };
}

/// All of them, rule by rule.
pub(crate) const MISTAKES: &[Mistake] = &[
    graph!("CV001", syntax::misspelt_keyword),
    types!("CV002", types::no_processor),
    graph!("CV003", order::starts_with_a_pipe),
    graph!("CV003", order::nothing_at_all),
    graph!("CV005", order::fork_without_a_pipe),
    graph!("CV006", order::join_without_a_pipe),
    graph!("CV007", ends::partial_join),
    graph!("CV008", inlets::no_join_before_a_stage),
    graph!("CV008", inlets::no_join_at_the_end),
    graph!("CV009", order::cycle),
    graph!("CV010", names::declared_and_unused),
    graph!("CV010", names::part_of_its_own),
    graph!("CV010", names::unused_pool),
    graph!("CV011", names::unknown),
    graph!("CV012", names::declared_twice),
    graph!("CV012", names::parameter_and_element),
    graph!("CV013", regions::other_join),
    graph!("CV014", order::two_pipes),
    graph!("CV015", values::no_capacity),
    graph!("CV015", values::no_workers),
    types!("CV017", types::arrow_between_types),
    types!("CV017", types::header_disagrees),
    types!("CV018", types::captures),
    graph!("CV019", inlets::feeds_two_pipes),
    graph!("CV019", inlets::reads_two_inlets),
    graph!("CV019", inlets::source_with_an_inlet),
    graph!("CV020", regions::branch_leaves),
    graph!("CV020", regions::stream_enters),
    graph!("CV020", regions::merge_inside),
    types!("CV021", types::filter_in_a_zip),
    types!("CV022", types::fork_of_what_is_not_clone),
    graph!("CV023", ends::two_heads),
    graph!("CV023", ends::two_ends),
    graph!("code", values::two_arguments),
    graph!("option", values::unknown_option),
    graph!("option", values::misplaced_option),
    graph!("option", values::option_without_a_value),
    graph!("option", values::option_twice),
    types!("option", values::capacity_of_another_type),
    graph!("syntax", syntax::wrong_arrow),
    graph!("syntax", syntax::join_without_a_kind),
    graph!("syntax", syntax::reserved_name),
    graph!("syntax", syntax::second_header),
    graph!("syntax", syntax::attribute_in_front),
    graph!("syntax", syntax::missing_semicolon),
    types!("message", types::no_message),
];

/// Mistakes that can be made beside any other one of the graph, and are said, too.
pub(crate) const BESIDE: &[Mistake] = &[
    graph!("CV010", names::part_of_its_own),
    graph!("CV010", names::unused_processor),
    graph!("code", values::two_arguments),
    graph!("option", values::unknown_option),
];

/// Is nothing said about the second one because the first one may be the cause, or because it is not looked at?
pub(crate) fn hides(first: &Mistake, second: &Mistake) -> bool {
    let is_syntax = ["CV001", "syntax"].contains(&first.rule);
    let may_be_meant = first.rule == "CV011" && second.name == "names::unused_processor";
    is_syntax || may_be_meant || first.name == second.name || first.phase == Phase::Types
}

/// Is it also said where the pipeline is an element of another one?
pub(crate) fn shows_outside(mistake: &Mistake) -> bool {
    mistake.name == "types::header_disagrees"
}

/// The rules that mistakes break.
pub(crate) fn rules() -> Vec<&'static str> {
    let mut rules: Vec<_> = MISTAKES.iter().map(|mistake| mistake.rule).collect();
    rules.dedup();
    rules
}
