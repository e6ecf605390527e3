//! How arrows run.
//!
//! Invariant: an arrow runs straight along its layer, at the height of the unit it comes from or leads to, and bends
//! only in the space between two layers or two rows. So it crosses no box.

use super::fold::{ASIDE, Bundle, Rows, TRACK};
use super::layers::Layers;
use super::layout::Column;
use super::shape::Shape;
use std::ops::Range;

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
}

impl Routes<'_> {
    /// From layer to layer.
    pub(super) fn within_rows(&self, rows: &Rows) -> Vec<Arrow> {
        let mut arrows = Vec::new();
        let is_fold = |layer: usize| rows.rows.iter().any(|row| row.end == layer + 1);
        for units in &self.layers.arrows {
            for pair in units.windows(2).filter(|pair| !is_fold(self.layers.of[pair[0]])) {
                let mut arrow = self.leaves(pair[0]);
                arrow.stretches.push(Stretch::Bent(self.entrance(pair[1])));
                self.arrives(&mut arrow, pair[1]);
                arrows.push(arrow);
            }
        }
        arrows
    }

    /// From the end of a row around to the beginning of the next. The lower an arrow starts, the further inside it turns:
    /// so these arrows do not cross each other on their way.
    pub(super) fn between_rows(&self, row: &Range<usize>, top: f64, tracks: &[Bundle]) -> Vec<Arrow> {
        let mut arrows = Vec::new();
        let mut tracks = tracks.to_vec();
        let lowest =
            |bundle: &Bundle| bundle.iter().map(|(from, _)| self.middles[*from]).fold(f64::MIN, f64::max);
        tracks.sort_by(|a, b| lowest(b).total_cmp(&lowest(a)));
        let last = &self.columns[row.end - 1];
        let next = &self.columns[row.end];
        let (right_end, left_end) = (last.left + last.width, next.left);
        let count = tracks.len();
        for (number, bundle) in tracks.into_iter().enumerate() {
            let aside = |number: usize| ASIDE / 2.0 + number as f64 * TRACK;
            let (right, left) =
                (right_end + aside(number), left_end - ASIDE / 2.0 - aside(count - 1 - number));
            let y = top + number as f64 * TRACK;
            for (from, to) in bundle {
                let mut arrow = self.leaves(from);
                let entrance = self.entrance(to);
                let corners = [
                    (right, self.middles[from]),
                    (right, y),
                    (left, y),
                    (left, entrance.y),
                    (entrance.x, entrance.y),
                ];
                arrow.stretches.extend(corners.map(|(x, y)| Stretch::Straight(Point { x, y })));
                self.arrives(&mut arrow, to);
                arrows.push(arrow);
            }
        }
        arrows
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
