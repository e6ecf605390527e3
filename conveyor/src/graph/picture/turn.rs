//! The space between two rows, in which arrows turn around from the end of one to the beginning of the next.

use super::fold::{ASIDE, Bundle, Rows, TRACK};
use super::layers::Layers;
use super::layout::Column;
use std::collections::{BTreeMap, BTreeSet};

pub(super) struct Turn {
    /// Outermost last.
    pub(super) tracks: Vec<Bundle>,
    top: f64,
    /// Where the row above ends, and where the row below begins.
    right_end: f64,
    left_end: f64,
}

/// Where an arrow turns.
pub(super) struct Track {
    pub(super) right: f64,
    pub(super) left: f64,
    pub(super) y: f64,
}

impl Turn {
    /// Behind the layer `last`. The lower an arrow starts, the further inside it turns: so these arrows do not cross each
    /// other on their way.
    pub(super) fn new(last: usize, top: f64, rows: &Rows, columns: &[Column], middles: &[f64]) -> Turn {
        let lowest = |bundle: &Bundle| bundle.iter().map(|(from, _)| middles[*from]).fold(f64::MIN, f64::max);
        let mut tracks = rows.tracks[last].clone();
        tracks.sort_by(|a, b| lowest(b).total_cmp(&lowest(a)));
        let right_end = columns[last].left + columns[last].width;
        Turn { tracks, top, right_end, left_end: columns[last + 1].left }
    }

    pub(super) fn track(&self, number: usize) -> Track {
        let aside = |number: usize| ASIDE / 2.0 + number as f64 * TRACK;
        Track {
            right: self.right_end + aside(number),
            left: self.left_end - ASIDE / 2.0 - aside(self.tracks.len() - 1 - number),
            y: self.top + number as f64 * TRACK,
        }
    }

    /// The track of a segment.
    pub(super) fn track_of(&self, segment: &(usize, usize)) -> Option<Track> {
        let number = self.tracks.iter().position(|bundle| bundle.contains(segment))?;
        Some(self.track(number))
    }
}

/// The waypoints of arrows that pass by a whole row: those arrows stay on its left side.
#[derive(Default)]
pub(super) struct Passing {
    /// From the first waypoint in such a row to the segment that leads out of it.
    pub(super) out: BTreeMap<usize, (usize, usize)>,
    /// All of them.
    pub(super) waypoints: BTreeSet<usize>,
}

impl Passing {
    /// Units from `elements` on are waypoints.
    pub(super) fn new(layers: &Layers, rows: &Rows, elements: usize) -> Passing {
        let mut passing = Passing::default();
        for units in &layers.arrows {
            for row in &rows.rows {
                let Some(first) = units.iter().position(|unit| layers.of[*unit] == row.start) else {
                    continue;
                };
                let Some(inside) = units.get(first..first + row.len()) else { continue };
                let Some(behind) = units.get(first + row.len()) else { continue };
                if inside.iter().all(|unit| *unit >= elements) {
                    passing.out.insert(inside[0], (inside[row.len() - 1], *behind));
                    passing.waypoints.extend(inside);
                }
            }
        }
        passing
    }
}
