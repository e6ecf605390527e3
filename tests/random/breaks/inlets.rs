//! One inlet, one outlet; several streams come together in a join.

use crate::draft::{Chain, Draft, Element, Is};
use crate::model::{Policy, Role};
use fastrand::Rng;

/// `} -> pipe -> join merge -> next` without the join.
pub(super) fn no_join_before_a_stage(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let can = |chain: &Chain, at: usize| {
        at > 1 && closes_plain_branches(chain, at) && chain.get(at + 1).is_some_and(Element::is_stage)
    };
    let (fork, next, is, name) = draft.at_some(rng, can, |chain, at| {
        chain.remove(at);
        let fork = chain[at - 2].words[0].mark();
        let name = chain[at].name().map(str::to_owned);
        (fork, chain[at].words[0].mark(), chain[at].is.clone(), name)
    })?;
    let here = match name {
        None => next,
        Some(name) => draft.first_use(&is, Some(&name))?,
    };
    draft.expect(here, &["CV008", "(1/2)"]);
    draft.expect(fork, &["CV008", "(2/2)"]);
    Some(())
}

/// `} -> pipe -> join merge;` without both.
pub(super) fn no_join_at_the_end(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let mut ends: Vec<&mut Chain> = draft
        .chains()
        .filter(|chain| chain.len() > 2 && closes_plain_branches(chain, chain.len() - 1))
        .collect();
    let count = ends.len();
    let chain = ends.get_mut(rng.usize(..count.max(1)))?;
    chain.truncate(chain.len() - 2);
    let fork = chain.last_mut()?;
    let last = fork.branches.last_mut()?.last_mut()?;
    let (is, name) = (last.is.clone(), last.name().map(str::to_owned));
    let (mut here, fork) = (last.words[0].mark(), fork.words[0].mark());
    if name.is_some() {
        here = draft.first_use(&is, name.as_deref())?;
    }
    draft.expect(here, &["CV008", "(1/2)"]);
    draft.expect(fork, &["CV008", "(2/2)"]);
    Some(())
}

fn has_workers(fork: &Element) -> bool {
    matches!(fork.is, Is::Fork(Policy::Workers(_), _))
}

/// Does an unnamed join stand here, behind braces with nothing but stages and a pipe?
fn closes_plain_branches(chain: &Chain, at: usize) -> bool {
    let is_plain = |branch: &Chain| {
        let is_plain = |element: &Element| element.is_stage() || element.is_pipe();
        branch.iter().all(is_plain)
            // whether a pipeline inside is open there is no business of the macro
            && branch.last().and_then(Element::role).is_some_and(|role| role != Role::Sink)
    };
    let fork = &chain[at - 2];
    matches!(chain[at].is, Is::Join(..))
        && !chain[at].is_use
        && chain[at - 1].is_pipe()
        && (has_workers(fork) || fork.branches.len() > 1)
        && fork.branches.iter().all(is_plain)
}

/// A use of a named stage that is no source and no sink.
fn is_named_stage(element: &Element) -> bool {
    element.is_use && element.role().is_some_and(|role| !matches!(role, Role::Source | Role::Sink))
}

fn again(element: &Element) -> Element {
    Element::named(element.is.clone(), &element.words[0].text)
}

pub(super) fn feeds_two_pipes(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let can = |chain: &Chain, at: usize| is_named_stage(&chain[at]) && at + 1 < chain.len();
    let (first, stage) =
        draft.at_some(rng, can, |chain, at| (chain[at + 1].arrow.mark(), again(&chain[at])))?;
    let mut pipe = Element::pipe();
    let second = pipe.arrow.mark();
    draft.chain([stage, pipe, Element::stage(Role::Sink, "|_| ()")]);
    draft.expect(first, &["CV019", "(1/2)"]);
    draft.expect(second, &["CV019", "(2/2)"]);
    Some(())
}

pub(super) fn reads_two_inlets(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let can = |chain: &Chain, at: usize| is_named_stage(&chain[at]) && at > 0;
    let (first, mut stage) =
        draft.at_some(rng, can, |chain, at| (chain[at].arrow.mark(), again(&chain[at])))?;
    let second = stage.arrow.mark();
    draft.chain([Element::stage(Role::Source, "0..3u64"), Element::pipe(), stage]);
    draft.expect(first, &["CV019", "(1/2)"]);
    draft.expect(second, &["CV019", "(2/2)"]);
    Some(())
}

pub(super) fn source_with_an_inlet(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let can = |chain: &Chain, at: usize| at == 0 && chain[at].role() == Some(Role::Source);
    let mark = draft.at_some(rng, can, |chain, _| {
        chain.splice(..0, [Element::stage(Role::Processor, "double"), Element::pipe()]);
        chain[2].arrow.mark()
    })?;
    draft.expect(mark, &["CV019"]);
    Some(())
}
