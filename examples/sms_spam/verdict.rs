//! What the models say about a message, and the vote.

use conveyor::Message;

/// Is it spam? Three opinions and what most of them say.
#[derive(Clone, Copy, Debug, PartialEq, Message)]
pub(crate) struct Verdict {
    pub(crate) naive_bayes: bool,
    pub(crate) nearest_neighbours: bool,
    pub(crate) logistic_regression: bool,
    pub(crate) vote: bool,
}

impl Verdict {
    /// The majority decides.
    pub(crate) fn of((naive_bayes, nearest_neighbours, logistic_regression): (bool, bool, bool)) -> Self {
        let spam =
            [naive_bayes, nearest_neighbours, logistic_regression].iter().filter(|spam| **spam).count();
        Verdict { naive_bayes, nearest_neighbours, logistic_regression, vote: spam >= 2 }
    }
}
