//! What every picture must be: nothing overlaps, nothing lies outside, no arrow crosses a box, nothing depends on chance.

use super::fold::PAGE;
use super::layout::{Layout, Placed};
use super::route::{Arrow, Point, Stretch};
use super::svg::svg;
use super::{Kind, Part};
use fastrand::Rng;
use std::collections::BTreeSet;

/// A connected graph without cycles. It need not keep the rules of the language: a picture is drawn of any.
fn random(rng: &mut Rng) -> Vec<Part> {
    use Kind::{
        Balance, Input, Merge, Ordered, Output, Pipe, Processor, Relay, Replicate, Sink, Source, Zip,
    };
    let kinds =
        [Source, Processor, Sink, Relay, Pipe, Replicate, Balance, Merge, Zip, Ordered, Input, Output];
    let count = rng.usize(1..30);
    let nearness = rng.usize(1..=count);
    let fan_in = rng.usize(1..4);
    let part = |number: usize, rng: &mut Rng| {
        let nearest = number.saturating_sub(nearness);
        let mut from: Vec<usize> = match number {
            0 => Vec::new(),
            _ => (0..rng.usize(1..=fan_in)).map(|_| rng.usize(nearest..number)).collect(),
        };
        if number > 1 && rng.u8(..) < 16 {
            from = Vec::new();
        }
        let within = if number > 0 && rng.bool() { vec![rng.usize(0..number)] } else { Vec::new() };
        Part {
            name: format!("{}{number}", "n".repeat(rng.usize(1..30))),
            kind: *rng.choice(&kinds).expect("there are kinds"),
            from,
            within,
            inserted: rng.bool(),
            detail: "d".repeat(rng.usize(0..20)),
        }
    };
    (0..count).map(|number| part(number, rng)).collect()
}

/// The path of an arrow as points that lie close to each other.
fn points(arrow: &Arrow) -> Vec<Point> {
    const STEPS: usize = 50;
    let mut points = vec![arrow.start];
    let mut at = arrow.start;
    for stretch in &arrow.stretches {
        let (Stretch::Straight(to) | Stretch::Bent(to)) = *stretch;
        points.extend((1..=STEPS).map(|step| {
            let part = step as f64 / STEPS as f64;
            let (x, y) = match stretch {
                Stretch::Straight(_) => (part, part),
                // The curve of SVG with both handles in the middle.
                Stretch::Bent(_) => {
                    let back = 1.0 - part;
                    let handles = 3.0 * back * back * part + 3.0 * back * part * part;
                    (handles / 2.0 + part.powi(3), 3.0 * back * part * part + part.powi(3))
                }
            };
            Point { x: at.x + (to.x - at.x) * x, y: at.y + (to.y - at.y) * y }
        }));
        at = to;
    }
    points
}

fn overlap(a: &Placed, b: &Placed) -> bool {
    a.at.x < b.at.x + b.shape.width
        && b.at.x < a.at.x + a.shape.width
        && a.at.y < b.at.y + b.shape.height
        && b.at.y < a.at.y + a.shape.height
}

fn is_inside(point: &Point, placed: &Placed) -> bool {
    let inside = |value: f64, from: f64, size: f64| value > from + 0.1 && value < from + size - 0.1;
    inside(point.x, placed.at.x, placed.shape.width) && inside(point.y, placed.at.y, placed.shape.height)
}

#[track_caller]
fn check(parts: &[Part], seed: u64) {
    let layout = Layout::new(parts);
    assert!(layout.width <= PAGE, "seed {seed}: {} wide", layout.width);
    for (number, placed) in layout.boxes.iter().enumerate() {
        let (right, bottom) = (placed.at.x + placed.shape.width, placed.at.y + placed.shape.height);
        let is_on_the_page =
            placed.at.x >= 0.0 && placed.at.y >= 0.0 && right <= layout.width && bottom <= layout.height;
        assert!(is_on_the_page, "seed {seed}: {number} lies outside");
        let under = layout.boxes[..number].iter().position(|other| overlap(other, placed));
        assert_eq!(under, None, "seed {seed}: another box lies under {number}");
    }
    for arrow in &layout.arrows {
        for point in points(arrow) {
            let crossed = layout.boxes.iter().position(|placed| is_inside(&point, placed));
            assert_eq!(crossed, None, "seed {seed}: an arrow to {} crosses a box at {point:?}", arrow.to);
            let is_on_the_page =
                (0.0..=layout.width).contains(&point.x) && (0.0..=layout.height).contains(&point.y);
            assert!(is_on_the_page, "seed {seed}: an arrow to {} leaves the page", arrow.to);
        }
    }
    for (number, part) in parts.iter().enumerate() {
        let lead_here = layout.arrows.iter().filter(|arrow| arrow.arrives && arrow.to == number).count();
        let from: BTreeSet<usize> = part.from.iter().copied().collect();
        assert!((from.len()..=part.from.len()).contains(&lead_here), "seed {seed}: arrows to {number}");
    }
    assert_eq!(svg("again", parts), svg("again", parts), "seed {seed}");
}

