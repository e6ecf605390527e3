//! The graphs of all examples as a user sees them: `CONVEYOR_GRAPH=svg` prints them. They are readable at 800 pixels, and
//! no element lies over another one.

use crate::CHECKED;
use crate::example::Example;

/// How wide a page is on which they are looked at, in pixels.
const PAGE: f64 = 800.0;
/// Smaller letters cannot be read.
const LETTERS: f64 = 11.0;
/// The width of a letter of a monospaced font, as a part of its size.
const LETTER: f64 = 0.6;

#[test]
fn they_can_be_read_at_800_pixels() {
    for name in CHECKED {
        let svg = Example::new(name, "serial").environment("CONVEYOR_GRAPH", "svg").prints();
        let width = number(&svg, "width=\"");
        let scale = (PAGE / width).min(1.0);
        let elements = elements(&svg);
        assert!(elements.len() > 2, "{name}: {svg}");
        for (at, element) in elements.iter().enumerate() {
            let Element { title, bounds, texts } = element;
            for text in texts {
                assert!(text.size * scale >= LETTERS, "{name}: the letters of `{title}` are too small");
                assert!(
                    text.bounds.is_within(bounds),
                    "{name}: `{title}` has a longer name than room: {element:?}"
                );
            }
            assert!(bounds.left >= 0.0 && bounds.right <= width, "{name}: `{title}` leaves the picture");
            let under = elements[..at].iter().find(|other| other.bounds.overlap(bounds));
            assert!(under.is_none(), "{name}: {under:?} lies under {element:?}");
        }
    }
}

/// One `<g>` with a title: what its outline and its texts cover.
#[derive(Debug)]
struct Element {
    title: String,
    bounds: Bounds,
    texts: Vec<Text>,
}

#[derive(Debug)]
struct Text {
    size: f64,
    bounds: Bounds,
}

#[derive(Clone, Copy, Debug)]
struct Bounds {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Bounds {
    fn overlap(&self, other: &Bounds) -> bool {
        let beside = self.right <= other.left || other.right <= self.left;
        !beside && self.bottom > other.top && other.bottom > self.top
    }

    fn with(self, other: Bounds) -> Bounds {
        Bounds {
            left: self.left.min(other.left),
            right: self.right.max(other.right),
            top: self.top.min(other.top),
            bottom: self.bottom.max(other.bottom),
        }
    }

    fn is_within(&self, other: &Bounds) -> bool {
        self.left >= other.left
            && self.right <= other.right
            && self.top >= other.top
            && self.bottom <= other.bottom
    }
}

fn elements(svg: &str) -> Vec<Element> {
    let groups = svg.split("<g>\n").skip(1).filter_map(|group| group.split_once("</g>"));
    let element = |(group, _): (&str, &str)| Element {
        title: between(group, "<title>", "</title>").to_owned(),
        bounds: group
            .split("<path ")
            .skip(1)
            .map(|path| outline(between(path, "d=\"", "\"")))
            .reduce(Bounds::with)
            .expect("an element has an outline"),
        texts: group.split("<text ").skip(1).map(text).collect(),
    };
    groups.map(element).collect()
}

/// It is centred at its place, which lies on its base line.
fn text(svg: &str) -> Text {
    let (x, y, size) = (number(svg, "x=\""), number(svg, "y=\""), number(svg, "font-size=\""));
    let letters =
        between(svg, ">", "</text>").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let half = letters.chars().count() as f64 * LETTER * size / 2.0;
    Text { size, bounds: Bounds { left: x - half, right: x + half, top: y - size, bottom: y } }
}

/// What a path of straight lines and arcs covers.
fn outline(path: &str) -> Bounds {
    let (mut x, mut y) = (0.0, 0.0);
    let mut covered: Option<Bounds> = None;
    let starts: Vec<usize> = path.match_indices(char::is_alphabetic).map(|(at, _)| at).collect();
    for (number, start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).copied().unwrap_or(path.len());
        let step = path[start + 1..end].split_whitespace().map(|number| number.parse().expect("a number"));
        let step: Vec<f64> = step.collect();
        match (&path[*start..start + 1], &step[..]) {
            ("M", [to_x, to_y]) => (x, y) = (*to_x, *to_y),
            ("h", [by]) => x += by,
            ("v", [by]) => y += by,
            ("l", [by_x, by_y]) | ("a", [.., by_x, by_y]) => (x, y) = (x + by_x, y + by_y),
            ("z", []) => continue,
            step => panic!("an outline has no {step:?}: {path}"),
        }
        let point = Bounds { left: x, right: x, top: y, bottom: y };
        covered = Some(covered.map_or(point, |covered| covered.with(point)));
    }
    covered.expect("a path has a start")
}

fn number(svg: &str, name: &str) -> f64 {
    between(svg, name, "\"").parse().expect("a number")
}

#[track_caller]
fn between<'s>(text: &'s str, front: &str, end: &str) -> &'s str {
    let found = text.split_once(front).and_then(|(_, rest)| rest.split_once(end));
    found.unwrap_or_else(|| panic!("no {front} in {text}")).0
}

#[test]
fn what_overlaps_is_found() {
    let svg = "<svg width=\"90\">\n<g>\n<title>a</title>\n<path d=\"M10 10h20a4 4 0 0 1 4 4v6h-24z\"/>\n\
               <text x=\"20\" y=\"18\" font-size=\"12\">ab</text>\n</g>\n<g>\n<title>b</title>\n\
               <path d=\"M33 12l4 -4l4 4l-4 4z\"/>\n</g>\n";
    let [a, b] = &elements(svg)[..] else { panic!("two elements") };
    assert!(a.bounds.overlap(&b.bounds) && b.bounds.overlap(&a.bounds));
    assert_eq!((a.title.as_str(), a.bounds.right, b.bounds.left), ("a", 34.0, 33.0));
    assert!(!a.texts[0].bounds.is_within(&a.bounds), "its letters begin above: {a:?}");
}
