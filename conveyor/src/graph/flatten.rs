//! Pipelines inside pipelines, taken apart: their elements stand where the outer table has one element for all of them.
//!
//! Invariants of a flat table: those of `table`, no element is a `Pipeline`, and what stems from an inner pipeline is
//! called `outer/inner`. An inner pipeline's open ends and the pipes at them vanish: its first stage reads what leads to
//! it, and the pipe behind it starts at its last element. The macro has put a relay behind wherever one may be needed;
//! it vanishes where the inner pipeline ends in a stage.
//!
//! A wiring knows elements, groups and pools by the numbers of its own table: [`Numbers`] are what they have become.

use super::table::{Element, Kind, Table};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What has become of one declaration.
#[derive(Debug)]
pub(crate) struct Flat {
    pub(crate) table: &'static Table,
    pub(crate) numbers: Numbers,
}

/// The numbers in the flat table, by those in a declaration's own table; nothing for what has vanished.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Numbers {
    /// `outer/inner` of the pipeline that the numbers are of; empty for the whole.
    name: &'static str,
    elements: Vec<Option<u32>>,
    groups: Vec<Option<u32>>,
    pools: Vec<Option<u32>>,
    /// The pipelines inside, by the numbers of their elements.
    parts: BTreeMap<u32, Numbers>,
}

impl Numbers {
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn element(&self, number: u32) -> Option<u32> {
        at(&self.elements, number)
    }

    pub(crate) fn group(&self, number: u32) -> Option<u32> {
        at(&self.groups, number)
    }

    pub(crate) fn pool(&self, number: u32) -> Option<u32> {
        at(&self.pools, number)
    }

    /// The numbers of a pipeline inside.
    pub(crate) fn part(&self, number: u32) -> Option<&Numbers> {
        self.parts.get(&number)
    }

    pub(crate) fn has_parts(&self) -> bool {
        !self.parts.is_empty()
    }

    /// Is an element of the flat table from here, or from a pipeline inside?
    pub(crate) fn has_element(&self, number: u32) -> bool {
        self.elements.contains(&Some(number)) || self.parts.values().any(|part| part.has_element(number))
    }

    /// The same for a group.
    pub(crate) fn has_group(&self, number: u32) -> bool {
        self.groups.contains(&Some(number)) || self.parts.values().any(|part| part.has_group(number))
    }

    /// What these numbers become where the table that they lead to has become part of another one.
    fn within(&self, name: &str, outer: &Numbers) -> Numbers {
        let own = if self.name.is_empty() { outer.name } else { joined(name, self.name) };
        let parts = self.parts.iter().map(|(number, part)| (*number, part.within(name, outer)));
        let lead = |numbers: &[Option<u32>], to: &[Option<u32>]| {
            numbers.iter().map(|number| number.and_then(|number| at(to, number))).collect()
        };
        Numbers {
            name: own,
            elements: lead(&self.elements, &outer.elements),
            groups: lead(&self.groups, &outer.groups),
            pools: lead(&self.pools, &outer.pools),
            parts: parts.collect(),
        }
    }
}

fn at(numbers: &[Option<u32>], number: u32) -> Option<u32> {
    numbers.get(number as usize).copied().flatten()
}

/// A declaration with the pipelines inside of it, by their elements' numbers. It is flattened once, however often it is
/// run: what is made here stays.
pub(crate) fn flat(table: &'static Table, parts: Vec<(u32, &'static Flat)>) -> &'static Flat {
    static KNOWN: Mutex<BTreeMap<usize, &'static Flat>> = Mutex::new(BTreeMap::new());
    // a panic elsewhere leaves the map whole: every change is one insertion
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(std::ptr::from_ref(table).addr()).or_insert_with(|| Box::leak(Box::new(flatten(table, parts))))
}

/// An element of the outer table, or of a part: by the part's number there, and its own in the part's flat table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Outer(u32),
    Inner(u32, u32),
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

/// A pipeline that is used inside another one.
struct Part {
    flat: &'static Flat,
    /// Its open head and the pipe behind it.
    head: Option<(u32, u32)>,
    /// Its open end.
    end: Option<u32>,
    /// The pipe in front of the open end.
    end_pipe: Option<u32>,
    /// What that pipe, or the open end itself, reads.
    last: Option<u32>,
}

impl Part {
    fn of(flat: &'static Flat) -> Part {
        let elements = flat.table.elements;
        let find = |kind: Kind| elements.iter().position(|element| element.kind == kind);
        let before = |number: usize| elements[number].from.first().map(|before| *before as usize);
        let head = find(Kind::Input).and_then(|input| {
            let pipe = elements.iter().position(|element| element.from.contains(&(input as u32)))?;
            Some((input as u32, pipe as u32))
        });
        let end = find(Kind::Output);
        let end_pipe = end.and_then(before).filter(|pipe| elements[*pipe].kind == Kind::Pipe);
        let last = end_pipe.or(end).and_then(before);
        let number = |at: Option<usize>| at.map(|at| at as u32);
        Part { flat, head, end: number(end), end_pipe: number(end_pipe), last: number(last) }
    }

    fn element(&self, number: u32) -> &'static Element {
        &self.flat.table.elements[number as usize]
    }

    /// The elements that stay.
    fn inside(&self) -> impl Iterator<Item = u32> {
        let (input, pipe) = self.head.unzip();
        let ends = [input, pipe, self.end, self.end_pipe];
        (0..self.flat.table.elements.len() as u32).filter(move |number| !ends.contains(&Some(*number)))
    }

    fn ends_in_a_stage(&self) -> bool {
        self.last.is_some_and(|last| self.element(last).kind.is_stage())
    }
}

