//! Where the units of each layer stand, across the direction of the flow.

use super::layers::Layers;
use super::shape::Shape;
use rust_sugiyama::configure::Config;
use rust_sugiyama::from_vertices_and_edges;
use std::collections::BTreeSet;

/// Between two units of one layer.
const SPACE: f64 = 14.0;
/// What an arrow takes where it passes by elements.
const WAYPOINT: f64 = 4.0;

/// The middle of each unit.
pub(super) fn middles(layers: &Layers, shapes: &[Shape]) -> Vec<f64> {
    let sizes: Vec<f64> =
        (0..layers.of.len()).map(|unit| shapes.get(unit).map_or(WAYPOINT, |shape| shape.height)).collect();
    let vertices: Vec<(u32, (f64, f64))> =
        (0..).zip(&sizes).map(|(unit, size)| (unit, (*size, 1.0))).collect();
    let mut edges: Vec<(u32, u32)> = layers.segments().map(|(from, to)| (from as u32, to as u32)).collect();
    let mut told = BTreeSet::new();
    edges.retain(|edge| told.insert(*edge));
    // The crate begins with the neighbours that were told last: so the first branch is on top.
    edges.reverse();
    let config = Config { vertex_spacing: SPACE, ..Config::default() };
    let mut middles = vec![0.0; sizes.len()];
    for (part, ..) in from_vertices_and_edges(&vertices, &edges, &config) {
        for (unit, (middle, _)) in part {
            middles[unit] = middle;
        }
    }
    keep_apart(layers, &sizes, &mut middles);
    middles
}

/// The crate mostly leaves the space that was asked for, but does not promise it.
fn keep_apart(layers: &Layers, sizes: &[f64], middles: &mut [f64]) {
    for layer in 0..layers.count {
        let mut units: Vec<usize> = (0..sizes.len()).filter(|unit| layers.of[*unit] == layer).collect();
        units.sort_by(|a, b| middles[*a].total_cmp(&middles[*b]));
        for pair in units.windows(2) {
            let least = middles[pair[0]] + (sizes[pair[0]] + sizes[pair[1]]) / 2.0 + SPACE;
            middles[pair[1]] = middles[pair[1]].max(least);
        }
    }
}
