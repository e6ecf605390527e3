//! A zip or ordered join closes exactly one fork, of the right kind.

use crate::draft::{Chain, Draft, Element, Is, Statement};
use crate::model::{Join, Role};
use fastrand::Rng;

/// `zip` over a balanced fork, or `ordered` over a replicated one.
pub(super) fn other_join(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let region = some_closed(draft, rng, |_| true)?;
    every_word(draft, |element| {
        let other = match element.is {
            Is::Join(Join::Zip, closed) if closed == Some(region) => "ordered",
            Is::Join(Join::Ordered, closed) if closed == Some(region) => "zip",
            _ => return,
        };
        if !element.is_use {
            element.words[1] = other.into();
        }
    });
    conflict(draft, region, "CV013")
}

pub(super) fn branch_leaves(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let (region, fork) = some_named(draft, rng, |is| is.opened())?;
    let join = draft.of_region(region, Is::closed)?;
    let mut sink = Element::stage(Role::Sink, "|_| ()");
    let leaves = sink.arrow.mark();
    draft.chain([fork, sink]);
    draft.expect(join, &["CV020", "(1/2)"]);
    draft.expect(leaves, &["CV020", "(2/2)"]);
    Some(())
}

pub(super) fn stream_enters(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let (region, join) = some_named(draft, rng, |is| is.closed())?;
    let place = draft.of_region(region, Is::closed)?;
    let mut source = Element::stage(Role::Source, "0..3u64");
    let enters = source.words[0].mark();
    draft.chain([source, Element::pipe(), join]);
    draft.expect(place, &["CV020", "(1/2)"]);
    draft.expect(enters, &["CV020", "(2/2)"]);
    Some(())
}

/// An ordered join directly inside of a zip or ordered region becomes a merge.
pub(super) fn merge_inside(draft: &mut Draft, rng: &mut Rng) -> Option<()> {
    let closed = closed_regions(draft);
    let is_around = |element: &Element| element.is.opened().is_some_and(|region| closed.contains(&region));
    let inside = |branch: &Chain| {
        branch.iter().position(|element| matches!(element.is, Is::Join(Join::Ordered, _)) && !element.is_use)
    };
    let (region, merge) = draft.at_some(
        rng,
        |chain, at| is_around(&chain[at]) && chain[at].branches.iter().any(|branch| inside(branch).is_some()),
        |chain, at| {
            let region = chain[at].is.opened();
            let branch = chain[at].branches.iter_mut().find(|branch| inside(branch).is_some());
            // the last one is the first on the way back
            let join = branch?
                .iter_mut()
                .rev()
                .find(|element| matches!(element.is, Is::Join(Join::Ordered, _)) && !element.is_use)?;
            join.words[1] = "merge".into();
            Some((region?, join.words[0].mark()))
        },
    )??;
    let place = draft.of_region(region, Is::closed)?;
    draft.expect(place, &["CV020", "(1/2)"]);
    draft.expect(merge, &["CV020", "(2/2)"]);
    Some(())
}

/// The join in front, the fork behind it.
fn conflict(draft: &mut Draft, region: usize, code: &str) -> Option<()> {
    let (join, fork) = (draft.of_region(region, Is::closed)?, draft.of_region(region, Is::opened)?);
    draft.expect(join, &[code, "(1/2)"]);
    draft.expect(fork, &[code, "(2/2)"]);
    Some(())
}

/// The regions that a zip or an ordered join closes.
fn closed_regions(draft: &mut Draft) -> Vec<usize> {
    let mut regions = Vec::new();
    draft.find(|chain, at| {
        if let Is::Join(Join::Zip | Join::Ordered, Some(region)) = chain[at].is {
            regions.push(region);
        }
        None::<()>
    });
    regions.sort_unstable();
    regions.dedup();
    regions
}

fn some_closed(draft: &mut Draft, rng: &mut Rng, is_meant: impl Fn(usize) -> bool) -> Option<usize> {
    let regions: Vec<usize> = closed_regions(draft).into_iter().filter(|region| is_meant(*region)).collect();
    regions.get(rng.usize(..regions.len().max(1))).copied()
}

/// A fork or a join of such a region that has a name, in a chain of its own.
fn some_named(draft: &mut Draft, rng: &mut Rng, of: fn(&Is) -> Option<usize>) -> Option<(usize, Element)> {
    let closed = closed_regions(draft);
    let named: Vec<(usize, Element)> = draft
        .chains()
        .flat_map(|chain| chain.iter())
        .filter(|element| element.is_use)
        .filter_map(|element| Some((of(&element.is)?, element.clone())))
        .filter(|(region, _)| closed.contains(region))
        .collect();
    let (region, element) = named.get(rng.usize(..named.len().max(1)))?;
    let name = element.name()?;
    Some((*region, Element::named(element.is.clone(), name)))
}

fn every_word(draft: &mut Draft, mut change: impl FnMut(&mut Element)) {
    for statement in &mut draft.statements {
        if let Statement::Declaration { element, .. } = statement {
            change(element);
        }
    }
    draft.find(|chain, at| {
        change(&mut chain[at]);
        None::<()>
    });
}
