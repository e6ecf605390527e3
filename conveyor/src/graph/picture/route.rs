//! The finished layout: boxes, and arrows between them.
//!
//! Invariants: an arrow runs straight along its layer, at the height of the unit it comes from or leads to, and bends
//! only in the space between two layers or two rows. So it crosses no box.

use super::Part;
use super::fold::{ASIDE, Bundle, MARGIN, Rows, TRACK};
use super::layers::Layers;
use super::place::middles;
use super::shape::{Shape, shape};
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
    /// The number of the element that it leads to, if it ends at one.
    pub(super) to: Option<usize>,
}

pub(super) struct Placed {
    pub(super) shape: Shape,
    /// The upper left corner.
    pub(super) at: Point,
}

pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    /// By number.
    pub(super) boxes: Vec<Placed>,
    pub(super) arrows: Vec<Arrow>,
}

/// Where a layer stands.
struct Column {
    left: f64,
    width: f64,
}

impl Layout {
    pub(super) fn new(parts: &[Part]) -> Layout {
        let shapes: Vec<Shape> = parts.iter().map(|part| shape(parts, part)).collect();
        let layers = Layers::new(parts);
        let mut middles = middles(&layers, &shapes);
        let rows = Rows::new(&layers, &shapes, &middles);
        let columns = columns(&rows);
        let mut bottoms = Vec::new();
        let mut top = MARGIN;
        for row in &rows.rows {
            let bottom = lower(row, &layers, &shapes, &mut middles, top);
            bottoms.push(bottom);
            top = bottom + 2.0 * ASIDE + rows.tracks[row.end - 1].len() as f64 * TRACK;
        }

        let mut drawing = Drawing {
            layers: &layers,
            shapes: &shapes,
            columns: &columns,
            middles: &middles,
            arrows: Vec::new(),
        };
        drawing.within_rows(&rows);
        for (row, bottom) in rows.rows.iter().zip(&bottoms) {
            if row.end < layers.count {
                drawing.between_rows(row, bottom + ASIDE, rows.tracks[row.end - 1].clone());
            }
        }
        let arrows = drawing.arrows;
        let place = |(number, shape): (usize, Shape)| {
            let column = &columns[layers.of[number]];
            let at = Point {
                x: column.left + (column.width - shape.width) / 2.0,
                y: middles[number] - shape.height / 2.0,
            };
            Placed { shape, at }
        };
        let height = bottoms.last().copied().unwrap_or(MARGIN) + MARGIN;
        let boxes = shapes.into_iter().enumerate().map(place).collect();
        let width = rows.rows.iter().map(|row| rows.width(row)).fold(0.0, f64::max);
        Layout { width, height, boxes, arrows }
    }
}

fn columns(rows: &Rows) -> Vec<Column> {
    let mut columns = Vec::new();
    for row in &rows.rows {
        let mut x = rows.left(row);
        for layer in row.clone() {
            columns.push(Column { left: x, width: rows.widths[layer] });
            x += rows.widths[layer] + rows.gaps[layer];
        }
    }
    columns
}

/// Moves a row down to where it belongs, and gives its lower end.
fn lower(row: &Range<usize>, layers: &Layers, shapes: &[Shape], middles: &mut [f64], top: f64) -> f64 {
    let half = |unit: usize| shapes.get(unit).map_or(0.0, |shape| shape.height / 2.0);
    let units: Vec<usize> = (0..middles.len()).filter(|unit| row.contains(&layers.of[*unit])).collect();
    let highest = units.iter().map(|unit| middles[*unit] - half(*unit)).fold(f64::MAX, f64::min);
    let mut bottom = top;
    for unit in units {
        middles[unit] += top - highest;
        bottom = bottom.max(middles[unit] + half(unit));
    }
    bottom
}

struct Drawing<'a> {
    layers: &'a Layers,
    shapes: &'a [Shape],
    columns: &'a [Column],
    middles: &'a [f64],
    arrows: Vec<Arrow>,
}

impl Drawing<'_> {
    fn within_rows(&mut self, rows: &Rows) {
        let is_fold = |layer: usize| rows.rows.iter().any(|row| row.end == layer + 1);
        for units in &self.layers.arrows {
            for pair in units.windows(2).filter(|pair| !is_fold(self.layers.of[pair[0]])) {
                let mut arrow = self.leaves(pair[0]);
                arrow.stretches.push(Stretch::Bent(self.entrance(pair[1])));
                self.arrives(arrow, pair[1]);
            }
        }
    }

    /// From the end of a row around to the beginning of the next. The lower an arrow starts, the further inside it turns:
    /// so these arrows do not cross each other on their way.
    fn between_rows(&mut self, row: &Range<usize>, top: f64, mut tracks: Vec<Bundle>) {
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
                self.arrives(arrow, to);
            }
        }
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
        Arrow { start: Point { x, y }, stretches: vec![Stretch::Straight(end)], to: None }
    }

    /// From the beginning of its layer into a unit.
    fn arrives(&mut self, mut arrow: Arrow, unit: usize) {
        let column = &self.columns[self.layers.of[unit]];
        let shape = self.shapes.get(unit);
        let x = shape.map_or(column.left, |shape| column.left + (column.width - shape.width) / 2.0);
        arrow.stretches.push(Stretch::Straight(Point { x, y: self.middles[unit] }));
        arrow.to = shape.map(|_| unit);
        self.arrows.push(arrow);
    }
}
