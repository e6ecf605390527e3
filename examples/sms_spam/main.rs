//! Is it spam? Three models judge every text message, each in its own process, and a vote decides.
//!
//! The models are trained where they are used, and at the same time.
//!
//! ```text
//! cargo run --release --example sms_spam            # a small sample
//! cargo run --release --example sms_spam -- FILE    # `spam` or `ham`, a tab and the text on every line
//! ```

mod logistic_regression;
mod messages;
mod model;
mod naive_bayes;
mod nearest_neighbours;
mod score;
mod terms;
mod verdict;

use std::path::PathBuf;

use conveyor::pipeline;
use logistic_regression::LogisticRegression;
use model::{Example, Model};
use naive_bayes::NaiveBayes;
use nearest_neighbours::NearestNeighbours;
use score::Scores;
use terms::terms;
use verdict::Verdict;

pipeline! {
    /// Three models judge every message; a vote decides.
    SpamVote<String -> Verdict>(examples: Vec<Example>);

    processor clean = |text: &str| terms(text);
    processor naive_bayes = judge(NaiveBayes::train(examples));
    processor nearest_neighbours = judge(NearestNeighbours::train(examples));
    processor logistic_regression = judge(LogisticRegression::train(examples));
    processor vote = Verdict::of;

    clean -> pipe -> replicated fork { naive_bayes, nearest_neighbours, logistic_regression }
        -> pipe -> join zip -> vote;
}

fn judge(model: impl Model) -> impl FnMut(Vec<String>) -> bool {
    move |terms| model.is_spam(&terms)
}

fn main() -> conveyor::Result<()> {
    let file = std::env::args_os().nth(1).map(PathBuf::from);
    let (known, unknown) = messages::split(messages::read(file.as_deref())?, 1);
    println!("{} messages to learn from, {} to judge\n", known.len(), unknown.len());

    let examples = known.iter().map(|sms| Example { terms: terms(&sms.text), spam: sms.spam }).collect();
    let mut run = SpamVote::pipeline(examples).run(unknown.iter().map(|sms| sms.text.clone()));

    let mut scores = Scores::default();
    for (verdict, sms) in run.by_ref().zip(&unknown) {
        scores.add(sms, verdict?);
    }
    print!("{scores}");
    eprintln!("\n{}", run.report());
    Ok(())
}
