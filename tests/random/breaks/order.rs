//! What may stand before what.

use crate::draft::{Chain, Draft, Element, Is, Statement};
use crate::model::Role;
use fastrand::Rng;

pub(super) fn starts_with_a_pipe(draft: &mut Draft, _: &mut Rng) -> Option<()> {
    let head = draft
        .chains()
        .find(|chain| chain[0].role().is_some_and(|role| role != Role::Source) && !chain[0].is_use)?;
    head.insert(0, Element::pipe());
    let mark = head[0].words[0].mark();
    draft.expect(mark, &["CV003"]);
    Some(())
}

pub(super) fn nothing_at_all(draft: &mut Draft, _: &mut Rng) -> Option<()> {
    let mark = draft.header.name.as_mut()?.mark();
    draft.statements.clear();
    draft.expect(mark, &["CV003"]);
    Some(())
}

pub(super) fn fork_without_a_pipe(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    without_a_pipe(draft, rng, |is| matches!(is, Is::Fork(..)), "CV005")
}

pub(super) fn join_without_a_pipe(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    without_a_pipe(draft, rng, |is| matches!(is, Is::Join(..)), "CV006")
}

fn without_a_pipe(draft: &mut Draft, rng: &mut Rng, before: fn(&Is) -> bool, code: &str) -> Option<()> {
    let can = |chain: &Chain, at: usize| {
        at > 1
            && before(&chain[at].is)
            && chain[at - 1].is_pipe()
            && !chain[at - 1].is_use
            && ends_without_pipes(&chain[at - 2])
    };
    let mark = draft.at_some(rng, can, |chain, at| {
        chain.remove(at - 1);
        chain[at - 1].arrow.mark()
    })?;
    draft.expect(mark, &[code]);
    Some(())
}

/// No open branch ends with a pipe that would do.
fn ends_without_pipes(element: &Element) -> bool {
    element
        .branches
        .iter()
        .all(|branch| branch.last().is_some_and(|last| !last.is_pipe() && ends_without_pipes(last)))
}

pub(super) fn two_pipes(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let can = |chain: &Chain, at: usize| at > 0 && chain[at].is_pipe() && !chain[at].is_use;
    let mark = draft.at_some(rng, can, |chain, at| {
        chain.insert(at + 1, Element::pipe());
        chain[at + 1].arrow.mark()
    })?;
    draft.expect(mark, &["CV014"]);
    Some(())
}

/// From a named stage back to itself, or to one before it in the same statement.
pub(super) fn cycle(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let is_named = |element: &Element| {
        element.is_stage()
            && element.is_use
            && element.role() != Some(Role::Sink)
            && element.role() != Some(Role::Source)
    };
    let mut chains: Vec<&mut Chain> = draft.chains().filter(|chain| chain.iter().any(is_named)).collect();
    let chosen = if chains.is_empty() { return None } else { rng.usize(..chains.len()) };
    let chain = &mut chains[chosen];
    let first = chain.iter().position(is_named)?;
    let row = chain[first..].iter().take_while(|element| element.is_stage() || element.is_pipe()).count();
    let last = (first..first + row).rev().find(|at| is_named(&chain[*at]))?;
    let (from, to) = (chain[last].clone(), chain[first].clone());
    let mut marks: Vec<usize> =
        chain[first + 1..=last].iter_mut().map(|element| element.arrow.mark()).collect();
    let mut back = vec![from, Element::pipe(), to];
    for element in &mut back {
        (element.arrow.mark, element.words[0].mark) = (None, None);
    }
    marks.extend(back[1..].iter_mut().map(|element| element.arrow.mark()));
    draft.statements.push(Statement::Chain(back));
    for (number, mark) in marks.iter().enumerate() {
        draft.expect(*mark, &["CV009", &format!("({}/{})", number + 1, marks.len())]);
    }
    Some(())
}
