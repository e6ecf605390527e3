//! Open ends: one head, one end, and no branch that leads nowhere.

use crate::draft::{Chain, Draft, Element, Is, Statement};
use crate::model::{Join, Policy, Role};
use fastrand::Rng;

/// One more branch of a named fork, which ends in nothing.
pub(super) fn partial_join(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    if !draft.header.end_is_free {
        return None;
    }
    let fork = free_fork(draft, rng)?;
    let there = draft.first_use(&fork.is, fork.name())?;
    let mut stage = Element::stage(Role::Processor, "double");
    let here = stage.words[0].mark();
    draft.chain([fork, stage]);
    draft.expect(here, &["CV007", "(1/2)"]);
    draft.expect(there, &["CV007", "(2/2)"]);
    Some(())
}

pub(super) fn two_heads(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    if !draft.header.is_open {
        return None;
    }
    let head = head(draft)?;
    let join = some_use(draft, rng, |is| matches!(is, Is::Join(Join::Merge, None)))?;
    let mut second = Element::stage(Role::Processor, "double");
    let here = second.words[0].mark();
    draft.chain([second, Element::pipe(), join]);
    draft.expect(head, &["CV023", "(1/2)"]);
    draft.expect(here, &["CV023", "(2/2)"]);
    Some(())
}

/// A branch of a fork comes together with a source, and leads nowhere.
pub(super) fn two_ends(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    if !draft.header.end_is_free {
        return None;
    }
    let end = end(draft)?;
    let fork = free_fork(draft, rng)?;
    let is = Is::Join(Join::Merge, None);
    let join = || Element::named(is.clone(), "gathered");
    draft
        .statements
        .push(Statement::Declaration { name: "gathered".into(), element: Element::new(is.clone()).into() });
    draft.chain([fork, Element::pipe(), join()]);
    draft.chain([Element::stage(Role::Source, "0..3u64"), Element::pipe(), join()]);
    let mut last = Element::stage(Role::Processor, "double");
    let here = last.words[0].mark();
    draft.chain([join(), last]);
    draft.expect(end, &["CV023", "(1/2)"]);
    draft.expect(here, &["CV023", "(2/2)"]);
    Some(())
}

/// A use of a named replicated fork that no zip closes.
fn free_fork(draft: &mut Draft, rng: &mut Rng) -> Option<Element> {
    some_use(draft, rng, |is| matches!(is, Is::Fork(Policy::Replicated, None)))
}

fn some_use(draft: &mut Draft, rng: &mut Rng, is_meant: impl Fn(&Is) -> bool) -> Option<Element> {
    let can = |chain: &Chain, at: usize| chain[at].is_use && is_meant(&chain[at].is);
    let element = draft.at_some(rng, can, |chain, at| chain[at].clone())?;
    Some(Element::named(element.is.clone(), element.name()?))
}

/// The first use of the stage that takes the caller's messages.
fn head(draft: &mut Draft) -> Option<usize> {
    let head = draft.head().map(|chain| &mut chain[0]).filter(|head| head.role().is_some())?;
    let (is, name, mark) = (head.is.clone(), head.name().map(str::to_owned), head.words[0].mark());
    shown(draft, &is, name.as_deref(), mark)
}

/// The first use of the stage that gives the caller's messages.
fn end(draft: &mut Draft) -> Option<usize> {
    let before = draft.names(|at, length| at + 1 < length);
    let is_end = |element: &Element| {
        element.role().is_some_and(|role| role != Role::Sink)
            && element.name().is_none_or(|name| !before.iter().any(|other| other == name))
    };
    let end = draft.chains().filter_map(|chain| chain.last_mut()).find(|element| is_end(element))?;
    let (is, name, mark) = (end.is.clone(), end.name().map(str::to_owned), end.words[0].mark());
    shown(draft, &is, name.as_deref(), mark)
}

/// What has a name is shown where that stands first.
fn shown(draft: &mut Draft, is: &Is, name: Option<&str>, mark: usize) -> Option<usize> {
    if name.is_some() { draft.first_use(is, name) } else { Some(mark) }
}
