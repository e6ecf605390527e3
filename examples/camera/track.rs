//! Follows spots from picture to picture.
//!
//! A spot belongs to the track whose predicted place is nearest, if it is near enough; otherwise it begins a new one.
//! Place and speed are smoothed by an alpha-beta filter.

use std::fmt;

use conveyor::Message;

use super::detect::Spot;

/// How far from the predicted place a spot may be, in pixels.
const GATE: f32 = 60.0;
/// For how many pictures a spot may be hidden.
const PATIENCE: u64 = 5;
/// How much of the difference between prediction and spot goes into the place, and into the speed.
const ALPHA: f32 = 0.8;
const BETA: f32 = 0.5;

/// The way of one spot.
#[derive(Clone, Debug, PartialEq, Message)]
pub(crate) struct Track {
    /// From 1, in the order of appearance.
    pub(crate) id: u64,
    pub(crate) first_picture: u64,
    pub(crate) last_picture: u64,
    /// Where it was first seen.
    pub(crate) start: (f32, f32),
    /// Where it was last seen, smoothed.
    pub(crate) place: (f32, f32),
    /// In pixels a picture.
    pub(crate) speed: (f32, f32),
}

/// The tracks that have not ended yet.
#[derive(Default)]
pub(crate) struct Tracker {
    tracks: Vec<Track>,
    begun: u64,
}

impl Tracker {
    /// Adds the spots of the next picture; gives the tracks that have ended.
    pub(crate) fn add(&mut self, picture: u64, spots: &[Spot]) -> Vec<Track> {
        let pairs = self.nearest(picture, spots);
        for &(track, spot) in &pairs {
            self.tracks[track].follow(picture, spots[spot]);
        }
        let is_new = |spot: &usize| pairs.iter().all(|(_, taken)| taken != spot);
        for spot in (0..spots.len()).filter(is_new) {
            self.begin(picture, spots[spot]);
        }
        self.tracks.extract_if(.., |track| track.last_picture + PATIENCE < picture).collect()
    }

    /// The tracks that last until the end.
    pub(crate) fn end(&mut self) -> Vec<Track> {
        std::mem::take(&mut self.tracks)
    }

    /// Which track has which spot: by index, every track and every spot at most once, the nearest ones first.
    fn nearest(&self, picture: u64, spots: &[Spot]) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for (t, track) in self.tracks.iter().enumerate() {
            let (x, y) = track.predict(picture);
            let near = |(s, spot): (usize, &Spot)| ((spot.x - x).hypot(spot.y - y), t, s);
            pairs.extend(spots.iter().enumerate().map(near).filter(|&(distance, ..)| distance < GATE));
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));

        let mut chosen: Vec<(usize, usize)> = Vec::new();
        for (_, track, spot) in pairs {
            if chosen.iter().all(|&(t, s)| t != track && s != spot) {
                chosen.push((track, spot));
            }
        }
        chosen
    }

    fn begin(&mut self, picture: u64, spot: Spot) {
        self.begun += 1;
        self.tracks.push(Track {
            id: self.begun,
            first_picture: picture,
            last_picture: picture,
            start: (spot.x, spot.y),
            place: (spot.x, spot.y),
            speed: (0.0, 0.0),
        });
    }
}

impl Track {
    /// Where the spot should be in this picture.
    fn predict(&self, picture: u64) -> (f32, f32) {
        let time = (picture - self.last_picture) as f32;
        (self.place.0 + time * self.speed.0, self.place.1 + time * self.speed.1)
    }

    fn follow(&mut self, picture: u64, spot: Spot) {
        let time = (picture - self.last_picture) as f32;
        let (x, y) = self.predict(picture);
        let (error_x, error_y) = (spot.x - x, spot.y - y);
        self.place = (x + ALPHA * error_x, y + ALPHA * error_y);
        self.speed = (self.speed.0 + BETA * error_x / time, self.speed.1 + BETA * error_y / time);
        self.last_picture = picture;
    }
}

impl fmt::Display for Track {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Track { id, first_picture, last_picture, start, place, .. } = self;
        let distance = (place.0 - start.0).hypot(place.1 - start.1);
        let mean_speed = distance / (last_picture - first_picture).max(1) as f32;
        write!(f, "track {id}: pictures {first_picture} to {last_picture}, ")?;
        write!(f, "from ({:.0}, {:.0}) to ({:.0}, {:.0}), ", start.0, start.1, place.0, place.1)?;
        write!(f, "{mean_speed:.1} pixels a picture")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(x: f32, y: f32) -> Spot {
        Spot { x, y, area: 100 }
    }

    #[test]
    fn two_spots_that_cross_keep_their_tracks() {
        let mut tracker = Tracker::default();
        for picture in 0..21 {
            let x = 20.0 * picture as f32;
            let spots = [spot(x, 100.0 + x), spot(400.0 - x, 110.0 + x)];
            assert_eq!(tracker.add(picture, &spots), []);
        }
        let tracks = tracker.end();
        assert_eq!(tracks.len(), 2);
        for (track, end) in tracks.iter().zip([400.0, 0.0]) {
            assert!(
                (track.place.0 - end).abs() < 1.0 && (track.speed.0.abs() - 20.0).abs() < 0.5,
                "{track:?}"
            );
        }
    }

    #[test]
    fn a_hidden_spot_is_found_again_and_a_vanished_one_ends() {
        let mut tracker = Tracker::default();
        let seen = |picture| [0..10, 14..20].iter().any(|seen| seen.contains(&picture));
        for picture in 0..25 {
            let spots = if seen(picture) { vec![spot(10.0 * picture as f32, 5.0)] } else { vec![] };
            assert_eq!(tracker.add(picture, &spots), []);
        }
        let ended = tracker.add(25, &[spot(900.0, 5.0)]);
        assert_eq!(
            ended.iter().map(|t| (t.id, t.first_picture, t.last_picture)).collect::<Vec<_>>(),
            [(1, 0, 19)]
        );
        assert_eq!(tracker.end()[0].id, 2);
    }
}
