use std::fs;

use crate::example::Example;
use logistic_regression::LogisticRegression;
use messages::{Sms, split};
use model::{Example as Known, Model};
use naive_bayes::NaiveBayes;
use nearest_neighbours::NearestNeighbours;
use score::Scores;
use terms::terms;
use verdict::Verdict;

#[path = "../../examples/sms_spam/logistic_regression.rs"]
mod logistic_regression;
#[path = "../../examples/sms_spam/messages.rs"]
mod messages;
#[path = "../../examples/sms_spam/model.rs"]
mod model;
#[path = "../../examples/sms_spam/naive_bayes.rs"]
mod naive_bayes;
#[path = "../../examples/sms_spam/nearest_neighbours.rs"]
mod nearest_neighbours;
#[path = "../../examples/sms_spam/score.rs"]
mod score;
#[path = "../../examples/sms_spam/terms.rs"]
mod terms;
#[path = "../../examples/sms_spam/verdict.rs"]
mod verdict;

pub(crate) fn check(context: &str) {
    let all = messages::read(None).unwrap();
    let expected = serial(all.clone());
    assert_eq!(Example::new("sms_spam", context).prints(), expected);

    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("latin1.txt");
    fs::write(&file, latin1(&all)).unwrap();
    assert_eq!(Example::new("sms_spam", context).arg(&file).prints(), expected);

    fs::write(&file, "ham\tHi\nspam Win!\n").unwrap();
    let complaint = Example::new("sms_spam", context).arg(&file).complains();
    assert!(complaint.contains("line 2: neither `spam` nor `ham` and a tab"), "{complaint}");
}

fn latin1(messages: &[Sms]) -> Vec<u8> {
    let label = |sms: &Sms| if sms.spam { "spam" } else { "ham" };
    let lines: String = messages.iter().map(|sms| format!("{}\t{}\n", label(sms), sms.text)).collect();
    lines.chars().map(|c| u8::try_from(c).expect("the sample can be written in Latin-1")).collect()
}

fn serial(messages: Vec<Sms>) -> String {
    let (known, unknown) = split(messages, 1);
    let examples: Vec<Known> =
        known.iter().map(|sms| Known { terms: terms(&sms.text), spam: sms.spam }).collect();
    let naive_bayes = NaiveBayes::train(&examples);
    let nearest_neighbours = NearestNeighbours::train(&examples);
    let logistic_regression = LogisticRegression::train(&examples);

    let mut scores = Scores::default();
    for sms in &unknown {
        let terms = terms(&sms.text);
        scores.add(
            sms,
            Verdict::of((
                naive_bayes.is_spam(&terms),
                nearest_neighbours.is_spam(&terms),
                logistic_regression.is_spam(&terms),
            )),
        );
    }
    format!("{} messages to learn from, {} to judge\n\n{scores}", known.len(), unknown.len())
}
