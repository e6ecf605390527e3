//! How arrows run.
//!
//! Invariant: an arrow runs straight along its layer, at the height of the unit it comes from or leads to, and bends
//! only in the space between two layers or two rows. So it crosses no box.

use super::fold::Rows;
use super::layers::Layers;
use super::layout::Column;
use super::shape::Shape;
use super::turn::{Passing, Track, Turn};

/// The pointed end of an arrow keeps a direction.
const TIP: f64 = 8.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// The next stretch of an arrow.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stretch {
    Straight(Point),
    /// Begins and ends along the flow.
    Bent(Point),
}

pub(super) struct Arrow {
    pub(super) start: Point,
    pub(super) stretches: Vec<Stretch>,
    /// The number of the element that it leads to.
    pub(super) to: usize,
    /// It ends there, and not at a waypoint.
    pub(super) arrives: bool,
}

/// What the routes follow from.
pub(super) struct Routes<'a> {
    pub(super) layers: &'a Layers,
    pub(super) shapes: &'a [Shape],
    pub(super) columns: &'a [Column],
    /// How high each unit stands.
    pub(super) middles: &'a [f64],
    pub(super) passing: &'a Passing,
}

impl Routes<'_> {
    /// From layer to layer.
    pub(super) fn within_rows(&self, rows: &Rows) -> Vec<Arrow> {
        let mut arrows = Vec::new();
        let is_fold = |layer: usize| rows.rows.iter().any(|row| row.end == layer + 1);
        for units in &self.layers.arrows {
            let pairs = units.windows(2).filter(|pair| !is_fold(self.layers.of[pair[0]]));
            for pair in pairs.filter(|pair| !self.passing.waypoints.contains(&pair[0])) {
                let mut arrow = self.leaves(pair[0]);
                arrow.stretches.push(Stretch::Bent(self.entrance(pair[1])));
                self.arrives(&mut arrow, pair[1]);
                arrows.push(arrow);
            }
        }
        arrows
    }

    /// From the end of a row around to the beginning of the next, and further down where an arrow passes by that one.
    pub(super) fn between_rows(&self, turns: &[Turn]) -> Vec<Arrow> {
        let mut arrows = Vec::new();
        for (number, turn) in turns.iter().enumerate() {
            for (track, bundle) in turn.tracks.iter().enumerate() {
                let track = turn.track(track);
                let starts = bundle.iter().filter(|(from, _)| !self.passing.waypoints.contains(from));
                arrows.extend(starts.map(|segment| self.around(*segment, &track, &turns[number + 1..])));
            }
        }
        arrows
    }

    fn around(&self, (from, mut to): (usize, usize), track: &Track, turns: &[Turn]) -> Arrow {
        let mut arrow = self.leaves(from);
        let mut left = track.left;
        let mut corners = vec![(track.right, self.middles[from]), (track.right, track.y), (left, track.y)];
        for turn in turns {
            let Some(segment) = self.passing.out.get(&to) else { break };
            let Some(next) = turn.track_of(segment) else { break };
            corners.extend([(left, next.y), (next.left, next.y)]);
            (left, to) = (next.left, segment.1);
        }
        let entrance = self.entrance(to);
        corners.extend([(left, entrance.y), (entrance.x, entrance.y)]);
        arrow.stretches.extend(corners.into_iter().map(|(x, y)| Stretch::Straight(Point { x, y })));
        self.arrives(&mut arrow, to);
        arrow
    }

    /// To where the layer of a unit begins.
    fn entrance(&self, unit: usize) -> Point {
        Point { x: self.columns[self.layers.of[unit]].left - TIP, y: self.middles[unit] }
    }

    /// Out of a unit and to the end of its layer.
    fn leaves(&self, unit: usize) -> Arrow {
        let column = &self.columns[self.layers.of[unit]];
        let y = self.middles[unit];
        let x = match self.shapes.get(unit) {
            Some(shape) => column.left + (column.width + shape.width) / 2.0,
            None => column.left,
        };
        let end = Point { x: column.left + column.width, y };
        Arrow { start: Point { x, y }, stretches: vec![Stretch::Straight(end)], to: unit, arrives: false }
    }

    /// From the beginning of its layer into a unit.
    fn arrives(&self, arrow: &mut Arrow, unit: usize) {
        let column = &self.columns[self.layers.of[unit]];
        let shape = self.shapes.get(unit);
        let x = shape.map_or(column.left, |shape| column.left + (column.width - shape.width) / 2.0);
        arrow.stretches.push(Stretch::Straight(Point { x, y: self.middles[unit] }));
        arrow.to = self.layers.leads_to[unit];
        arrow.arrives = shape.is_some();
    }
}
