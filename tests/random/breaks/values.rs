//! Capacities, counts and options.

use crate::draft::{Chain, Draft, Element, Is, Spot};
use crate::model::{Policy, Role};
use fastrand::Rng;

pub(super) fn no_capacity(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let mark = draft.at_some(rng, is_pipe, |chain, at| {
        let code = chain[at].code.insert("0".into());
        code.mark()
    })?;
    draft.expect(mark, &["CV015"]);
    Some(())
}

pub(super) fn no_workers(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let can = |chain: &Chain, at: usize| {
        matches!(chain[at].is, Is::Fork(Policy::Workers(_), _)) && chain[at].options.is_empty()
    };
    let mark = draft.at_some(rng, can, |chain, at| chain[at].code.insert("0".into()).mark())?;
    draft.expect(mark, &["CV015"]);
    Some(())
}

pub(super) fn unknown_option(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    option(draft, rng, is_pipe, "capcity", Some("3"), "`[capcity]`")
}

pub(super) fn misplaced_option(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    match rng.bool() {
        true => option(draft, rng, is_pipe, "max", Some("3"), "`[max]`"),
        false => option(draft, rng, is_processor, "stdin", None, "`[stdin]`"),
    }
}

pub(super) fn option_without_a_value(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let can = |chain: &Chain, at: usize| is_pipe(chain, at) && chain[at].options.is_empty();
    option(draft, rng, can, "limit_bytes", None, "`[limit_bytes]`")
}

pub(super) fn option_twice(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let marks = draft.at_some(rng, is_pipe, |chain, at| {
        let mut options = [Spot::from("limit_bytes"), Spot::from("limit_bytes")];
        let marks = options.each_mut().map(Spot::mark);
        chain[at].options = options.map(|name| (name, Some("4096".into()))).into();
        marks
    })?;
    draft.expect(marks[0], &["`[limit_bytes]`", "(1/2)"]);
    draft.expect(marks[1], &["`[limit_bytes]`", "(2/2)"]);
    Some(())
}

pub(super) fn capacity_of_another_type(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let mark = draft.at_some(rng, is_pipe, |chain, at| chain[at].code.insert("\"many\"".into()).mark())?;
    draft.expect(mark, &["E0277", "`&str`", "capacity"]);
    Some(())
}

/// A closure of two arguments where one belongs.
pub(super) fn two_arguments(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let can = |chain: &Chain, at: usize| is_processor(chain, at) && chain[at].role() == Some(Role::Processor);
    let mark = draft.at_some(rng, can, |chain, at| {
        let code = chain[at].code.insert("|one, other| one".into());
        code.mark()
    })?;
    draft.expect(mark, &["takes one argument"]);
    Some(())
}

/// A pipe that starts at a stage: others hold nothing, and have no options. Behind one that is fused it is not there.
fn is_pipe(chain: &Chain, at: usize) -> bool {
    let is_fused =
        |stage: &Element| stage.is_use || stage.options.iter().any(|(name, _)| name.text.starts_with("fuse"));
    let is_pipe = at > 0 && chain[at].is_pipe() && !chain[at].is_use;
    is_pipe && chain[at - 1].role().is_some() && !is_fused(&chain[at - 1])
}

fn is_processor(chain: &Chain, at: usize) -> bool {
    let element: &Element = &chain[at];
    !element.is_use && element.role().is_some_and(|role| role != Role::Source)
}

fn option(
    draft: &mut Draft,
    rng: &mut Rng,
    can: impl Fn(&Chain, usize) -> bool,
    name: &str,
    value: Option<&str>,
    says: &str,
) -> Option<()> {
    let mark = draft.at_some(rng, can, |chain, at| {
        let mut name = Spot::from(name);
        let mark = name.mark();
        chain[at].options.push((name, value.map(Spot::from)));
        mark
    })?;
    draft.expect(mark, &[says]);
    Some(())
}
