//! Where the elements of inner pipelines meet those around them.

use super::Flat;
use super::numbers::joined;
use crate::graph::table::{Element, Kind, Table};
use std::collections::BTreeMap;

/// An element of the outer table, or of a part: by the part's number there, and its own in the part's flat table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    Outer(u32),
    Inner(u32, u32),
}

/// A pipeline that is used inside another one.
pub(super) struct Part {
    pub(super) flat: &'static Flat,
    /// Its open head and the pipe behind it.
    head: Option<(u32, u32)>,
    /// Its open end.
    end: Option<u32>,
    /// The pipe in front of the open end.
    pub(super) end_pipe: Option<u32>,
    /// What that pipe, or the open end itself, reads.
    last: Option<u32>,
}

impl Part {
    pub(super) fn of(flat: &'static Flat) -> Part {
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
    pub(super) fn inside(&self) -> impl Iterator<Item = u32> {
        let (input, pipe) = self.head.unzip();
        let ends = [input, pipe, self.end, self.end_pipe];
        (0..self.flat.table.elements.len() as u32).filter(move |number| !ends.contains(&Some(*number)))
    }

    fn ends_in_a_stage(&self) -> bool {
        self.last.is_some_and(|last| self.element(last).kind.is_stage())
    }
}

/// Where the parts meet the elements around them.
pub(super) struct Joints<'p> {
    pub(super) table: &'static Table,
    pub(super) parts: &'p BTreeMap<u32, Part>,
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
    pub(super) fn pipe_behind(&self, part: u32) -> Option<u32> {
        let behind = self.behind(part)?;
        if self.outer(behind).kind == Kind::Relay { self.behind(behind) } else { Some(behind) }
    }

    /// The part right in front of an element of the outer table.
    fn part_before(&self, number: u32) -> Option<&Part> {
        self.parts.get(self.outer(number).from.first()?)
    }

    pub(super) fn vanishes(&self, origin: Origin) -> bool {
        let Origin::Outer(number) = origin else { return false };
        // the macro gives an open end to a part that sources or sinks may close: it cannot see that
        let is_to_a_source = |pipe: u32| {
            let part = self.behind(pipe).and_then(|number| self.parts.get(&number));
            part.is_some_and(|part| part.head.is_none())
        };
        let is_from_a_sink = |pipe: u32| self.part_before(pipe).is_some_and(|part| part.end.is_none());
        match self.outer(number).kind {
            Kind::Relay => self.part_before(number).is_some_and(Part::ends_in_a_stage),
            Kind::Input => self.behind(number).is_some_and(is_to_a_source),
            Kind::Output => self.outer(number).from.first().is_some_and(|pipe| is_from_a_sink(*pipe)),
            Kind::Pipe => is_to_a_source(number) || is_from_a_sink(number),
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

    pub(super) fn element(&self, origin: Origin, numbers: &BTreeMap<Origin, u32>) -> Element {
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
