//! Pipelines inside pipelines, taken apart: their elements stand where the outer table has one element for all of them.
//!
//! Invariants of a flat table: those of `table`, no element is a `Pipeline`, and what stems from an inner pipeline is
//! called `outer/inner`. An inner pipeline's open ends and the pipes at them vanish: its first stage reads what leads to
//! it, and the pipe behind it starts at its last element. The macro has put a relay behind wherever one may be needed;
//! it vanishes where the inner pipeline ends in a stage.
//!
//! A wiring knows elements, groups and pools by the numbers of its own table: [`Numbers`] are what they have become.

mod joints;
mod numbers;
#[cfg(test)]
mod tests;

pub(crate) use numbers::Numbers;

use super::table::{Element, Table};
use joints::{Joints, Origin, Part};
use numbers::{at, joined};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What has become of one declaration.
#[derive(Debug)]
pub(crate) struct Flat {
    pub(crate) table: &'static Table,
    pub(crate) numbers: Numbers,
}

/// A declaration with the pipelines inside of it, by their elements' numbers. It is flattened once, however often it is
/// run: what is made here stays.
pub(crate) fn flat(table: &'static Table, parts: Vec<(u32, &'static Flat)>) -> &'static Flat {
    static KNOWN: Mutex<BTreeMap<usize, &'static Flat>> = Mutex::new(BTreeMap::new());
    // a panic elsewhere leaves the map whole: every change is one insertion
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known
        .entry(std::ptr::from_ref(table).addr())
        .or_insert_with(|| Box::leak(Box::new(flatten(table, parts))))
}

fn flatten(table: &'static Table, parts: Vec<(u32, &'static Flat)>) -> Flat {
    let parts: BTreeMap<_, _> = parts.into_iter().map(|(number, flat)| (number, Part::of(flat))).collect();
    let all = (0..).zip(table.elements).flat_map(|(number, _)| match parts.get(&number) {
        None => vec![Origin::Outer(number)],
        Some(part) => part.inside().map(|inner| Origin::Inner(number, inner)).collect(),
    });
    let joints = Joints { table, parts: &parts };
    let kept: Vec<Origin> = all.filter(|origin| !joints.vanishes(*origin)).collect();
    let numbers: BTreeMap<Origin, u32> = kept.iter().copied().zip(0..).collect();
    let of_outer = |number: u32| numbers.get(&Origin::Outer(number)).copied();

    let mut whole = Numbers {
        elements: (0..table.elements.len() as u32).map(of_outer).collect(),
        pools: (0..table.pools.len() as u32).map(Some).collect(),
        ..Numbers::default()
    };
    let (mut pools, mut groups) = (table.pools.to_vec(), Vec::new());
    whole.groups = add_groups(&mut groups, table.groups, &whole.elements);
    for (number, part) in &parts {
        let name = table.elements[*number as usize].name;
        let first_pool = pools.len() as u32;
        pools.extend(part.flat.table.pools.iter().map(|pool| joined(name, pool)));
        let of_inner = |inner: u32| match part.end_pipe == Some(inner) {
            true => joints.pipe_behind(*number).and_then(of_outer),
            false => numbers.get(&Origin::Inner(*number, inner)).copied(),
        };
        let mut inner = Numbers {
            name,
            ordinal: whole.count(),
            elements: (0..part.flat.table.elements.len() as u32).map(of_inner).collect(),
            pools: (first_pool..pools.len() as u32).map(Some).collect(),
            ..Numbers::default()
        };
        inner.groups = add_groups(&mut groups, part.flat.table.groups, &inner.elements);
        whole.parts.insert(*number, part.flat.numbers.within(name, &inner));
    }

    let elements: Vec<Element> = kept.iter().map(|origin| joints.element(*origin, &numbers)).collect();
    let table = Table {
        name: table.name,
        place: table.place,
        elements: elements.leak(),
        pools: pools.leak(),
        groups: groups.leak(),
        init: table.init,
    };
    Flat { table: Box::leak(Box::new(table)), numbers: whole }
}

/// Adds what is left of some groups, and gives their new numbers.
fn add_groups(
    all: &mut Vec<&'static [u32]>,
    groups: &[&[u32]],
    elements: &[Option<u32>],
) -> Vec<Option<u32>> {
    let numbers = groups.iter().map(|group| {
        let stages: Vec<u32> = group.iter().filter_map(|stage| at(elements, *stage)).collect();
        let number = all.len() as u32;
        if stages.is_empty() {
            return None;
        }
        all.push(stages.leak());
        Some(number)
    });
    numbers.collect()
}
