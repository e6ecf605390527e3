//! How large an element is, and which lines are written on it. Nothing is known of the reader's fonts, so the letters
//! are of one width, which is taken to be a little more than it is.

use super::label::lanes;
use super::{Kind, Part};

/// Of a name.
pub(super) const FONT: f64 = 12.0;
/// Of everything else.
pub(super) const SMALL_FONT: f64 = 11.0;
pub(super) const LINE: f64 = 15.0;
/// How far one of several equal workers stands behind the other.
pub(super) const BEHIND: f64 = 4.0;
/// The width of a letter of font size 1.
const LETTER: f64 = 0.63;
/// Longer texts are shortened.
const LETTERS_MAX: usize = 26;
const LETTERS_MAX_IN_PIPE: usize = 14;

/// An element as it is drawn.
pub(super) struct Shape {
    pub(super) kind: Kind,
    pub(super) inserted: bool,
    /// From the top to the bottom.
    pub(super) lines: Vec<Line>,
    /// Several equal workers are drawn behind each other.
    pub(super) is_stack: bool,
    pub(super) width: f64,
    pub(super) height: f64,
}

pub(super) struct Line {
    pub(super) text: String,
    pub(super) is_small: bool,
}

pub(super) fn shape(parts: &[Part], part: &Part) -> Shape {
    let lines = lines(parts, part);
    let text = lines.iter().map(Line::width).fold(0.0, f64::max);
    let rows = lines.len() as f64;
    let is_stack = !part.within.is_empty() && lanes(parts, part).is_some();
    let behind = if is_stack { 2.0 * BEHIND } else { 0.0 };
    let (width, height) = match part.kind {
        Kind::Pipe => (f64::max(text + 20.0, 28.0), 18.0),
        Kind::Replicate | Kind::Balance | Kind::Merge | Kind::Zip | Kind::Ordered => {
            (text + 32.0, rows * LINE + 8.0)
        }
        _ => (text + 24.0 + behind, rows * LINE + 14.0 + behind),
    };
    Shape { kind: part.kind, inserted: part.inserted, lines, is_stack, width: width.ceil(), height }
}

fn lines(parts: &[Part], part: &Part) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = |is_small, text: &str| {
        if !text.is_empty() {
            lines.push(Line { text: shortened(text, LETTERS_MAX), is_small });
        }
    };
    let (pipeline, own) =
        part.name.rsplit_once('/').map_or(("", part.name.as_str()), |(outer, own)| (outer, own));
    let chosen = if is_numbered(own, part.kind) { "" } else { own };
    match part.kind {
        Kind::Pipe => {
            let text = [chosen, &part.detail].join(" ");
            let text = shortened(text.trim(), LETTERS_MAX_IN_PIPE);
            line(true, &text);
        }
        Kind::Replicate => {
            line(false, "replicated");
            line(false, &format!("fork {chosen}"));
        }
        Kind::Balance => {
            let count = if part.detail.is_empty() { String::new() } else { format!("({})", part.detail) };
            line(false, "balanced");
            line(false, &format!("fork{count} {chosen}"));
        }
        Kind::Merge | Kind::Zip | Kind::Ordered => {
            let kind = format!("{:?}", part.kind).to_lowercase();
            line(false, &format!("join {kind}"));
            line(false, chosen);
        }
        Kind::Relay => line(true, "relay"),
        Kind::Input | Kind::Output => {
            line(true, own);
            line(false, &without_paths(&part.detail));
        }
        Kind::Source | Kind::Processor | Kind::Sink => {
            if !pipeline.is_empty() {
                line(true, &format!("{pipeline}/"));
            }
            line(false, own);
        }
        Kind::Pipeline => {
            line(true, "pipeline");
            line(false, own);
        }
    }
    if let Some(lanes) = lanes(parts, part) {
        line(true, &lanes);
    }
    lines
}

/// `pipe3`, `fork4`, `join10`: the user gave no name.
fn is_numbered(name: &str, kind: Kind) -> bool {
    let word = match kind {
        Kind::Pipe => "pipe",
        Kind::Replicate | Kind::Balance => "fork",
        Kind::Merge | Kind::Zip | Kind::Ordered => "join",
        _ => return false,
    };
    name.strip_prefix(word)
        .is_some_and(|rest| rest.chars().all(|letter| letter.is_ascii_digit() || letter == '_'))
}

/// `BTreeMap<String>` of `std::collections::BTreeMap<std::string::String>`.
fn without_paths(source: &str) -> String {
    let mut text = String::new();
    for (number, part) in source.split("::").enumerate() {
        if number > 0 {
            let path = text.trim_end_matches(|letter: char| letter.is_alphanumeric() || letter == '_');
            text.truncate(path.len());
        }
        text.push_str(part);
    }
    text
}

fn shortened(text: &str, letters: usize) -> String {
    let text = text.trim();
    if columns(text) <= letters {
        return text.to_owned();
    }
    let mut short = String::new();
    for letter in text.chars() {
        if columns(&short) + columns_of(letter) >= letters {
            break;
        }
        short.push(letter);
    }
    format!("{short}…")
}

fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Letters of East Asia take two columns.
fn columns_of(letter: char) -> usize {
    if letter >= '\u{1100}' && letter != '…' { 2 } else { 1 }
}

impl Line {
    pub(super) fn font(&self) -> f64 {
        if self.is_small { SMALL_FONT } else { FONT }
    }

    fn width(&self) -> f64 {
        columns(&self.text) as f64 * LETTER * self.font()
    }
}
