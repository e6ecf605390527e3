//! Messages that somebody has judged: `spam` or `ham`, a tab, and the text on every line.

use std::fs;
use std::path::Path;

use conveyor::{Failure, Result};

/// A text message and whether it is spam.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sms {
    pub(crate) text: String,
    pub(crate) spam: bool,
}

/// The messages in a file, or a small sample.
pub(crate) fn read(file: Option<&Path>) -> Result<Vec<Sms>> {
    let Some(file) = file else { return parse(include_str!("sample.txt")) };
    let bytes = fs::read(file).map_err(|error| Failure::new(format!("{}: {error}", file.display())))?;
    parse(&String::from_utf8(bytes).unwrap_or_else(|not_utf8| latin1(not_utf8.as_bytes())))
}

/// Latin-1 is the first 256 characters of Unicode.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn parse(lines: &str) -> Result<Vec<Sms>> {
    let parse_line = |(index, line): (usize, &str)| {
        let (spam, text) = match line.split_once('\t') {
            Some(("spam", text)) => (true, text),
            Some(("ham", text)) => (false, text),
            _ => return Err(Failure::new(format!("line {}: neither `spam` nor `ham` and a tab", index + 1))),
        };
        Ok(Sms { text: text.to_owned(), spam })
    };
    lines.lines().enumerate().map(parse_line).collect()
}

/// Four fifths to learn from and one fifth to be judged, dealt by a seeded generator.
pub(crate) fn split(mut messages: Vec<Sms>, seed: u64) -> (Vec<Sms>, Vec<Sms>) {
    fastrand::Rng::with_seed(seed).shuffle(&mut messages);
    let judged = messages.split_off(messages.len() * 4 / 5);
    (messages, judged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_a_label_and_a_text() {
        let spam = Sms { text: "Win\tnow!".into(), spam: true };
        let ham = Sms { text: "See you".into(), spam: false };
        assert_eq!(parse("spam\tWin\tnow!\nham\tSee you\n").unwrap(), [spam, ham]);
        assert!(parse("ham\tHi\nwhat?").unwrap_err().to_string().starts_with("line 2"));
    }

    #[test]
    fn latin1_bytes_are_characters() {
        assert_eq!(latin1(b"\xa3100 caf\xe9"), "£100 café");
    }

    #[test]
    fn the_split_keeps_every_message_once() {
        let all = read(None).unwrap();
        let (learn, judge) = split(all.clone(), 1);
        assert_eq!(judge.len(), all.len().div_ceil(5));

        let sorted = |mut messages: Vec<Sms>| {
            messages.sort_by(|a, b| a.text.cmp(&b.text));
            messages
        };
        assert_eq!(sorted([learn, judge].concat()), sorted(all));
    }
}
