//! How good judgements are.

use std::fmt;

use super::messages::Sms;
use super::verdict::Verdict;

/// The confusion matrix of one judge.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Score {
    /// Spam, and judged to be spam.
    pub(crate) caught: u32,
    /// Spam, but judged to be ham.
    pub(crate) missed: u32,
    /// Ham, and judged to be ham.
    pub(crate) kept: u32,
    /// Ham, but judged to be spam.
    pub(crate) lost: u32,
}

impl Score {
    pub(crate) fn add(&mut self, spam: bool, judged_spam: bool) {
        *match (spam, judged_spam) {
            (true, true) => &mut self.caught,
            (true, false) => &mut self.missed,
            (false, false) => &mut self.kept,
            (false, true) => &mut self.lost,
        } += 1;
    }

    /// How much of what was judged to be spam is spam.
    pub(crate) fn precision(&self) -> f64 {
        share(self.caught, self.lost)
    }

    /// How much of the spam was caught.
    pub(crate) fn recall(&self) -> f64 {
        share(self.caught, self.missed)
    }

    /// How many judgements are right.
    pub(crate) fn accuracy(&self) -> f64 {
        share(self.caught + self.kept, self.missed + self.lost)
    }
}

/// The share of `part` in `part + rest`; 0 if there is nothing.
fn share(part: u32, rest: u32) -> f64 {
    f64::from(part) / f64::from((part + rest).max(1))
}

/// The scores of the models and of the vote.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Scores {
    naive_bayes: Score,
    nearest_neighbours: Score,
    logistic_regression: Score,
    vote: Score,
}

impl Scores {
    pub(crate) fn add(&mut self, sms: &Sms, verdict: Verdict) {
        self.naive_bayes.add(sms.spam, verdict.naive_bayes);
        self.nearest_neighbours.add(sms.spam, verdict.nearest_neighbours);
        self.logistic_regression.add(sms.spam, verdict.logistic_regression);
        self.vote.add(sms.spam, verdict.vote);
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<20} {:^15} {:^15}", "", "spam", "ham")?;
        writeln!(
            f,
            "{:<20} {:>7} {:>7} {:>7} {:>7} {:>10} {:>10} {:>10}",
            "", "caught", "missed", "kept", "lost", "precision", "recall", "accuracy"
        )?;
        for (name, score) in [
            ("naive Bayes", self.naive_bayes),
            ("nearest neighbours", self.nearest_neighbours),
            ("logistic regression", self.logistic_regression),
            ("vote", self.vote),
        ] {
            let Score { caught, missed, kept, lost } = score;
            write!(f, "{name:<20} {caught:>7} {missed:>7} {kept:>7} {lost:>7}")?;
            writeln!(f, " {:>10.3} {:>10.3} {:>10.3}", score.precision(), score.recall(), score.accuracy())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Score;

    #[test]
    fn precision_recall_and_accuracy_of_a_confusion_matrix() {
        let mut score = Score::default();
        let judgements =
            [(true, true), (true, true), (true, true), (true, false), (false, true), (false, false)];
        judgements.into_iter().for_each(|(spam, judged)| score.add(spam, judged));
        assert_eq!(score, Score { caught: 3, missed: 1, kept: 1, lost: 1 });
        assert_eq!((score.precision(), score.recall()), (0.75, 0.75));
        assert_eq!(score.accuracy(), 4.0 / 6.0);
        assert_eq!(Score::default().precision(), 0.0);
    }
}
