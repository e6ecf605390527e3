//! Layers stand side by side, and are folded into rows where they would be wider than a page.

use super::layers::Layers;
use super::shape::Shape;
use std::collections::BTreeSet;
use std::ops::Range;

/// On a page of 800 pixels, the smallest letters are then still larger than 10.
pub(super) const PAGE: f64 = 850.0;
/// Around everything.
pub(super) const MARGIN: f64 = 12.0;
/// Between a row and the arrows that lead to the next.
pub(super) const ASIDE: f64 = 18.0;
/// Between two such arrows.
pub(super) const TRACK: f64 = 9.0;
/// Between two layers: where arrows bend, and where they bend steeply.
const GAPS: (f64, f64) = (22.0, 60.0);
/// What a row costs, and what it costs to share a track, in units of a track from row to row.
const ROW: f64 = 1.5;
const SHARE: f64 = 0.3;

/// Layers in rows.
pub(super) struct Rows {
    /// The layers of each row.
    pub(super) rows: Vec<Range<usize>>,
    /// Of each layer.
    pub(super) widths: Vec<f64>,
    /// Behind each layer.
    pub(super) gaps: Vec<f64>,
    /// Behind each layer, if a row ends there.
    pub(super) tracks: Vec<Vec<Bundle>>,
}

/// Segments that share a track: all have the same start, or the same end.
pub(super) type Bundle = Vec<(usize, usize)>;

impl Rows {
    pub(super) fn new(layers: &Layers, shapes: &[Shape], middles: &[f64]) -> Rows {
        let mut widths = vec![0.0_f64; layers.count];
        for (shape, layer) in shapes.iter().zip(&layers.of) {
            widths[*layer] = widths[*layer].max(shape.width);
        }
        let mut gaps = vec![GAPS.0; layers.count];
        for (from, to) in layers.segments() {
            let gap = &mut gaps[layers.of[from]];
            *gap = gap.max(GAPS.0 + (middles[from] - middles[to]).abs() / 5.0).min(GAPS.1);
        }
        let tracks = (0..layers.count).map(|layer| bundled(layers, layer)).collect();
        let mut rows = Rows { rows: Vec::new(), widths, gaps, tracks };
        rows.rows = rows.cheapest();
        rows
    }

    /// Where the first layer of a row begins.
    pub(super) fn left(&self, row: &Range<usize>) -> f64 {
        MARGIN + row.start.checked_sub(1).map_or(0.0, |layer| aside(&self.tracks[layer]))
    }

    /// How wide the page must be for these layers in a row.
    pub(super) fn width(&self, row: &Range<usize>) -> f64 {
        let layers: f64 = self.widths[row.clone()].iter().sum();
        let gaps: f64 = self.gaps[row.start..row.end - 1].iter().sum();
        let behind = if row.end == self.widths.len() { 0.0 } else { aside(&self.tracks[row.end - 1]) };
        self.left(row) + layers + gaps + behind + MARGIN
    }

    /// Few rows, few arrows between them, and rows of similar widths. A row is too wide only if it is a single layer.
    fn cheapest(&self) -> Vec<Range<usize>> {
        // What the layers up to here cost, and where the last row begins.
        let mut best: Vec<(f64, usize)> = vec![(0.0, 0)];
        let count = self.widths.len();
        for end in 1..=count {
            let cost_from = |start: usize| {
                let used = self.width(&(start..end)) / PAGE;
                let cut = start.checked_sub(1).map_or(0.0, |layer| cost(&self.tracks[layer]));
                let is_possible = used <= 1.0 || start + 1 == end;
                is_possible.then_some((best[start].0 + ROW + cut + (1.0 - used).powi(2), start))
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

/// The space for arrows beside a row.
fn aside(tracks: &[Bundle]) -> f64 {
    ASIDE + tracks.len() as f64 * TRACK
}

fn cost(tracks: &[Bundle]) -> f64 {
    tracks.iter().map(|bundle| 1.0 + SHARE * (bundle.len() - 1) as f64).sum()
}

/// The segments behind a layer, by their starts or by their ends: whatever needs fewer tracks.
fn bundled(layers: &Layers, layer: usize) -> Vec<Bundle> {
    let segments: BTreeSet<(usize, usize)> =
        layers.segments().filter(|(from, _)| layers.of[*from] == layer).collect();
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
