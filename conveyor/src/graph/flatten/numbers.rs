//! What the numbers of a declaration's own table have become.

use std::collections::BTreeMap;

/// The numbers in the flat table, by those in a declaration's own table; nothing for what has vanished.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Numbers {
    /// `outer/inner` of the pipeline that the numbers are of; empty for the whole.
    pub(super) name: &'static str,
    /// Which of all pipelines inside the whole it is, from 0.
    pub(super) ordinal: usize,
    pub(super) elements: Vec<Option<u32>>,
    pub(super) groups: Vec<Option<u32>>,
    pub(super) pools: Vec<Option<u32>>,
    /// The pipelines inside, by the numbers of their elements.
    pub(super) parts: BTreeMap<u32, Numbers>,
}

impl Numbers {
    pub(crate) fn ordinal(&self) -> usize {
        self.ordinal
    }

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

    /// How many pipelines are inside, at any depth.
    pub(crate) fn count(&self) -> usize {
        self.parts.values().map(|part| 1 + part.count()).sum()
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
    pub(super) fn within(&self, name: &str, outer: &Numbers) -> Numbers {
        let (own, ordinal) = match self.name {
            "" => (outer.name, outer.ordinal),
            inner => (joined(name, inner), outer.ordinal + 1 + self.ordinal),
        };
        let parts = self.parts.iter().map(|(number, part)| (*number, part.within(name, outer)));
        let lead = |numbers: &[Option<u32>], to: &[Option<u32>]| {
            numbers.iter().map(|number| number.and_then(|number| at(to, number))).collect()
        };
        Numbers {
            name: own,
            ordinal,
            elements: lead(&self.elements, &outer.elements),
            groups: lead(&self.groups, &outer.groups),
            pools: lead(&self.pools, &outer.pools),
            parts: parts.collect(),
        }
    }
}

pub(super) fn at(numbers: &[Option<u32>], number: u32) -> Option<u32> {
    numbers.get(number as usize).copied().flatten()
}

/// The name of something of an inner pipeline.
pub(super) fn joined(outer: &str, inner: &str) -> &'static str {
    format!("{outer}/{inner}").leak()
}
