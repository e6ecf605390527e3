//! Places in a text, marked by `$0`.

use serde_json::{Value, json};

pub(crate) const MARK: &str = "$0";

/// A line and a column, from 0. All texts here are ASCII, so that a column is a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// A text and the places that were marked in it.
pub(crate) struct Marked {
    pub(crate) text: String,
    pub(crate) places: Vec<Place>,
}

impl Marked {
    pub(crate) fn new(source: &str) -> Self {
        assert!(source.is_ascii(), "{source}");
        let mut marked = Marked { text: String::new(), places: Vec::new() };
        for (index, part) in source.split(MARK).enumerate() {
            if index > 0 {
                marked.places.push(Place::behind(&marked.text));
            }
            marked.text.push_str(part);
        }
        marked
    }
}

impl Place {
    /// The end of a text.
    fn behind(text: &str) -> Self {
        let line = text.rsplit('\n').next().unwrap_or_default();
        Place { line: text.matches('\n').count(), column: line.len() }
    }

    pub(crate) fn of(position: &Value) -> Self {
        let number = |name: &str| position[name].as_u64().expect("a position has numbers") as usize;
        Place { line: number("line"), column: number("character") }
    }

    pub(crate) fn position(self) -> Value {
        json!({ "line": self.line, "character": self.column })
    }

    /// Where it is in a text, in bytes.
    pub(crate) fn offset(self, text: &str) -> usize {
        let before: usize = text.split_inclusive('\n').take(self.line).map(str::len).sum();
        before + self.column
    }
}

#[test]
fn marks_are_places() {
    let marked = Marked::new("a$0b\n$0c$0");
    assert_eq!(marked.text, "ab\nc");
    let places: Vec<_> = marked.places.iter().map(|place| (place.line, place.column)).collect();
    assert_eq!(places, [(0, 1), (1, 0), (1, 1)]);
    let offsets: Vec<_> = marked.places.iter().map(|place| place.offset(&marked.text)).collect();
    assert_eq!(offsets, [1, 3, 4]);
}
