//! Layers stand side by side, and are folded into rows where they would be wider than a page.

use super::layers::Layers;
use super::shape::Shape;
use std::collections::BTreeSet;
use std::ops::Range;

/// What a page shows without making letters smaller.
const WIDTH: f64 = 776.0;
/// Between two layers: where arrows bend.
const GAP: f64 = 24.0;
/// The same, where they bend steeply.
const GAP_MAX: f64 = 60.0;
/// Between two arrows that lead from row to row side by side.
pub(super) const TRACK: f64 = 9.0;
/// What a row costs, in units of an arrow that leads on into the next row.
const ROW: f64 = 1.5;

/// Layers in rows.
pub(super) struct Rows {
    /// The layers of each row.
    pub(super) rows: Vec<Range<usize>>,
    /// Behind each layer.
    pub(super) gaps: Vec<f64>,
    /// Of each layer.
    pub(super) widths: Vec<f64>,
}

impl Rows {
    pub(super) fn new(layers: &Layers, shapes: &[Shape], middles: &[f64]) -> Rows {
        let mut widths = vec![0.0_f64; layers.count];
        for (shape, layer) in shapes.iter().zip(&layers.of) {
            widths[*layer] = widths[*layer].max(shape.width);
        }
        let mut gaps = vec![GAP; layers.count];
        for (from, to) in layers.segments() {
            let gap = &mut gaps[layers.of[from]];
            *gap = gap.max(GAP + (middles[from] - middles[to]).abs() / 5.0).min(GAP_MAX);
        }
        let mut rows = Rows { rows: Vec::new(), gaps, widths };
        rows.rows =
            rows.cheapest(&(0..layers.count).map(|layer| tracks(layers, layer).len()).collect::<Vec<_>>());
        rows
    }

    /// How wide these layers are side by side.
    pub(super) fn width(&self, row: &Range<usize>) -> f64 {
        row.clone().map(|layer| self.widths[layer]).sum::<f64>()
            + row.clone().skip(1).map(|layer| self.gaps[layer - 1]).sum::<f64>()
    }

    /// Few rows, few arrows between them, and rows of similar widths. A row is too wide only if it is a single layer.
    fn cheapest(&self, tracks: &[usize]) -> Vec<Range<usize>> {
        // What the layers up to here cost, and where the last row begins.
        let mut best: Vec<(f64, usize)> = vec![(0.0, 0)];
        let count = self.widths.len();
        for end in 1..=count {
            let cost_from = |start: usize| {
                let before = if start == 0 { 0 } else { tracks[start - 1] };
                let behind = if end == count { 0 } else { tracks[end - 1] };
                let margin =
                    if before + behind == 0 { 0.0 } else { (before + behind) as f64 * TRACK + 2.0 * GAP };
                let used = (self.width(&(start..end)) + margin) / WIDTH;
                let is_possible = used <= 1.0 || start + 1 == end;
                let cost = best[start].0 + ROW + before as f64 + (1.0 - used).powi(2);
                is_possible.then_some((cost, start))
            };
            let cheapest = (0..end).filter_map(cost_from).min_by(|a, b| a.0.total_cmp(&b.0));
            best.push(cheapest.unwrap_or((f64::MAX, end - 1)));
        }
        let mut rows = Vec::new();
        let mut end = count;
        while end > 0 {
            let start = best[end].1;
            rows.insert(0, start..end);
            end = start;
        }
        rows
    }
}

/// The segments behind a layer, bundled: arrows with one start, or with one end, share a track.
pub(super) fn tracks(layers: &Layers, layer: usize) -> Vec<Vec<(usize, usize)>> {
    let mut segments: Vec<(usize, usize)> =
        layers.segments().filter(|(from, _)| layers.of[*from] == layer).collect();
    segments.sort_unstable();
    segments.dedup();
    let starts: BTreeSet<usize> = segments.iter().map(|(from, _)| *from).collect();
    let ends: BTreeSet<usize> = segments.iter().map(|(_, to)| *to).collect();
    let by_start = starts.len() <= ends.len();
    let bundles = if by_start { starts } else { ends };
    let bundle = |unit: usize| {
        let is_in = |(from, to): &(usize, usize)| if by_start { *from == unit } else { *to == unit };
        segments.iter().copied().filter(is_in).collect()
    };
    bundles.into_iter().map(bundle).collect()
}
