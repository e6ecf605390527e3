//! The width of one fork over the time of a run, in little memory: slices of equal length, which are put together in
//! pairs when there are too many of them.

use std::time::Duration;

/// So many slices at most.
const SLICES: usize = 64;
/// The length of the first ones.
const SLICE: Duration = Duration::from_millis(1);

#[derive(Clone, Debug)]
pub(super) struct History {
    /// The width now, and how far the slices go.
    width: usize,
    until: Duration,
    pub(super) narrowest: usize,
    pub(super) widest: usize,
    /// In each slice: the sum of what every lane had of it, in seconds.
    slices: Vec<f64>,
    pub(super) slice: Duration,
}

impl History {
    pub(super) fn new(width: usize) -> History {
        History {
            width,
            until: Duration::ZERO,
            narrowest: width,
            widest: width,
            slices: Vec::new(),
            slice: SLICE,
        }
    }

    /// From then on it has this width.
    pub(super) fn set(&mut self, at: Duration, width: usize) {
        self.go_on(at);
        self.width = width;
        (self.narrowest, self.widest) = (self.narrowest.min(width), self.widest.max(width));
    }

    /// Up to then it has kept its width.
    pub(super) fn go_on(&mut self, at: Duration) {
        while self.until < at {
            let slice = (self.until.as_nanos() / self.slice.as_nanos()) as usize;
            if slice == SLICES {
                self.slices = self.slices.chunks(2).map(|pair| pair.iter().sum()).collect();
                self.slice *= 2;
                continue;
            }
            let end = at.min(self.slice * (slice as u32 + 1));
            self.slices.resize(slice + 1, 0.0);
            self.slices[slice] += self.width as f64 * (end - self.until).as_secs_f64();
            self.until = end;
        }
    }

    pub(super) fn mean(&self) -> f64 {
        match self.until.is_zero() {
            true => self.width as f64,
            false => self.slices.iter().sum::<f64>() / self.until.as_secs_f64(),
        }
    }

    /// The mean width in each slice.
    pub(super) fn timeline(&self) -> Vec<f64> {
        let (slice, until) = (self.slice.as_secs_f64(), self.until.as_secs_f64());
        let length = |number: usize| slice.min(until - slice * number as f64);
        self.slices.iter().enumerate().map(|(number, lanes)| lanes / length(number)).collect()
    }
}
