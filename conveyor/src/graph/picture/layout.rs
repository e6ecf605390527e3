//! Where everything stands: boxes in rows, and the arrows between them.

use super::Part;
use super::fold::{ASIDE, MARGIN, Rows, TRACK};
use super::layers::Layers;
use super::place::middles;
use super::route::{Arrow, Point, Routes};
use super::shape::{Shape, shape};
use super::turn::{Passing, Turn};
use std::ops::Range;

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
pub(super) struct Column {
    pub(super) left: f64,
    pub(super) width: f64,
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

        let turned = rows.rows.iter().zip(&bottoms).filter(|(row, _)| row.end < layers.count);
        let turn = |(row, bottom): (&Range<usize>, &f64)| {
            Turn::new(row.end - 1, bottom + ASIDE, &rows, &columns, &middles)
        };
        let turns: Vec<Turn> = turned.map(turn).collect();
        let passing = Passing::new(&layers, &rows, shapes.len());
        let routes = Routes {
            layers: &layers,
            shapes: &shapes,
            columns: &columns,
            middles: &middles,
            passing: &passing,
        };
        let mut arrows = routes.within_rows(&rows);
        arrows.extend(routes.between_rows(&turns));
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