#[test]
fn nothing_overlaps() {
    let first = fastrand::u64(..);
    println!("seeds from {first}");
    for seed in (0..50).map(|number| first.wrapping_add(number)) {
        check(&random(&mut Rng::with_seed(seed)), seed);
    }
}

fn part(name: &str, kind: Kind, from: &[usize]) -> Part {
    let (name, from) = (name.to_owned(), from.to_vec());
    Part { name, kind, from, within: Vec::new(), inserted: false, detail: String::new() }
}

#[test]
fn a_pipeline_in_another_is_named_above_its_processors() {
    let svg = svg("t", &[part("ingest/decode", Kind::Source, &[])]);
    assert!(svg.contains(">ingest/</text>") && svg.contains(">decode</text>"), "{svg}");
    assert!(svg.contains("<title>ingest/decode</title>"), "{svg}");
}

#[test]
fn workers_whose_number_is_not_written_are_n() {
    let fork = part("fork0", Kind::Balance, &[]);
    let kernel = Part { within: vec![0], ..part("kernel", Kind::Processor, &[0]) };
    let parts = [fork, kernel];
    assert_eq!(super::label::text(&parts, &parts[1]), "kernel × n");
}

#[test]
fn long_texts_are_shortened_and_shown_in_full_under_the_pointer() {
    let name = "a".repeat(60);
    let svg = svg("t", &[part(&name, Kind::Source, &[])]);
    assert!(svg.contains(&format!("<title>{name}</title>")), "{svg}");
    assert!(svg.contains(&format!(">{}…</text>", "a".repeat(25))), "{svg}");
}

#[test]
fn texts_are_texts() {
    let mut output = part("output", Kind::Output, &[]);
    output.detail = "Map<&'a str,\n[u8; \"2\".len()]>".to_owned();
    let svg = svg("a < b", &[output]);
    assert!(svg.contains("<title>a &lt; b</title>"), "{svg}");
    assert!(svg.contains("(Map&lt;&amp;'a str, [u8; &quot;2&quot;.len()]&gt;)</title>"), "{svg}");
}

#[test]
fn chosen_names_of_pipes_and_forks_are_shown_and_numbers_are_not() {
    use Kind::{Pipe, Replicate, Source};
    let shown = |second: &str, third: &str| {
        svg("t", &[part("a", Source, &[]), part(second, Pipe, &[0]), part(third, Replicate, &[1])])
    };
    let numbered = shown("pipe1", "fork2");
    assert!(numbered.contains(">fork</text>") && !numbered.contains(">pipe1</text>"), "{numbered}");
    let chosen = shown("wide", "split");
    assert!(chosen.contains(">fork split</text>") && chosen.contains(">wide</text>"), "{chosen}");
}

#[test]
fn what_is_too_wide_is_folded() {
    let rows = |count: usize| {
        let parts: Vec<Part> = (0..count)
            .map(|number| {
                let before: Vec<usize> = number.checked_sub(1).into_iter().collect();
                part(&format!("n{number}"), Kind::Processor, &before)
            })
            .collect();
        let tops = Layout::new(&parts).boxes.into_iter().map(|placed| placed.at.y.to_bits());
        tops.collect::<BTreeSet<_>>().len()
    };
    assert_eq!((rows(1), rows(10), rows(20)), (1, 1, 2));
}

#[test]
fn the_first_branch_is_on_top_and_a_late_source_stands_late() {
    use Kind::{Merge, Pipe, Processor, Replicate, Source};
    let parts = [
        part("a", Source, &[]),
        part("pipe1", Pipe, &[0]),
        part("split", Replicate, &[1]),
        part("first", Processor, &[2]),
        part("second", Processor, &[2]),
        part("third", Processor, &[2]),
        part("late", Source, &[]),
        part("join", Merge, &[3, 4, 5, 6]),
    ];
    let boxes = Layout::new(&parts).boxes;
    let (x, y) = (|number: usize| boxes[number].at.x, |number: usize| boxes[number].at.y);
    assert!(y(3) < y(4) && y(4) < y(5));
    assert!(x(6) > x(2));
}

#[test]
fn an_arrow_does_not_run_along_a_row_that_it_passes_by() {
    use Kind::{Processor, Replicate, Source, Zip};
    let mut parts = vec![part("lines", Source, &[]), part("fork", Replicate, &[0])];
    parts.extend((2..25).map(|number| part(&format!("step{number}"), Processor, &[number - 1])));
    parts.push(part("join", Zip, &[24, 1]));
    let layout = Layout::new(&parts);
    let around = layout.arrows.iter().find(|arrow| arrow.to == 25 && arrow.stretches.len() > 8);
    let around = points(around.expect("one arrow passes by the rows"));
    let (first, last) = (&layout.boxes[1].at, &layout.boxes[25].at);
    let below = around.iter().filter(|point| point.y > first.y + 100.0 && point.y < last.y - 40.0);
    assert!(below.clone().count() > 0 && below.clone().all(|point| point.x < layout.width / 4.0));
}
