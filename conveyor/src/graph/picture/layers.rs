//! Who stands in which layer: every arrow leads from one layer into a later one.
//!
//! Invariant: a segment leads from a layer into the next. An arrow that is longer consists of several segments and
//! passes through waypoints, which have a place of their own, so that no arrow crosses an element.

use super::Part;

/// Units are the elements by number, then the waypoints.
pub(super) struct Layers {
    /// The layer of each unit.
    pub(super) of: Vec<usize>,
    /// The element that the arrow through each waypoint leads to; an element itself.
    pub(super) leads_to: Vec<usize>,
    /// How many there are.
    pub(super) count: usize,
    /// For each arrow the units that it touches, from its start to its end.
    pub(super) arrows: Vec<Vec<usize>>,
}

impl Layers {
    pub(super) fn new(parts: &[Part]) -> Layers {
        let mut of = layers(parts);
        let count = of.iter().max().map_or(0, |last| last + 1);
        let mut leads_to: Vec<usize> = (0..parts.len()).collect();
        let mut arrows = Vec::new();
        for (to, part) in parts.iter().enumerate() {
            for &from in &part.from {
                let mut units = vec![from];
                for layer in of[from] + 1..of[to] {
                    units.push(of.len());
                    of.push(layer);
                    leads_to.push(to);
                }
                units.push(to);
                arrows.push(units);
            }
        }
        Layers { of, leads_to, count, arrows }
    }

    /// The parts of all arrows: from unit to unit.
    pub(super) fn segments(&self) -> impl Iterator<Item = (usize, usize)> {
        self.arrows.iter().flat_map(|units| units.windows(2).map(|pair| (pair[0], pair[1])))
    }
}

/// As early as possible; but what does not split the stream then moves towards what it leads to, so that a source that
/// is needed late stands late.
fn layers(parts: &[Part]) -> Vec<usize> {
    let mut of = vec![0; parts.len()];
    let mut behind = vec![Vec::new(); parts.len()];
    for (number, part) in parts.iter().enumerate() {
        of[number] = part.from.iter().map(|before| of[*before] + 1).max().unwrap_or(0);
        part.from.iter().for_each(|before| behind[*before].push(number));
    }
    for (number, part) in parts.iter().enumerate().rev() {
        let next = behind[number].iter().map(|next| of[*next]).min();
        if let Some(next) = next.filter(|_| behind[number].len() >= part.from.len()) {
            of[number] = next - 1;
        }
    }
    of
}
