//! The processors of a user.

use conveyor::{Message, Processor, Result};

/// A short message.
#[derive(Clone, Debug, Message)]
pub struct Sms {
    pub text: String,
    pub sender: u64,
}

#[derive(Clone, Debug, Message)]
pub struct Verdict {
    pub spam: bool,
    pub score: f32,
}

/// Removes words.
pub struct Clean {
    words: Vec<String>,
}

impl Clean {
    pub fn new(words: &[String]) -> Clean {
        Clean { words: words.to_vec() }
    }

    pub fn with_defaults() -> Clean {
        Clean { words: Vec::new() }
    }
}

impl Processor for Clean {
    type In = Sms;
    type Out = Sms;
    fn process(&mut self, mut sms: Sms) -> Result<Sms> {
        self.words.iter().for_each(|word| sms.text = sms.text.replace(word, ""));
        Ok(sms)
    }
}

/// The one who is more certain wins.
pub struct Vote;

impl Vote {
    pub fn majority() -> Vote {
        Vote
    }
}

impl Processor for Vote {
    type In = (Verdict, Verdict);
    type Out = Verdict;
    fn process(&mut self, (left, right): (Verdict, Verdict)) -> Result<Verdict> {
        Ok(if left.score < right.score { right } else { left })
    }
}

/// Is it too short?
pub fn judge(sms: Sms) -> Verdict {
    Verdict { spam: sms.text.len() < 3, score: 0.5 }
}
