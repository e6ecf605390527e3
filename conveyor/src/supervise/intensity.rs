//! How often a worker may be replaced: deaths without progress count. What time it is, and what progress is, the caller
//! says. So many deaths in so much time are the restart intensity and period of supervisors in Erlang/OTP; there deaths count
//! whatever was done between them.

use std::time::Duration;

/// So many deaths without progress are too many,
const DEATHS_MAX: usize = 5;
/// if they came within this time. What was at work died of its work: that counts however long it took.
const WITHIN: Duration = Duration::from_secs(10);

/// How one worker has died.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loss {
    /// Since the start of the run.
    pub(crate) at: Duration,
    /// A number that grows whenever the worker, or one before it, has got further.
    pub(crate) progress: u64,
    /// The same for the run as a whole. Who had nothing to do could not get further itself.
    pub(crate) of_run: u64,
    /// User code was at work, before or in the constructor or on a message, and may be to blame.
    pub(crate) at_work: bool,
}

/// The deaths of one lane's workers.
#[derive(Debug, Default)]
pub(crate) struct Intensity {
    /// Since there was progress.
    deaths: Vec<Loss>,
    replaced: usize,
}

impl Intensity {
    /// Takes down a death. `limit`: the user's word on how many replacements there may be altogether, instead of the usual
    /// rule.
    ///
    /// # Errors
    /// When there shall be no other replacement; the text says why.
    pub(crate) fn died(&mut self, death: Loss, limit: Option<usize>) -> Result<(), String> {
        let excess = match limit {
            Some(limit) => (self.replaced >= limit).then(|| {
                format!("it was replaced {limit} times, as often as `[restart = on_crash({limit})]` allows")
            }),
            None => (self.without_progress(death) >= DEATHS_MAX)
                .then(|| format!("its worker has died {DEATHS_MAX} times without getting any further")),
        };
        if let Some(why) = excess {
            return Err(why);
        }
        self.replaced += 1;
        Ok(())
    }

    /// How many deaths there were without progress, with this one. Never more than are too many.
    fn without_progress(&mut self, death: Loss) -> usize {
        let got_further =
            |last: &Loss| last.progress != death.progress || (!death.at_work && last.of_run != death.of_run);
        if self.deaths.last().is_some_and(got_further) {
            self.deaths.clear();
        }
        self.deaths.push(death);
        self.deaths.retain(|one| one.at_work || death.at.saturating_sub(one.at) <= WITHIN);
        self.deaths.len()
    }

    /// What has ended the workers will not end the next one.
    pub(crate) fn forgive(&mut self) {
        self.deaths.clear();
    }

    /// How often it was replaced.
    pub(crate) fn replaced(&self) -> usize {
        self.replaced
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn death(at_s: u64, progress: u64, at_work: bool) -> Loss {
        Loss { at: Duration::from_secs(at_s), progress, of_run: 0, at_work }
    }

    /// How many of these deaths are followed by a replacement, up to the first that is not.
    fn replaced(deaths: impl IntoIterator<Item = Loss>, limit: Option<usize>) -> usize {
        let mut intensity = Intensity::default();
        let replaced = deaths.into_iter().take_while(|death| intensity.died(*death, limit).is_ok()).count();
        assert_eq!(intensity.replaced(), replaced);
        replaced
    }

    #[test]
    fn the_fifth_death_without_progress_is_the_last() {
        assert_eq!(replaced((0..9).map(|at| death(at, 7, false)), None), 4);
        assert_eq!(
            replaced((0..9).map(|at| death(2 * at, 7, false)), None),
            4,
            "the first is ten seconds old"
        );
    }

    #[test]
    fn progress_forgives() {
        assert_eq!(replaced((0..1000).map(|at| death(0, at / 4, true)), None), 1000);
        assert_eq!(replaced((0..1000).map(|at| death(0, at / 5, true)), None), 4);
    }

    #[test]
    fn who_is_killed_now_and_then_while_it_waits_is_always_replaced() {
        assert_eq!(replaced((0..1000).map(|at| death(3 * at, 7, false)), None), 1000);
        assert_eq!(
            replaced((0..1000).map(|at| death(3 * at, 7, true)), None),
            4,
            "a slow constructor that fails"
        );
    }

    #[test]
    fn who_has_nothing_to_do_is_forgiven_as_long_as_others_get_further() {
        let with_others = |at_work| (0..1000).map(move |at| Loss { of_run: at, ..death(0, 7, at_work) });
        assert_eq!(replaced(with_others(false), None), 1000);
        assert_eq!(replaced(with_others(true), None), 4);
    }

    #[test]
    fn the_users_word_counts_whatever_the_progress() {
        assert_eq!(replaced((0..9).map(|at| death(at, 7, true)), Some(7)), 7);
        assert_eq!(replaced((0..9).map(|at| death(at, at, true)), Some(2)), 2);
        let mut intensity = Intensity::default();
        intensity.died(death(0, 0, true), Some(1)).unwrap();
        assert!(
            intensity.died(death(0, 1, true), Some(1)).unwrap_err().contains("`[restart = on_crash(1)]`")
        );
    }
}