/// Where the parts meet the elements around them.
struct Joints<'p> {
    table: &'static Table,
    parts: &'p BTreeMap<u32, Part>,
}

impl Joints<'_> {
    fn outer(&self, number: u32) -> &'static Element {
        &self.table.elements[number as usize]
    }

    fn behind(&self, number: u32) -> Option<u32> {
        let reads = |element: &Element| element.from.contains(&number);
        self.table.elements.iter().position(reads).map(|number| number as u32)
    }

    /// The pipe behind a part, perhaps with a relay between.
    fn pipe_behind(&self, part: u32) -> Option<u32> {
        let behind = self.behind(part)?;
        if self.outer(behind).kind == Kind::Relay { self.behind(behind) } else { Some(behind) }
    }

    /// The part whose ends an element of the outer table is concerned with: it stands right in front of it.
    fn part_before(&self, number: u32) -> Option<&Part> {
        self.parts.get(self.outer(number).from.first()?)
    }

    fn vanishes(&self, origin: Origin) -> bool {
        let Origin::Outer(number) = origin else { return false };
        // the macro cannot see whether a part at one of the ends is open there
        let leads_nowhere = |part: Option<&Part>| part.is_some_and(|part| part.head.is_none());
        let comes_from_nowhere = |part: Option<&Part>| part.is_some_and(|part| part.end.is_none());
        let part_behind = |number: u32| self.behind(number).and_then(|number| self.parts.get(&number));
        match self.outer(number).kind {
            Kind::Relay => self.part_before(number).is_some_and(Part::ends_in_a_stage),
            Kind::Input => leads_nowhere(self.behind(number).and_then(part_behind)),
            Kind::Output => {
                let pipe = self.outer(number).from.first();
                comes_from_nowhere(pipe.and_then(|pipe| self.part_before(*pipe)))
            }
            Kind::Pipe => leads_nowhere(part_behind(number)) || comes_from_nowhere(self.part_before(number)),
            _ => false,
        }
    }

    /// Where the messages behind an element of the outer table come from.
    fn source(&self, number: u32) -> Option<Origin> {
        match self.parts.get(&number) {
            Some(part) => Some(Origin::Inner(number, part.last?)),
            None if self.vanishes(Origin::Outer(number)) => self.source(*self.outer(number).from.first()?),
            None => Some(Origin::Outer(number)),
        }
    }

    /// Where those behind an element of a part come from: what reads the part's open head reads what leads to the part.
    fn source_in(&self, number: u32, inner: u32) -> Option<Origin> {
        match self.parts[&number].head {
            Some((_, pipe)) if pipe == inner => self.source(*self.outer(number).from.first()?),
            _ => Some(Origin::Inner(number, inner)),
        }
    }

    fn element(&self, origin: Origin, numbers: &BTreeMap<Origin, u32>) -> Element {
        let known = |origin: Option<Origin>| numbers.get(&origin?).copied();
        let forks = |number: u32| self.outer(number).within.iter().map(|fork| Origin::Outer(*fork));
        match origin {
            Origin::Outer(number) => {
                let &Element { kind, from, within: _, name, inserted, pools, detail } = self.outer(number);
                let from = from.iter().filter_map(|before| known(self.source(*before)));
                let within = forks(number).filter_map(|fork| known(Some(fork)));
                let own = Element {
                    name,
                    kind,
                    from: leaked(from),
                    within: leaked(within),
                    inserted,
                    pools,
                    detail,
                };
                self.named_by_the_part(number, own)
            }
            Origin::Inner(number, inner) => {
                let element = self.parts[&number].element(inner);
                let from = element.from.iter().filter_map(|before| known(self.source_in(number, *before)));
                let own_forks = element.within.iter().map(|fork| Origin::Inner(number, *fork));
                let within = forks(number).chain(own_forks).filter_map(|fork| known(Some(fork)));
                let first_pool = self.first_pool(number);
                let pools = element.pools.iter().map(|pool| first_pool + pool);
                Element {
                    name: joined(self.outer(number).name, element.name),
                    kind: element.kind,
                    from: leaked(from),
                    within: leaked(within),
                    inserted: element.inserted,
                    pools: leaked(pools),
                    detail: element.detail,
                }
            }
        }
    }

    /// A pipe that was inserted behind a part shows what the part says about its last pipe.
    fn named_by_the_part(&self, number: u32, pipe: Element) -> Element {
        let before = pipe_writer(self.table, number);
        let part = before.and_then(|before| Some((before, self.parts.get(&before)?)));
        let Some((before, part)) = part.filter(|_| pipe.kind == Kind::Pipe && pipe.inserted) else {
            return pipe;
        };
        match part.end_pipe.map(|end| part.element(end)) {
            Some(end) if !end.inserted => {
                let name = joined(self.outer(before).name, end.name);
                Element { name, inserted: false, detail: end.detail, ..pipe }
            }
            _ => pipe,
        }
    }

    fn first_pool(&self, number: u32) -> u32 {
        let before = self.parts.range(..number).map(|(_, part)| part.flat.table.pools.len() as u32);
        self.table.pools.len() as u32 + before.sum::<u32>()
    }
}

/// What an element of the outer table reads, behind a relay.
fn pipe_writer(table: &Table, number: u32) -> Option<u32> {
    let before = *table.elements[number as usize].from.first()?;
    let element = &table.elements[before as usize];
    if element.kind == Kind::Relay { element.from.first().copied() } else { Some(before) }
}

fn leaked(numbers: impl Iterator<Item = u32>) -> &'static [u32] {
    numbers.collect::<Vec<_>>().leak()
}

fn joined(outer: &str, inner: &str) -> &'static str {
    format!("{outer}/{inner}").leak()
}
